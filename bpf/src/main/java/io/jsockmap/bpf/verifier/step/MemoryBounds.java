package io.jsockmap.bpf.verifier.step;

import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.map.SpecialField;
import io.jsockmap.bpf.program.MapUse;
import io.jsockmap.bpf.verifier.flow.Refused;
import io.jsockmap.bpf.verifier.rule.Rule;
import io.jsockmap.bpf.verifier.state.Pointer;
import io.jsockmap.bpf.verifier.state.PointerKind;

/**
 * Whether bytes lie inside of what a pointer points to. Instructions and helpers ask alike; the
 * offset is the sum of the pointer's and the instruction's.
 */
public final class MemoryBounds {
    /** BPF_MAX_VAR_OFF: no offset that is known less well is of use. */
    static final long MAX_OFFSET = 1L << 29;

    private final Walk walk;

    public MemoryBounds(Walk walk) {
        this.walk = walk;
    }

    /** Bytes of the packet, which comparisons with its end must have found to be there. */
    public void packet(int register, Pointer pointer, long offset, long size, boolean orNone) {
        if (pointer.variable().smin() < 0) throw negative(register);
        if (pointer.range() < 0) {
            throw walk.refused(
                    Rule.PACKET_BOUNDS,
                    Errno.EINVAL,
                    register,
                    "R%d offset is outside of the packet",
                    register);
        }
        if (isInside(offset, size, pointer.range(), orNone)) return;
        throw walk.refused(
                Rule.PACKET_BOUNDS,
                Errno.EACCES,
                register,
                "invalid access to packet, off=%d size=%d, R%d(id=%d,off=%d,r=%d)%n"
                        + "R%d offset is outside of the packet",
                offset,
                size,
                register,
                pointer.id(),
                offset,
                pointer.range(),
                register);
    }

    /** Bytes of a map's value. */
    public void mapValue(int register, Pointer pointer, long offset, long size, boolean orNone) {
        var map = pointer.map();
        region(register, pointer, offset, size, map.valueSize(), orNone);
        long from = offset + pointer.variable().smin();
        long to = offset + pointer.variable().umax() + size;
        for (var field : map.definition().special()) {
            if (!field.overlaps(from, to)) continue;
            throw special(register, field);
        }
    }

    private Refused special(int register, SpecialField field) {
        return walk.refused(
                Rule.SPECIAL_FIELD,
                Errno.EACCES,
                register,
                "%s cannot be accessed directly by load/store",
                field.kind().structure());
    }

    /** Whether programs may access a map's values so. */
    public void mapFlags(int register, Pointer pointer, long offset, long size, Access access) {
        var map = pointer.map();
        var definition = map.definition();
        boolean allowed =
                access == Access.READ ? MapUse.mayRead(definition) : MapUse.mayWrite(definition);
        if (allowed) return;
        throw walk.refused(
                Rule.MAP_FLAGS,
                Errno.EACCES,
                register,
                "%s map forbidden, value_size=%d off=%d size=%d",
                access == Access.READ ? "read from" : "write into",
                map.valueSize(),
                offset + pointer.variable().smin(),
                size);
    }

    /** Bytes of a region of a known size. */
    public void region(
            int register, Pointer pointer, long offset, long size, long region, boolean orNone) {
        long smin = pointer.variable().smin();
        long least = offset + smin;
        if (smin < 0 && (smin == Long.MIN_VALUE || least != (int) least || least < 0)) {
            throw negative(register);
        }
        if (!isInside(least, size, region, orNone)) {
            throw outside(register, pointer, least, size, region, "min");
        }
        long umax = pointer.variable().umax();
        if (Long.compareUnsigned(umax, MAX_OFFSET) >= 0) {
            throw walk.refused(
                    Rule.UNBOUNDED_OFFSET,
                    Errno.EACCES,
                    register,
                    "R%d unbounded memory access, make sure to bounds check any such access",
                    register);
        }
        if (!isInside(offset + umax, size, region, orNone)) {
            throw outside(register, pointer, offset + umax, size, region, "max");
        }
    }

    private static boolean isInside(long offset, long size, long region, boolean orNone) {
        return offset >= 0 && (size > 0 || size == 0 && orNone) && offset + size <= region;
    }

    private Refused outside(
            int register, Pointer pointer, long offset, long size, long region, String end) {
        var what =
                switch (pointer.kind()) {
                    case MAP_KEY -> "map key, key_size";
                    case MAP_VALUE -> "map value, value_size";
                    default -> "memory, mem_size";
                };
        boolean value = pointer.is(PointerKind.MAP_VALUE);
        return walk.refused(
                value ? Rule.MAP_VALUE_BOUNDS : Rule.MEMORY_BOUNDS,
                Errno.EACCES,
                register,
                "invalid access to %s=%d off=%d size=%d%n"
                        + "R%d %s value is outside of the allowed memory range",
                what,
                region,
                offset,
                size,
                register,
                end);
    }

    /** An offset that may be negative. */
    Refused negative(int register) {
        return walk.refused(
                Rule.NEGATIVE_OFFSET,
                Errno.EACCES,
                register,
                "R%d min value is negative, either use unsigned index or do a if (index >=0)"
                        + " check.",
                register);
    }

    /** The pointer must stand where its target begins. */
    public void unmoved(int register, Pointer pointer, boolean orFixed) {
        var word = pointer.word();
        if (pointer.offset() < 0) {
            throw walk.refused(
                    Rule.CONTEXT_POINTER,
                    Errno.EACCES,
                    register,
                    "negative offset %s ptr R%d off=%d disallowed",
                    word,
                    register,
                    pointer.offset());
        }
        if (!orFixed && pointer.offset() != 0) {
            throw walk.refused(
                    Rule.CONTEXT_POINTER,
                    Errno.EACCES,
                    register,
                    "dereference of modified %s ptr R%d off=%d disallowed",
                    word,
                    register,
                    pointer.offset());
        }
        if (!pointer.isFixed() || pointer.variable().constant() != 0) {
            throw walk.refused(
                    Rule.CONTEXT_POINTER,
                    Errno.EACCES,
                    register,
                    "variable %s access var_off=%s disallowed",
                    word,
                    pointer.variable().bits());
        }
    }
}
