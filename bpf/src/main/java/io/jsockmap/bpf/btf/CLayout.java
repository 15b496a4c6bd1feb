package io.jsockmap.bpf.btf;

import io.jsockmap.bpf.BpfException;
import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.btf.BtfType.Array;
import io.jsockmap.bpf.btf.BtfType.Int;
import io.jsockmap.bpf.btf.BtfType.Member;
import io.jsockmap.bpf.btf.BtfType.Nothing;
import io.jsockmap.bpf.btf.BtfType.Prototype;
import io.jsockmap.bpf.btf.BtfType.Struct;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Where a C compiler puts the members of structs, and what must be said so that it puts them where
 * they are. Types tell places and sizes only: alignment and packing show in them.
 */
final class CLayout {
    /** In bits: more than pages that nobody shares ask for. */
    private static final long MAX_GAP = 1L << 24;

    private final Btf types;
    private final Map<Integer, Integer> alignments = new HashMap<>();

    CLayout(Btf types) {
        this.types = types;
    }

    /** What stands between the braces of a struct or union. */
    sealed interface Part {}

    /** A member; its width in bits, or 0 if it is no bit-field. */
    record Field(Member member, int width) implements Part {}

    /** Bits of nobody that a compiler would not leave by itself; within 8 bytes. */
    record Gap(int bits) implements Part {}

    /** The parts of a struct or union, in their order. */
    List<Part> parts(int id) {
        var struct = (Struct) types.resolve(id);
        boolean packed = isPacked(id);
        List<Part> parts = new ArrayList<>();
        long at = 0;
        for (var member : struct.members()) {
            int width = width(member);
            long offset = offset(member);
            if (!struct.union() && placed(member, at, packed) != offset) gaps(at, offset, parts);
            parts.add(new Field(member, width));
            at = offset + (width > 0 ? width : bits(member.type()));
        }
        long all = (long) struct.size() * Byte.SIZE;
        long unit = (long) alignment(id) * Byte.SIZE;
        if (!struct.union() && aligned(at, unit) != all) gaps(at, all, parts);
        return parts;
    }

    private static void gaps(long from, long to, List<Part> parts) {
        if (to - from > MAX_GAP) {
            throw new BpfException(
                    Errno.E2BIG,
                    "a struct has %d bytes of nobody, which are too many for a header"
                            .formatted((to - from) / Byte.SIZE));
        }
        for (long at = from; at < to; ) {
            // No bit-field may go beyond the 8 bytes that it begins in.
            long bits = Math.min(Long.SIZE - at % Long.SIZE, to - at);
            parts.add(new Gap((int) bits));
            at += bits;
        }
    }

    /** Whether some member is where it can be in a packed struct only. */
    boolean isPacked(int id) {
        var struct = (Struct) types.resolve(id);
        return struct.size() % mostAligned(struct) != 0
                || struct.members().stream()
                        .anyMatch(m -> placed(m, offset(m), false) != offset(m));
    }

    /** Whether a union is larger than its members are. Of a struct gaps say that. */
    boolean isStretched(int id) {
        return types.resolve(id) instanceof Struct struct
                && struct.union()
                && !isPacked(id)
                && aligned(largest(struct), mostAligned(struct)) < struct.size();
    }

    private long largest(Struct union) {
        return union.members().stream().mapToLong(m -> types.sizeOf(m.type())).max().orElse(0);
    }

    /** By how many bytes a type is aligned. */
    int alignment(int id) {
        var known = alignments.get(id);
        if (known != null) return known;
        int alignment =
                switch (types.resolve(id)) {
                    case Array array -> alignment(array.element());
                    case Struct _ when isPacked(id) -> 1;
                    case Struct struct when isStretched(id) -> Integer.lowestOneBit(struct.size());
                    case Struct struct -> mostAligned(struct);
                    case Nothing _, Prototype _ -> 1;
                    default -> Math.max(1, types.sizeOf(id));
                };
        alignments.put(id, alignment);
        return alignment;
    }

    private int mostAligned(Struct struct) {
        return struct.members().stream().mapToInt(m -> alignment(m.type())).max().orElse(1);
    }

    /** Where a compiler puts a member that comes behind so many bits. */
    private long placed(Member member, long at, boolean packed) {
        int width = width(member);
        if (packed) return width > 0 ? at : aligned(at, Byte.SIZE);
        if (width == 0) return aligned(at, (long) alignment(member.type()) * Byte.SIZE);
        long unit = Math.max(Byte.SIZE, bits(member.type()));
        return at % unit + width <= unit ? at : aligned(at, unit);
    }

    private static long aligned(long at, long unit) {
        return (at + unit - 1) / unit * unit;
    }

    private long bits(int id) {
        return (long) types.sizeOf(id) * Byte.SIZE;
    }

    /**
     * The width of a bit-field in bits, 0 for other members; older compilers have it in the type.
     */
    private int width(Member member) {
        if (member.bitWidth() > 0) return member.bitWidth();
        return types.resolve(member.type()) instanceof Int number
                        && number.bits() < number.size() * Byte.SIZE
                ? number.bits()
                : 0;
    }

    private long offset(Member member) {
        boolean inType = member.bitWidth() == 0 && width(member) > 0;
        int more = inType ? ((Int) types.resolve(member.type())).bitOffset() : 0;
        return (long) member.bitOffset() + more;
    }
}
