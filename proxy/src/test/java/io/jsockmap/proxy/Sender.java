package io.jsockmap.proxy;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.security.MessageDigest;
import java.util.SplittableRandom;

/**
 * Sends many bytes in pieces of random length, each from a random place of a pool of random bytes:
 * no order of them but the right one has the same digest.
 */
final class Sender {
    private static final int POOL = 4 << 20;
    private static final int MOST = 256 << 10;

    private final SplittableRandom random;
    private final byte[] pool = new byte[POOL];

    Sender(long seed) {
        random = new SplittableRandom(seed);
        random.nextBytes(pool);
    }

    /** Sends so many bytes and gives their digest; does not shut the stream. */
    byte[] send(Socket socket, long bytes) throws IOException {
        var digest = Digests.sha256();
        var out = socket.getOutputStream();
        for (long left = bytes; left > 0; ) left -= sendPiece(out, digest, left);
        return digest.digest();
    }

    private int sendPiece(OutputStream out, MessageDigest digest, long left) throws IOException {
        // Many small ones, as of a protocol, and some that no buffer holds as a whole.
        int most = random.nextInt(4) == 0 ? 64 : MOST;
        int length = (int) Math.min(left, 1 + random.nextInt(most));
        int from = random.nextInt(POOL - length);
        digest.update(pool, from, length);
        out.write(pool, from, length);
        return length;
    }
}
