package io.jsockmap.bpf.verifier.domain;

import io.jsockmap.bpf.insn.JumpOp;

import java.util.Random;
import java.util.random.RandomGenerator;

/** Numbers near interesting places, and bounds that allow a given number. */
final class RandomBounds {
    private static final JumpOp[] ORDERS = {
        JumpOp.JGT,
        JumpOp.JGE,
        JumpOp.JLT,
        JumpOp.JLE,
        JumpOp.JSGT,
        JumpOp.JSGE,
        JumpOp.JSLT,
        JumpOp.JSLE,
        JumpOp.JNE
    };

    private final RandomGenerator random;

    RandomBounds(long seed) {
        random = new Random(seed);
    }

    int below(int limit) {
        return random.nextInt(limit);
    }

    long number() {
        long base = random.nextInt(3) == 0 ? random.nextLong() : 1L << random.nextInt(64);
        return switch (random.nextInt(4)) {
            case 0 -> base + random.nextInt(-9, 9);
            case 1 -> -base + random.nextInt(-9, 9);
            case 2 -> random.nextInt(-70, 70);
            default -> base >> random.nextInt(64);
        };
    }

    /** Bounds that allow the number, by up to four facts about it. */
    Bounds around(long number) {
        Bounds bounds = Bounds.UNKNOWN;
        for (int facts = random.nextInt(5); facts > 0; facts--) {
            bounds = narrowed(bounds, number);
        }
        return bounds;
    }

    private Bounds narrowed(Bounds bounds, long number) {
        if (random.nextInt(3) == 0) {
            long mask = number() | (random.nextBoolean() ? number() : 0);
            return bounds.intersect(Bounds.of(new Tnum(number & ~mask, mask))).orElseThrow();
        }
        int bits = random.nextInt(3) == 0 ? 32 : 64;
        long near =
                random.nextBoolean()
                        ? number()
                        : number + (number() >> random.nextInt(64)) * random.nextInt(-1, 2);
        JumpOp op = ORDERS[random.nextInt(ORDERS.length)];
        boolean taken = Concrete.holds(op, bits, number, near);
        return bounds.refine(op, taken, bits, Bounds.of(near)).orElseThrow().left();
    }
}
