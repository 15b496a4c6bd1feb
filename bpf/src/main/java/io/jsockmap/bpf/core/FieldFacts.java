package io.jsockmap.bpf.core;

import io.jsockmap.bpf.btf.Btf;
import io.jsockmap.bpf.btf.BtfType.Enumeration;
import io.jsockmap.bpf.btf.BtfType.Int;
import io.jsockmap.bpf.btf.BtfType.Member;

/**
 * What a program must know to read a field.
 *
 * @param type the field's type
 * @param bitField whether it is a bit-field: then it is read as part of an integer
 * @param offset where it begins, or the integer does, in bytes
 * @param size how many bytes it has, or the integer has
 * @param leftShift how many bits of 64 are above it once the integer was loaded
 * @param rightShift how many bits are below it, after the left shift
 */
record FieldFacts(
        int type, boolean bitField, long offset, long size, long leftShift, long rightShift) {

    /**
     * The facts of a place.
     *
     * @throws RelocationRefusal if it is a bit-field that no integer of at most 8 bytes holds
     */
    static FieldFacts of(Place place) throws RelocationRefusal {
        return switch (place.last()) {
            case Step.Member(Member member, boolean _) when member.bitWidth() > 0 ->
                    bitField(place, member);
            case Step.Member(Member member, boolean _) -> whole(place, member.type());
            case Step.Element(int _, int type) -> whole(place, type);
        };
    }

    private static FieldFacts whole(Place place, int type) {
        long size = place.btf().sizeOf(type);
        long rest = Long.SIZE - size * Byte.SIZE;
        return new FieldFacts(type, false, place.bits() / Byte.SIZE, size, rest, rest);
    }

    /** The smallest aligned integer, from that of the field's type on, that has all its bits. */
    private static FieldFacts bitField(Place place, Member member) throws RelocationRefusal {
        long size = place.btf().sizeOf(member.type());
        if (size <= 0) throw new RelocationRefusal("a bit-field of a type without a size");
        long end = place.bits() + member.bitWidth();
        long offset = aligned(place.bits(), size);
        while (end > (offset + size) * Byte.SIZE) {
            size *= 2;
            if (size > Long.BYTES) {
                throw new RelocationRefusal("no integer of 8 bytes holds the bit-field at once");
            }
            offset = aligned(place.bits(), size);
        }
        long left = Long.SIZE - (end - offset * Byte.SIZE);
        long right = (long) Long.SIZE - member.bitWidth();
        return new FieldFacts(member.type(), true, offset, size, left, right);
    }

    private static long aligned(long bits, long size) {
        return bits / Byte.SIZE / size * size;
    }

    /** Whether its values may be negative. */
    boolean signed(Btf btf) {
        return switch (btf.resolve(type)) {
            case Int integer -> integer.signed();
            case Enumeration enumeration -> enumeration.signed();
            default -> false;
        };
    }
}
