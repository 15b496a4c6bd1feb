package io.jsockmap.corpus.fuzz;

import java.util.random.RandomGenerator;

/** Numbers at which something changes come more often than by chance. */
final class Chance {
    private Chance() {}

    /** Any 64 bits: small ones, powers of two and their neighbours, halves that are empty. */
    static long number(RandomGenerator random) {
        return switch (random.nextInt(8)) {
            case 0 -> random.nextLong();
            case 1 -> random.nextInt(32);
            case 2 -> (1L << random.nextInt(64)) + random.nextInt(-1, 2);
            case 3 -> (long) random.nextInt() << 32;
            case 4 -> Integer.toUnsignedLong(random.nextInt());
            case 5 -> -1L - random.nextInt(16);
            case 6 -> random.nextLong() >> random.nextInt(64);
            default -> (long) random.nextInt(16) << 32 | random.nextInt(16);
        };
    }
}
