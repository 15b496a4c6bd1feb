package io.jsockmap.bpf.verifier.state;

/**
 * Eight bytes of a stack. What is known of each byte stands in a byte of {@code kinds}, that of the
 * lowest address in the lowest.
 *
 * @param kinds the kinds of the bytes
 * @param value what was spilled there, or what it is a part of; null if neither
 */
public record Slot(long kinds, Object value) {
    /** Never written. */
    public static final int INVALID = 0;

    /** A part of a register that was spilled. */
    public static final int SPILL = 1;

    /** Any number. */
    public static final int MISC = 2;

    /** Zero. */
    public static final int ZERO = 3;

    /** A part of a {@code struct bpf_dynptr}. */
    public static final int DYNPTR = 4;

    /** A part of an iterator. */
    public static final int ITERATOR = 5;

    /** Bytes of a slot. */
    public static final int BYTES = 8;

    private static final long EACH = 0x0101_0101_0101_0101L;

    /** Never written. */
    public static final Slot EMPTY = new Slot(0, null);

    /** A whole register. */
    public static Slot of(Reg value) {
        return new Slot(SPILL * EACH, value);
    }

    /** One half of a dynptr. */
    public static Slot of(Dynptr dynptr) {
        return new Slot(DYNPTR * EACH, dynptr);
    }

    /** The state of an iterator. */
    public static Slot of(Iteration iteration) {
        return new Slot(ITERATOR * EACH, iteration);
    }

    /** What is known of a byte. */
    public int kind(int index) {
        return (int) (kinds >>> index * 8) & 0xff;
    }

    /** Whether all of it is of one kind. */
    public boolean isAll(int kind) {
        return kinds == kind * EACH;
    }

    /** Whether the register that was spilled here begins at its lowest byte. */
    public boolean isSpill() {
        return kind(0) == SPILL;
    }

    /** How many bytes of a register were spilled. */
    public int spilled() {
        int count = 0;
        while (count < BYTES && kind(count) == SPILL) count++;
        return count;
    }

    /** The register that was spilled. */
    public Reg register() {
        return (Reg) value;
    }

    public Dynptr dynptr() {
        return (Dynptr) value;
    }

    public Iteration iteration() {
        return (Iteration) value;
    }

    /** The low bytes of a register, over what was here. */
    public Slot spill(Reg register, int size) {
        long kinds = 0;
        for (int i = BYTES - 1; i >= 0; i--) {
            int kind = i < size ? SPILL : besideSpill(kind(i));
            kinds = kinds << 8 | kind;
        }
        return new Slot(kinds, register);
    }

    private static int besideSpill(int kind) {
        return kind == ZERO || kind == INVALID ? kind : MISC;
    }

    /** Other bytes over some; what is left of a register or a special thing is anything. */
    public Slot write(int from, int size, int kind) {
        long all = 0;
        for (int i = BYTES - 1; i >= 0; i--) {
            boolean written = i >= from && i < from + size;
            all = all << 8 | (written ? kind : scrubbed(kind(i)));
        }
        return new Slot(all, null);
    }

    private static int scrubbed(int kind) {
        return kind == SPILL || kind == DYNPTR || kind == ITERATOR ? MISC : kind;
    }

    /** The number that a load of all of it gives, or null if that is not a number by itself. */
    public Scalar asScalar() {
        if (isAll(SPILL) && value instanceof Scalar scalar) return scalar;
        // Bytes that were never written may be read, and give anything.
        for (int i = 0; i < BYTES; i++) {
            if (kind(i) != MISC && kind(i) != INVALID) return null;
        }
        return isAll(INVALID) ? null : Scalar.unknown();
    }
}
