package io.jsockmap.netty;

import java.util.SplittableRandom;

/** Bytes that tell one connection from another. */
final class RandomBytes {
    private RandomBytes() {}

    static byte[] of(long seed, int length) {
        var bytes = new byte[length];
        new SplittableRandom(seed).nextBytes(bytes);
        return bytes;
    }
}
