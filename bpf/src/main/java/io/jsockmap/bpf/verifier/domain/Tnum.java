package io.jsockmap.bpf.verifier.domain;

/**
 * A tristate number: a set of 64-bit numbers told by the bits they share. A bit set in {@code mask}
 * is unknown; the others are as in {@code value}.
 *
 * @param value the known bits; 0 where the mask is 1
 * @param mask the unknown bits
 */
public record Tnum(long value, long mask) {

    /** Any number. */
    public static final Tnum UNKNOWN = new Tnum(0, -1);

    private static final Tnum ZERO = new Tnum(0, 0);
    private static final long LOW = 0xffffffffL;

    /** Fails if a bit is both unknown and set. */
    public Tnum {
        if ((value & mask) != 0) {
            throw new IllegalArgumentException("a bit both known and unknown");
        }
    }

    /** Just this number. */
    public static Tnum constant(long number) {
        return number == 0 ? ZERO : new Tnum(number, 0);
    }

    /** The leading bits that all numbers from {@code umin} to {@code umax}, unsigned, share. */
    public static Tnum range(long umin, long umax) {
        long unknown = below(umin ^ umax);
        return of(umin, unknown);
    }

    /** All ones from the highest bit of {@code differing} downwards. */
    static long below(long differing) {
        return differing == 0 ? 0 : -1L >>> Long.numberOfLeadingZeros(differing);
    }

    /** Bits of {@code value} that the mask covers do not count. */
    private static Tnum of(long value, long mask) {
        if (mask == -1) {
            return UNKNOWN;
        }
        return mask == 0 ? constant(value) : new Tnum(value & ~mask, mask);
    }

    /** Whether there is one member only. */
    public boolean isConstant() {
        return mask == 0;
    }

    /** Whether every number is a member. */
    public boolean isUnknown() {
        return mask == -1;
    }

    /** The bits that some member has set; as a number, the largest member. */
    public long possible() {
        return value | mask;
    }

    /** Whether the number is a member. */
    public boolean contains(long number) {
        return ((number ^ value) & ~mask) == 0;
    }

    /**
     * The least member from {@code limit} upwards, unsigned; a number below it if there is none.
     */
    long atLeast(long limit) {
        long differing = (limit ^ value) & ~mask;
        if (differing == 0) {
            return limit;
        }
        long decided = below(differing);
        if ((value & Long.highestOneBit(differing)) != 0) {
            return value | (limit & mask & ~decided);
        }
        // The limit is above what its leading bits allow: the lowest that can be raised is.
        long raised = Long.lowestOneBit(mask & ~limit & ~decided);
        return raised == 0 ? value : value | raised | (limit & mask & -raised);
    }

    /** The greatest member up to {@code limit}, unsigned; a number above it if there is none. */
    long atMost(long limit) {
        return ~new Tnum(~possible(), mask).atLeast(~limit);
    }

    /** Whether every member of {@code other} is a member of this. */
    public boolean includes(Tnum other) {
        return (other.mask & ~mask) == 0 && contains(other.value);
    }

    /** Whether every member is a multiple of {@code size}, a power of two. */
    public boolean isAligned(long size) {
        return (possible() & (size - 1)) == 0;
    }

    /** Sums; a bit is unknown where the smallest and the largest sum carry differently. */
    public Tnum add(Tnum other) {
        long smallest = value + other.value;
        long largest = smallest + mask + other.mask;
        return of(smallest, (smallest ^ largest) | mask | other.mask);
    }

    /** Differences; like {@link #add}, with borrows. */
    public Tnum sub(Tnum other) {
        long difference = value - other.value;
        long smallest = difference - other.mask;
        long largest = difference + mask;
        return of(difference, (smallest ^ largest) | mask | other.mask);
    }

    /** The members with their sign turned. */
    public Tnum negate() {
        return ZERO.sub(this);
    }

    /** Members of both, bit by bit: and. */
    public Tnum and(Tnum other) {
        long ones = value & other.value;
        return of(ones, possible() & other.possible() & ~ones);
    }

    /** Bit by bit: or. */
    public Tnum or(Tnum other) {
        long ones = value | other.value;
        return of(ones, (mask | other.mask) & ~ones);
    }

    /** Bit by bit: exclusive or. */
    public Tnum xor(Tnum other) {
        return of(value ^ other.value, mask | other.mask);
    }

    /** Products: by long multiplication, where an unknown digit may or may not add its row. */
    public Tnum mul(Tnum other) {
        if (isConstant() && other.isConstant()) {
            return constant(value * other.value);
        }
        if (isUnknown() || other.isUnknown()) {
            return multiplesOf(isUnknown() ? other : this);
        }
        Tnum product = ZERO;
        Tnum row = other;
        for (long ones = value, maybe = mask; (ones | maybe) != 0; ones >>>= 1, maybe >>>= 1) {
            if ((ones & 1) != 0) {
                product = product.add(row);
            } else if ((maybe & 1) != 0) {
                product = product.union(product.add(row));
            }
            row = row.lsh(1);
        }
        return product;
    }

    private static Tnum multiplesOf(Tnum factor) {
        long possible = factor.possible();
        return possible == 0 ? ZERO : of(0, -1L << Long.numberOfTrailingZeros(possible));
    }

    /** Shifted left by 0 to 63. */
    public Tnum lsh(int shift) {
        return of(value << shift, mask << shift);
    }

    /** Shifted right by 0 to 63, zeros coming in. */
    public Tnum rsh(int shift) {
        return of(value >>> shift, mask >>> shift);
    }

    /**
     * Shifted right by less than {@code bits}, the sign coming in.
     *
     * @param bits 64, or 32: the low half alone is shifted, and the upper half cleared
     */
    public Tnum arsh(int shift, int bits) {
        return bits == 64
                ? of(value >> shift, mask >> shift)
                : of(((int) value >> shift) & LOW, ((int) mask >> shift) & LOW);
    }

    /** The low {@code from} bits (8, 16, 32 or 64), their sign copied upwards. */
    public Tnum signExtend(int from) {
        int rest = 64 - from;
        return of(value << rest >> rest, mask << rest >> rest);
    }

    /** The low {@code width} bits (16, 32 or 64), their bytes in reverse order. */
    public Tnum bswap(int width) {
        int rest = 64 - width;
        return of(Long.reverseBytes(value << rest), Long.reverseBytes(mask << rest))
                .truncate(width / 8);
    }

    /** Whether there is a number that is a member of both. */
    public boolean overlaps(Tnum other) {
        return ((value ^ other.value) & ~mask & ~other.mask) == 0;
    }

    /** What members of both look like; only for two that {@link #overlaps overlap}. */
    public Tnum intersect(Tnum other) {
        long unknown = mask & other.mask;
        return unknown == mask ? this : of(value | other.value, unknown);
    }

    /** The closest that has the members of both. */
    public Tnum union(Tnum other) {
        return of(value, mask | other.mask | (value ^ other.value));
    }

    /** The low {@code bytes} (1, 2, 4 or 8), the rest cleared. */
    public Tnum truncate(int bytes) {
        if (bytes == 8) {
            return this;
        }
        long kept = (1L << 8 * bytes) - 1;
        return possible() == (possible() & kept) ? this : of(value & kept, mask & kept);
    }

    /** The low half, the upper half cleared. */
    public Tnum low32() {
        return truncate(4);
    }

    /** The upper half, the low half cleared. */
    public Tnum high32() {
        return of(value & ~LOW, mask & ~LOW);
    }

    @Override
    public boolean equals(Object other) {
        return this == other || other instanceof Tnum t && value == t.value && mask == t.mask;
    }

    @Override
    public int hashCode() {
        return Long.hashCode(value) * 31 + Long.hashCode(mask);
    }

    /** As the kernel's logs print it: {@code (0x0; 0xff)}. */
    @Override
    public String toString() {
        if (isConstant() && value >>> 16 == 0) return Long.toString(value);
        if (isConstant()) return "0x" + Long.toHexString(value);
        return "(0x%x; 0x%x)".formatted(value, mask);
    }
}
