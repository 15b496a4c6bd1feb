package io.jsockmap.bpf.verifier.domain;

import static java.lang.Long.compareUnsigned;

import io.jsockmap.bpf.insn.AluOp;

/** What an operation makes of two numbers: its bits, its whole and its low half are told apart. */
final class Arithmetic {

    private Arithmetic() {}

    static Bounds apply(AluOp op, int bits, Bounds a, Bounds b) {
        if (op == AluOp.MOV) {
            return bits == 64 ? b : b.low32();
        }
        if (op == AluOp.NEG) {
            return apply(AluOp.SUB, bits, Bounds.of(0), a);
        }
        return bits == 64 ? on64(op, a, b) : on32(op, a, b);
    }

    private static Bounds on64(AluOp op, Bounds a, Bounds b) {
        if (a.isConstant() && b.isConstant()) {
            return Bounds.of(op.apply(a.constant(), b.constant()));
        }
        Tnum bits = bits(op, 64, a.bits(), b.bits());
        Span whole = span(op, a.whole(), b.whole(), b.bits(), bits);
        if (op == AluOp.LSH) {
            whole = whole.meet(Shifts.leftOfLow(a.half(), b.whole(), b.bits()));
        }
        Span half =
                lowStaysLow(op, b)
                        ? span(op, a.half(), b.half(), b.bits(), bits.low32())
                        : Span.ALL32;
        return Bounds.certain(bits, whole, half);
    }

    private static Bounds on32(AluOp op, Bounds a, Bounds b) {
        if (a.isConstant32() && b.isConstant32()) {
            int result = op.apply((int) a.bits().value(), (int) b.bits().value());
            return Bounds.of(Integer.toUnsignedLong(result));
        }
        Tnum bits = bits(op, 32, a.bits().low32(), b.bits().low32()).low32();
        Span half = span(op, a.half(), b.half(), b.bits().low32(), bits);
        return Bounds.certain(bits, Span.ALL64.meetUnsigned(half.umin(), half.umax()), half);
    }

    /** Whether the low half of the result is made of the low halves alone, by the same rule. */
    private static boolean lowStaysLow(AluOp op, Bounds b) {
        return switch (op) {
            case ADD, SUB, MUL, AND, OR, XOR -> true;
            case LSH -> compareUnsigned(b.umax(), 32) < 0;
            default -> false;
        };
    }

    private static Tnum bits(AluOp op, int bits, Tnum a, Tnum b) {
        return switch (op) {
            case ADD -> a.add(b);
            case SUB -> a.sub(b);
            case MUL -> a.mul(b);
            case AND -> a.and(b);
            case OR -> a.or(b);
            case XOR -> a.xor(b);
            case LSH, RSH, ARSH -> Shifts.bits(op, bits, a, b);
            case DIV, MOD, SDIV, SMOD -> Division.bits(op, a, b);
            case NEG, MOV -> throw new IllegalArgumentException(op.name());
        };
    }

    /**
     * @param known the bits of the operand {@code b}
     * @param result the bits of the result
     */
    static Span span(AluOp op, Span a, Span b, Tnum known, Tnum result) {
        return switch (op) {
            case ADD -> sum(a, b);
            case SUB -> difference(a, b);
            case MUL -> product(a, b);
            case AND ->
                    Span.all(a.bits())
                            .meet(result)
                            .meetUnsigned(0, Span.smaller(a.umax(), b.umax()));
            case OR ->
                    Span.all(a.bits())
                            .meet(result)
                            .meetUnsigned(Span.larger(a.umin(), b.umin()), -1);
            case XOR -> Span.all(a.bits()).meet(result);
            case LSH, RSH, ARSH -> Shifts.span(op, a, b, known);
            case DIV, MOD, SDIV, SMOD -> Division.span(op, a, b);
            case NEG, MOV -> throw new IllegalArgumentException(op.name());
        };
    }

    private static Span sum(Span a, Span b) {
        return sum(a.bits(), a.umin() + b.umin(), a.unsignedLength(), b.unsignedLength())
                .meet(sum(a.bits(), a.smin() + b.smin(), a.signedLength(), b.signedLength()));
    }

    private static Span difference(Span a, Span b) {
        return sum(a.bits(), a.umin() - b.umax(), a.unsignedLength(), b.unsignedLength())
                .meet(sum(a.bits(), a.smin() - b.smax(), a.signedLength(), b.signedLength()));
    }

    private static Span sum(int bits, long start, long length, long more) {
        long total = length + more;
        return compareUnsigned(total, length) < 0 ? Span.all(bits) : Span.arc(bits, start, total);
    }

    private static Span product(Span a, Span b) {
        Span product = Span.all(a.bits());
        if (Math.unsignedMultiplyHigh(a.umax(), b.umax()) == 0) {
            long least = a.umin() * b.umin();
            product = product.meet(Span.arc(a.bits(), least, a.umax() * b.umax() - least));
        }
        return product.meet(signedProduct(a, b));
    }

    private static Span signedProduct(Span a, Span b) {
        if (!fits(a.smin(), b.smin())
                || !fits(a.smin(), b.smax())
                || !fits(a.smax(), b.smin())
                || !fits(a.smax(), b.smax())) {
            return Span.all(a.bits());
        }
        long first = a.smin() * b.smin();
        long second = a.smin() * b.smax();
        long third = a.smax() * b.smin();
        long fourth = a.smax() * b.smax();
        long least = Math.min(Math.min(first, second), Math.min(third, fourth));
        long greatest = Math.max(Math.max(first, second), Math.max(third, fourth));
        return Span.arc(a.bits(), least, greatest - least);
    }

    private static boolean fits(long a, long b) {
        return Math.multiplyHigh(a, b) == a * b >> 63;
    }
}
