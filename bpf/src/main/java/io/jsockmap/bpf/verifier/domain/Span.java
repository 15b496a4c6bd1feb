package io.jsockmap.bpf.verifier.domain;

import static java.lang.Long.compareUnsigned;

/**
 * A signed and an unsigned range of numbers of the same width. What a span holds is in both ranges;
 * it holds nothing if one of them ends before it starts.
 *
 * @param bits the width: 8, 16, 32 or 64
 * @param smin the least number, signed; narrow numbers are sign-extended here
 * @param smax the greatest, signed
 * @param umin the least, unsigned; narrow numbers are zero-extended here
 * @param umax the greatest, unsigned
 */
record Span(int bits, long smin, long smax, long umin, long umax) {

    static final Span ALL64 = new Span(64, Long.MIN_VALUE, Long.MAX_VALUE, 0, -1);
    static final Span ALL32 = new Span(32, Integer.MIN_VALUE, Integer.MAX_VALUE, 0, 0xffffffffL);

    static Span all(int bits) {
        return switch (bits) {
            case 64 -> ALL64;
            case 32 -> ALL32;
            default -> new Span(bits, -1L << (bits - 1), ones(bits - 1), 0, ones(bits));
        };
    }

    static Span nothing(int bits) {
        Span all = all(bits);
        return all.meetSigned(all.smax, all.smin).meetUnsigned(all.umax, 0);
    }

    static Span constant(int bits, long number) {
        long signed = signed(bits, number);
        long unsigned = unsigned(bits, number);
        return new Span(bits, signed, signed, unsigned, unsigned);
    }

    /**
     * The numbers met when counting {@code length} steps up from {@code start}, on the circle of
     * the given width. All operations that map neighbours to neighbours end here.
     *
     * @param length unsigned; the whole circle if it does not fit the width
     */
    static Span arc(int bits, long start, long length) {
        Span all = all(bits);
        if (compareUnsigned(length, all.umax) >= 0) {
            return all;
        }
        long end = start + length;
        long ufrom = unsigned(bits, start);
        long uto = unsigned(bits, end);
        long sfrom = signed(bits, start);
        long sto = signed(bits, end);
        boolean ordered = compareUnsigned(ufrom, uto) <= 0;
        boolean signOrdered = sfrom <= sto;
        return new Span(
                bits,
                signOrdered ? sfrom : all.smin,
                signOrdered ? sto : all.smax,
                ordered ? ufrom : 0,
                ordered ? uto : all.umax);
    }

    static long unsigned(int bits, long number) {
        return number & ones(bits);
    }

    static long signed(int bits, long number) {
        return number << (64 - bits) >> (64 - bits);
    }

    private static long ones(int bits) {
        return -1L >>> (64 - bits);
    }

    boolean isEmpty() {
        return smin > smax || compareUnsigned(umin, umax) > 0;
    }

    boolean isAll() {
        Span all = all(bits);
        return smin == all.smin && smax == all.smax && umin == all.umin && umax == all.umax;
    }

    boolean isConstant() {
        return umin == umax;
    }

    /** Whether the low bits of a number are in both ranges. */
    boolean contains(long number) {
        long signed = signed(bits, number);
        long unsigned = unsigned(bits, number);
        return smin <= signed
                && signed <= smax
                && compareUnsigned(umin, unsigned) <= 0
                && compareUnsigned(unsigned, umax) <= 0;
    }

    /** How many steps from the least to the greatest, unsigned. */
    long unsignedLength() {
        return umax - umin;
    }

    long signedLength() {
        return smax - smin;
    }

    Span meetSigned(long from, long to) {
        long min = Math.max(smin, from);
        long max = Math.min(smax, to);
        return min == smin && max == smax ? this : new Span(bits, min, max, umin, umax);
    }

    Span meetUnsigned(long from, long to) {
        long min = larger(umin, from);
        long max = smaller(umax, to);
        return min == umin && max == umax ? this : new Span(bits, smin, smax, min, max);
    }

    Span meet(Span other) {
        return meetSigned(other.smin, other.smax).meetUnsigned(other.umin, other.umax);
    }

    boolean overlaps(Span other) {
        return smin <= other.smax
                && other.smin <= smax
                && compareUnsigned(umin, other.umax) <= 0
                && compareUnsigned(other.umin, umax) <= 0;
    }

    /** The closest that holds what either holds. */
    Span hull(Span other) {
        return new Span(
                bits,
                Math.min(smin, other.smin),
                Math.max(smax, other.smax),
                smaller(umin, other.umin),
                larger(umax, other.umax));
    }

    /** Numbers whose bits are so; of a wider tristate number only the low bits count. */
    Span meet(Tnum known) {
        long sign = 1L << (bits - 1);
        long value = known.value();
        long mask = known.mask();
        return meetSigned(signed(bits, value | (mask & sign)), signed(bits, value | (mask & ~sign)))
                .meetUnsigned(unsigned(bits, value), unsigned(bits, value | mask));
    }

    /** The numbers of a 64-bit span, cut to the low bits. */
    Span meetCut(Span wide) {
        return meet(arc(bits, wide.smin, wide.signedLength()))
                .meet(arc(bits, wide.umin, wide.unsignedLength()));
    }

    /** Numbers of 64 bits whose low half is in {@code low}. */
    Span meetLow(Span low) {
        return low.isAll()
                ? this
                : meetLow(low.umin, low.unsignedLength()).meetLow(low.smin, low.signedLength());
    }

    private Span meetLow(long start, long length) {
        long tooEarly = stepsOutside(smin, start, length);
        long tooLate = stepsOutside(-smax, -start - length, length);
        long utooEarly = stepsOutside(umin, start, length);
        long utooLate = stepsOutside(-umax, -start - length, length);
        // A range without room for the steps holds nothing.
        if (compareUnsigned(tooEarly, signedLength()) > 0
                || compareUnsigned(tooLate, signedLength()) > 0
                || compareUnsigned(utooEarly, unsignedLength()) > 0
                || compareUnsigned(utooLate, unsignedLength()) > 0) {
            return nothing(bits);
        }
        return meetSigned(smin + tooEarly, smax - tooLate)
                .meetUnsigned(umin + utooEarly, umax - utooLate);
    }

    /** Steps up from {@code number} until its low half is in the arc. */
    private static long stepsOutside(long number, long start, long length) {
        long within = unsigned(32, number - start);
        return compareUnsigned(within, length) <= 0 ? 0 : (1L << 32) - within;
    }

    /** Both ranges as narrow as the other allows: the two halves of one sign each are compared. */
    Span agreed() {
        long sign = 1L << (bits - 1);
        long lowFrom = larger(umin, Math.max(smin, 0));
        long lowTo = smax < 0 ? -1 : smaller(smaller(umax, sign - 1), smax);
        boolean low = smax >= 0 && compareUnsigned(lowFrom, lowTo) <= 0;
        long highFrom = larger(larger(umin, sign), smin < 0 ? unsigned(bits, smin) : sign);
        long highTo = smaller(umax, unsigned(bits, Math.min(smax, -1)));
        boolean high = smin < 0 && compareUnsigned(highFrom, highTo) <= 0;
        if (!low && !high) {
            return nothing(bits);
        }
        return meetUnsigned(low ? lowFrom : highFrom, high ? highTo : lowTo)
                .meetSigned(
                        high ? signed(bits, highFrom) : lowFrom,
                        low ? lowTo : signed(bits, highTo));
    }

    static long larger(long a, long b) {
        return compareUnsigned(a, b) >= 0 ? a : b;
    }

    static long smaller(long a, long b) {
        return compareUnsigned(a, b) <= 0 ? a : b;
    }
}
