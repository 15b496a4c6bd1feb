package io.jsockmap.bpf.verifier.domain;

import io.jsockmap.bpf.insn.AluOp;

/** Quotients and remainders. By zero, the quotient is zero and the remainder the dividend. */
final class Division {

    private Division() {}

    /** A power of two is a shift or a mask; of the rest the ranges tell. */
    static Tnum bits(AluOp op, Tnum a, Tnum b) {
        if (!b.isConstant() || Long.bitCount(b.value()) != 1) {
            return Tnum.UNKNOWN;
        }
        return switch (op) {
            case DIV -> a.rsh(Long.numberOfTrailingZeros(b.value()));
            case MOD -> a.and(Tnum.constant(b.value() - 1));
            default -> Tnum.UNKNOWN;
        };
    }

    static Span span(AluOp op, Span a, Span b) {
        return switch (op) {
            case DIV -> quotient(a, b);
            case MOD -> remainder(a, b);
            case SDIV -> signedQuotient(a, b);
            default -> signedRemainder(a, b);
        };
    }

    private static Span quotient(Span a, Span b) {
        Span all = Span.all(a.bits());
        if (b.umax() == 0) {
            return Span.constant(a.bits(), 0);
        }
        long most = Long.divideUnsigned(a.umax(), Span.larger(b.umin(), 1));
        long least = b.umin() == 0 ? 0 : Long.divideUnsigned(a.umin(), b.umax());
        return all.meetUnsigned(least, most);
    }

    private static Span remainder(Span a, Span b) {
        if (b.umax() == 0 || Long.compareUnsigned(a.umax(), b.umin()) < 0) {
            return a;
        }
        long most = b.umin() == 0 ? a.umax() : Span.smaller(a.umax(), b.umax() - 1);
        return Span.all(a.bits()).meetUnsigned(0, most);
    }

    private static Span signedQuotient(Span a, Span b) {
        Span all = Span.all(a.bits());
        // The least number divided by -1 is itself, out of all order.
        if (a.smin() == all.smin() && b.smin() <= -1 && b.smax() >= -1) {
            return all;
        }
        long least = Long.MAX_VALUE;
        long most = Long.MIN_VALUE;
        for (long divisor : divisors(b)) {
            long first = divisor == 0 ? 0 : a.smin() / divisor;
            long second = divisor == 0 ? 0 : a.smax() / divisor;
            least = Math.min(least, Math.min(first, second));
            most = Math.max(most, Math.max(first, second));
        }
        return all.meetSigned(least, most);
    }

    /** Quotients only rise or only fall between divisors of one sign: the ends are enough. */
    private static long[] divisors(Span b) {
        long zero = b.smin() <= 0 && b.smax() >= 0 ? 0 : b.smin();
        long below = b.smin() < 0 ? Math.min(b.smax(), -1) : b.smin();
        long above = b.smax() > 0 ? Math.max(b.smin(), 1) : b.smax();
        return new long[] {b.smin(), below, zero, above, b.smax()};
    }

    /** The sign is the dividend's, and the size below the divisor's and at most the dividend's. */
    private static Span signedRemainder(Span a, Span b) {
        boolean byZero = b.smin() <= 0 && b.smax() >= 0;
        // The complement of a negative number is its size less one.
        long size =
                Math.max(
                        b.smin() < 0 ? ~b.smin() : b.smin() - 1,
                        b.smax() < 0 ? ~b.smax() : b.smax() - 1);
        long limit = byZero ? Long.MAX_VALUE : size;
        return Span.all(a.bits())
                .meetSigned(
                        a.smin() >= 0 ? 0 : Math.max(a.smin(), byZero ? a.smin() : -limit),
                        a.smax() <= 0 ? 0 : Math.min(a.smax(), limit));
    }
}
