package io.jsockmap.bpf.verifier.domain;

import io.jsockmap.bpf.insn.AluOp;
import io.jsockmap.bpf.insn.JumpOp;
import io.jsockmap.bpf.insn.Operation.Order;

/** What the machine does with numbers. */
final class Concrete {

    private Concrete() {}

    static long alu(AluOp op, int bits, long a, long b) {
        return bits == 64 ? op.apply(a, b) : Integer.toUnsignedLong(op.apply((int) a, (int) b));
    }

    static boolean holds(JumpOp op, int bits, long a, long b) {
        return op.holds(compared(bits, a), compared(bits, b));
    }

    private static long compared(int bits, long number) {
        return number << (64 - bits) >> (64 - bits);
    }

    static long truncate(long number, int bytes) {
        return bytes == 8 ? number : number & ((1L << 8 * bytes) - 1);
    }

    static long signExtend(long number, int from, int bits) {
        long extended =
                switch (from) {
                    case 8 -> (byte) number;
                    case 16 -> (short) number;
                    default -> (int) number;
                };
        return bits == 64 ? extended : extended & 0xffffffffL;
    }

    static long swap(long number, Order order, int width) {
        if (order == Order.TO_LITTLE) {
            return truncate(number, width / 8);
        }
        return Long.reverseBytes(number) >>> (64 - width);
    }
}
