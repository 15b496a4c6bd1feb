package io.jsockmap.bpf.verifier.state;

import io.jsockmap.bpf.insn.AluOp;
import io.jsockmap.bpf.map.BpfMap;
import io.jsockmap.bpf.program.Structure;
import io.jsockmap.bpf.verifier.domain.Bounds;

import java.util.Objects;

/**
 * A pointer.
 *
 * @param kind what it points to
 * @param nullable whether it may be null instead
 * @param readOnly whether its target may only be read
 * @param target the map, the structure, or null where the kind says all
 * @param offset constant bytes from its target's start
 * @param variable a number of further bytes
 * @param range PACKET: bytes behind its variable part that were found to be there; {@link
 *     #AT_PACKET_END} and {@link #BEYOND_PACKET_END} are less than none
 * @param size MEMORY, RECORD: how many bytes there are; FUNCTION: where the function begins
 * @param frame STACK: the number of the frame; MAP_KEY: that of the callback that has it, or 0
 * @param id what it shares with pointers of the same origin, or 0
 * @param reference the number of the reference that must be given back, or 0
 */
public record Pointer(
        PointerKind kind,
        boolean nullable,
        boolean readOnly,
        Object target,
        int offset,
        Bounds variable,
        int range,
        int size,
        int frame,
        int id,
        int reference)
        implements Reg {
    public static final int AT_PACKET_END = -1;
    public static final int BEYOND_PACKET_END = -2;

    private static final Bounds ZERO = Bounds.of(0);

    /** A pointer to the start of such a thing. */
    public static Pointer to(PointerKind kind) {
        return new Pointer(kind, false, false, null, 0, ZERO, 0, 0, 0, 0, 0);
    }

    /** A pointer to the start of a map's value or key, or to the map itself. */
    public static Pointer to(PointerKind kind, BpfMap map) {
        return to(kind, map, 0, 0);
    }

    /**
     * The same of one of the maps in a map of maps.
     *
     * @param mapId which of them, or 0
     * @param frame MAP_KEY: the number of the frame that has it, or 0
     */
    public static Pointer to(PointerKind kind, BpfMap map, int mapId, int frame) {
        return new Pointer(kind, false, false, map, 0, ZERO, 0, mapId, frame, 0, 0);
    }

    /** A pointer to a structure. */
    public static Pointer to(Structure structure) {
        return new Pointer(PointerKind.STRUCTURE, false, false, structure, 0, ZERO, 0, 0, 0, 0, 0);
    }

    /** A pointer to so many bytes. */
    public static Pointer toMemory(PointerKind kind, int size) {
        return new Pointer(kind, false, false, null, 0, ZERO, 0, size, 0, 0, 0);
    }

    /** MEMORY, RECORD: how many bytes there are, up to 2^32 - 1: sizes have no sign. */
    public long memorySize() {
        return Integer.toUnsignedLong(size);
    }

    /** FUNCTION: the slot where it begins. */
    public int functionStart() {
        return size;
    }

    /** MAP, MAP_VALUE, MAP_KEY: which of the maps in a map of maps it is about, or 0. */
    public int mapId() {
        return size;
    }

    /** The frame pointer of a frame. */
    public static Pointer toFrame(int frame) {
        return new Pointer(PointerKind.STACK, false, false, null, 0, ZERO, 0, 0, frame, 0, 0);
    }

    /** A pointer to the function that begins at a slot. */
    public static Pointer toFunction(int slot) {
        return new Pointer(PointerKind.FUNCTION, false, false, null, 0, ZERO, 0, slot, 0, 0, 0);
    }

    /** The map that it is about. */
    public BpfMap map() {
        return (BpfMap) target;
    }

    /** The structure that it points to. */
    public Structure structure() {
        return (Structure) target;
    }

    public boolean is(PointerKind other) {
        return kind == other;
    }

    /** Whether it points to the packet or behind it. */
    public boolean isOfPacket() {
        return kind == PointerKind.PACKET || kind == PointerKind.PACKET_END;
    }

    /** Whether it stands at a known place. */
    public boolean isFixed() {
        return variable.isConstant();
    }

    public Pointer withId(int other) {
        return with(nullable, readOnly, offset, variable, range, other, reference);
    }

    public Pointer withReference(int other) {
        return with(nullable, readOnly, offset, variable, range, id, other);
    }

    public Pointer withRange(int other) {
        return with(nullable, readOnly, offset, variable, other, id, reference);
    }

    /** The same, which may be null instead. */
    public Pointer orNull(int id) {
        return with(true, readOnly, offset, variable, range, id, reference);
    }

    /** The same, which is not null. */
    public Pointer notNull(int id) {
        return with(false, readOnly, offset, variable, range, id, reference);
    }

    public Pointer asReadOnly() {
        return with(nullable, true, offset, variable, range, id, reference);
    }

    /** The same, so many bytes further. */
    public Pointer moved(int bytes) {
        return with(nullable, readOnly, offset + bytes, variable, range, id, reference);
    }

    /** The same with another variable part. */
    public Pointer moved(AluOp op, Bounds by) {
        var sum = variable.alu(op, 64, by);
        return with(nullable, readOnly, offset, sum, range, id, reference);
    }

    private Pointer with(
            boolean nullable,
            boolean readOnly,
            int offset,
            Bounds variable,
            int range,
            int id,
            int reference) {
        return new Pointer(
                kind, nullable, readOnly, target, offset, variable, range, size, frame, id,
                reference);
    }

    /** The same to another thing of its kind. */
    public Pointer withTarget(Object other) {
        return new Pointer(
                kind, nullable, readOnly, other, offset, variable, range, size, frame, id,
                reference);
    }

    /** The kernel's word for it, as messages have it: {@code map_value_or_null}. */
    public String word() {
        var word = kind == PointerKind.STRUCTURE ? structure().name() : kind.word();
        return (readOnly && (kind == PointerKind.MEMORY) ? "rdonly_" : "")
                + word
                + (nullable ? "_or_null" : "");
    }

    // Written out, since states are compared all the time, and a record's own is slow at first.

    @Override
    public boolean equals(Object other) {
        return this == other
                || other instanceof Pointer p
                        && isSameKind(p)
                        && offset == p.offset
                        && variable.equals(p.variable)
                        && range == p.range
                        && id == p.id
                        && reference == p.reference;
    }

    @Override
    public int hashCode() {
        return Objects.hash(kind, offset, variable, id);
    }

    /** Whether all is the same but where in its target it points to. */
    private boolean isSameKind(Pointer other) {
        return kind == other.kind
                && nullable == other.nullable
                && readOnly == other.readOnly
                && Objects.equals(target, other.target)
                && size == other.size
                && frame == other.frame;
    }
}
