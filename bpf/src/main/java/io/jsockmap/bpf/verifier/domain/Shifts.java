package io.jsockmap.bpf.verifier.domain;

import static java.lang.Long.compareUnsigned;

import io.jsockmap.bpf.insn.AluOp;

/** Shifts, by constants and by amounts known in part; amounts count modulo the width. */
final class Shifts {

    private Shifts() {}

    /** The bits that the results for all amounts share. */
    static Tnum bits(AluOp op, int bits, Tnum number, Tnum by) {
        Tnum amount = by.and(Tnum.constant(bits - 1));
        if (amount.isConstant()) {
            return shifted(op, bits, number, (int) amount.value());
        }
        Tnum all = shifted(op, bits, number, (int) amount.value());
        for (int shift = (int) amount.value() + 1;
                shift <= amount.possible() && !all.isUnknown();
                shift++) {
            if (amount.contains(shift)) {
                all = all.union(shifted(op, bits, number, shift));
            }
        }
        return all;
    }

    private static Tnum shifted(AluOp op, int bits, Tnum number, int shift) {
        return switch (op) {
            case LSH -> number.lsh(shift).truncate(bits / 8);
            case RSH -> number.rsh(shift);
            default -> number.arsh(shift, bits);
        };
    }

    /**
     * @param known the bits of {@code by}
     */
    static Span span(AluOp op, Span number, Span by, Tnum known) {
        int least = least(by, known);
        int most = most(by, known);
        return switch (op) {
            case LSH -> left(number, least, most);
            case RSH ->
                    Span.all(number.bits())
                            .meetUnsigned(number.umin() >>> most, number.umax() >>> least);
            default ->
                    Span.all(number.bits())
                            .meetSigned(
                                    number.smin() >> (number.smin() < 0 ? least : most),
                                    number.smax() >> (number.smax() < 0 ? most : least));
        };
    }

    /** Shifted left by 32 or more, only the low half of a number is left. */
    static Span leftOfLow(Span low, Span by, Tnum known) {
        int least = least(by, known);
        if (least < 32) {
            return Span.ALL64;
        }
        int most = most(by, known);
        Span unsigned = new Span(64, low.umin(), low.umax(), low.umin(), low.umax());
        Span signed = new Span(64, low.smin(), low.smax(), 0, -1);
        return left(unsigned, least, most).meet(left(signed, least, most));
    }

    private static Span left(Span number, int least, int most) {
        if (least == most) {
            return left(number.bits(), number.umin(), number.unsignedLength(), least)
                    .meet(left(number.bits(), number.smin(), number.signedLength(), least));
        }
        Span all = Span.all(number.bits());
        if (compareUnsigned(number.umax(), all.umax() >>> most) <= 0) {
            all = all.meetUnsigned(number.umin() << least, number.umax() << most);
        }
        if (number.smin() >= all.smin() >> most && number.smax() <= all.smax() >> most) {
            all =
                    all.meetSigned(
                            number.smin() << (number.smin() < 0 ? most : least),
                            number.smax() << (number.smax() < 0 ? least : most));
        }
        return all;
    }

    private static Span left(int bits, long start, long length, int shift) {
        return compareUnsigned(length, -1L >>> shift) > 0
                ? Span.all(bits)
                : Span.arc(bits, start << shift, length << shift);
    }

    private static int least(Span by, Tnum known) {
        return isInside(by) ? (int) by.umin() : (int) known.value() & (by.bits() - 1);
    }

    private static int most(Span by, Tnum known) {
        return isInside(by) ? (int) by.umax() : (int) known.possible() & (by.bits() - 1);
    }

    private static boolean isInside(Span by) {
        return compareUnsigned(by.umax(), by.bits()) < 0;
    }
}
