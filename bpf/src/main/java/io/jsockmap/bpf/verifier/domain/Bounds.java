package io.jsockmap.bpf.verifier.domain;

import io.jsockmap.bpf.insn.AluOp;
import io.jsockmap.bpf.insn.JumpOp;
import io.jsockmap.bpf.insn.Operation;

import java.util.Optional;

/**
 * What is known of a 64-bit number: bits, and signed and unsigned ranges of the whole and of its
 * low half. A number is allowed if every part allows it; the parts are as narrow as the others make
 * them when made by the methods here.
 *
 * @param bits the known bits
 * @param smin the least number, signed
 * @param smax the greatest, signed
 * @param umin the least, unsigned
 * @param umax the greatest, unsigned
 * @param s32min the least low half, signed
 * @param s32max the greatest low half, signed
 * @param u32min the least low half, unsigned, in the bits of an int
 * @param u32max the greatest low half, unsigned, in the bits of an int
 */
public record Bounds(
        Tnum bits,
        long smin,
        long smax,
        long umin,
        long umax,
        int s32min,
        int s32max,
        int u32min,
        int u32max) {

    /** Any number. */
    public static final Bounds UNKNOWN = make(Tnum.UNKNOWN, Span.ALL64, Span.ALL32);

    private static final int CACHED_FROM = -16;
    private static final Bounds[] CACHED = new Bounds[16 + 1025];

    static {
        for (int i = 0; i < CACHED.length; i++) {
            CACHED[i] = made(CACHED_FROM + i);
        }
    }

    /** Fails if a range ends before it starts. */
    public Bounds {
        if (smin > smax
                || Long.compareUnsigned(umin, umax) > 0
                || s32min > s32max
                || Integer.compareUnsigned(u32min, u32max) > 0) {
            throw new IllegalArgumentException("a range that ends before it starts");
        }
    }

    /** Just this number. */
    public static Bounds of(long constant) {
        long index = constant - CACHED_FROM;
        return index >= 0 && index < CACHED.length ? CACHED[(int) index] : made(constant);
    }

    /** The members of a tristate number. */
    public static Bounds of(Tnum bits) {
        return certain(bits, Span.ALL64, Span.ALL32);
    }

    /** From {@code min} to {@code max}, unsigned; fails if that is nothing. */
    public static Bounds unsigned(long min, long max) {
        return Deduction.settle(Tnum.UNKNOWN, Span.ALL64.meetUnsigned(min, max), Span.ALL32)
                .orElseThrow(IllegalArgumentException::new);
    }

    /** From {@code min} to {@code max}, signed; fails if that is nothing. */
    public static Bounds signed(long min, long max) {
        return Deduction.settle(Tnum.UNKNOWN, Span.ALL64.meetSigned(min, max), Span.ALL32)
                .orElseThrow(IllegalArgumentException::new);
    }

    /**
     * The outcome of an operation. Parts that contradict each other come from operands that allow
     * no number at all, which deduction can't always see; then anything is true of the outcome.
     */
    static Bounds certain(Tnum bits, Span wide, Span low) {
        return Deduction.settle(bits, wide, low).orElse(UNKNOWN);
    }

    static Bounds settled(Tnum bits, Span wide, Span low) {
        if (bits.isConstant()) {
            return of(bits.value());
        }
        return bits.isUnknown() && wide.isAll() && low.isAll() ? UNKNOWN : make(bits, wide, low);
    }

    private static Bounds made(long constant) {
        return make(
                Tnum.constant(constant), Span.constant(64, constant), Span.constant(32, constant));
    }

    private static Bounds make(Tnum bits, Span wide, Span low) {
        return new Bounds(
                bits,
                wide.smin(),
                wide.smax(),
                wide.umin(),
                wide.umax(),
                (int) low.smin(),
                (int) low.smax(),
                (int) low.umin(),
                (int) low.umax());
    }

    Span whole() {
        return new Span(64, smin, smax, umin, umax);
    }

    Span half() {
        return new Span(
                32, s32min, s32max, Integer.toUnsignedLong(u32min), Integer.toUnsignedLong(u32max));
    }

    /** Whether there is one number only. */
    public boolean isConstant() {
        return bits.isConstant();
    }

    /** The only number; for a {@link #isConstant constant}. */
    public long constant() {
        if (!isConstant()) {
            throw new IllegalStateException("not a constant: " + bits);
        }
        return bits.value();
    }

    /** Whether the low half can be one number only. */
    public boolean isConstant32() {
        return (int) bits.mask() == 0;
    }

    /** Whether any number is possible. */
    @SuppressWarnings("ReferenceEquality") // The usual one is found at once.
    public boolean isUnknown() {
        return this == UNKNOWN || bits.isUnknown() && whole().isAll() && half().isAll();
    }

    /** Whether the number is allowed. */
    public boolean contains(long number) {
        int low = (int) number;
        return bits.contains(number)
                && smin <= number
                && number <= smax
                && Long.compareUnsigned(umin, number) <= 0
                && Long.compareUnsigned(number, umax) <= 0
                && s32min <= low
                && low <= s32max
                && Integer.compareUnsigned(u32min, low) <= 0
                && Integer.compareUnsigned(low, u32max) <= 0;
    }

    /** Whether this allows, by ranges and bits, all that {@code other} allows. */
    public boolean includes(Bounds other) {
        return smin <= other.smin
                && smax >= other.smax
                && Long.compareUnsigned(umin, other.umin) <= 0
                && Long.compareUnsigned(umax, other.umax) >= 0
                && s32min <= other.s32min
                && s32max >= other.s32max
                && Integer.compareUnsigned(u32min, other.u32min) <= 0
                && Integer.compareUnsigned(u32max, other.u32max) >= 0
                && bits.includes(other.bits);
    }

    /**
     * The outcome of {@code this op operand}.
     *
     * @param bits 64, or 32: on the low halves, the upper half being cleared
     */
    public Bounds alu(AluOp op, int bits, Bounds operand) {
        return Arithmetic.apply(op, bits, this, operand);
    }

    /**
     * The low {@code from} bits with their sign copied upwards.
     *
     * @param fromBits 8, 16 or 32
     * @param bits 64, or 32: the upper half is cleared
     */
    public Bounds signExtend(int fromBits, int bits) {
        Bounds extended = Cut.signExtended(this, fromBits);
        return bits == 64 ? extended : extended.low32();
    }

    /** The low {@code width} bits (16, 32 or 64) in the given byte order, the rest cleared. */
    public Bounds swap(Operation.Order order, int width) {
        if (order == Operation.Order.TO_LITTLE) {
            return truncate(width / 8);
        }
        return of(bits.bswap(width));
    }

    /** The low {@code bytes} (1, 2, 4 or 8), the rest cleared. */
    public Bounds truncate(int bytes) {
        boolean fits = bytes == 8 || umax >>> 8 * bytes == 0;
        return fits ? this : Cut.zeroExtended(this, 8 * bytes);
    }

    /** The low half, the upper half cleared. */
    public Bounds low32() {
        return truncate(4);
    }

    /** Whether {@code this op other} holds, on 64 or 32 bits. */
    public Branch compare(JumpOp op, int bits, Bounds other) {
        return Comparison.compare(op, bits, this, other);
    }

    /**
     * What both sides are known to be where {@code this op other} was seen to hold ({@code taken})
     * or not to.
     *
     * @return empty if no two numbers allowed here lead to that edge
     */
    public Optional<Refined> refine(JumpOp op, boolean taken, int bits, Bounds other) {
        return Refinement.refine(op, taken, bits, this, other);
    }

    /**
     * What is known of a number that is also known to be in {@code other}; empty if it can't be.
     */
    public Optional<Bounds> intersect(Bounds other) {
        if (!bits.overlaps(other.bits)) {
            return Optional.empty();
        }
        return Deduction.settle(
                bits.intersect(other.bits), whole().meet(other.whole()), half().meet(other.half()));
    }

    /** The closest that allows what either allows. */
    public Bounds union(Bounds other) {
        return certain(
                bits.union(other.bits), whole().hull(other.whole()), half().hull(other.half()));
    }

    // Written out, since states are compared all the time, and a record's own is slow at first.

    @Override
    public boolean equals(Object other) {
        return this == other
                || other instanceof Bounds b
                        && smin == b.smin
                        && smax == b.smax
                        && umin == b.umin
                        && umax == b.umax
                        && s32min == b.s32min
                        && s32max == b.s32max
                        && u32min == b.u32min
                        && u32max == b.u32max
                        && bits.equals(b.bits);
    }

    @Override
    public int hashCode() {
        return (bits.hashCode() * 31 + Long.hashCode(umin)) * 31 + Long.hashCode(umax);
    }

    /** What the kernel's log prints of it: nothing for the unknown, else a number or the ranges. */
    @Override
    public String toString() {
        return BoundsText.of(this);
    }
}
