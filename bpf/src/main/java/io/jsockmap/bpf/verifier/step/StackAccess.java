package io.jsockmap.bpf.verifier.step;

import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.program.MachineLimits;
import io.jsockmap.bpf.verifier.rule.Rule;
import io.jsockmap.bpf.verifier.state.Dynptr;
import io.jsockmap.bpf.verifier.state.Frame;
import io.jsockmap.bpf.verifier.state.Pointer;
import io.jsockmap.bpf.verifier.state.PointerKind;
import io.jsockmap.bpf.verifier.state.Reg;
import io.jsockmap.bpf.verifier.state.Scalar;
import io.jsockmap.bpf.verifier.state.Slot;

/** Loads, stores and helpers' accesses of stacks: registers that are spilled there come back. */
public final class StackAccess {
    private final Walk walk;

    public StackAccess(Walk walk) {
        this.walk = walk;
    }

    // --- Where -----------------------------------------------------------------------------------

    /** The slot of a byte, from its offset to the frame pointer. */
    public static int slotOf(int offset) {
        return (-offset - 1) / Slot.BYTES;
    }

    /** The byte's place in that slot. */
    static int byteOf(int offset) {
        return Math.floorMod(offset, Slot.BYTES);
    }

    /** The first and the last byte that may be accessed first, as offsets to the frame pointer. */
    public record Place(int first, int last) {
        /** Whether it is known which. */
        public boolean isFixed() {
            return first == last;
        }
    }

    /** Where a pointer may point to; the bytes from there are on the stack. */
    public Place place(int register, Pointer pointer, int offset, int size, Access access) {
        var variable = pointer.variable();
        var doing = access == Access.READ ? " read from" : " write to";
        boolean bounded =
                variable.smax() < MemoryBounds.MAX_OFFSET
                        && variable.smin() > -MemoryBounds.MAX_OFFSET;
        if (!bounded && !variable.isConstant()) {
            throw walk.refused(
                    Rule.STACK_BOUNDS,
                    Errno.EACCES,
                    register,
                    "invalid unbounded variable-offset%s stack R%d",
                    doing,
                    register);
        }
        long first = variable.smin() + offset;
        long last = variable.smax() + offset;
        boolean low = first < -MachineLimits.STACK || first > -1;
        if (low || last + size > 0) {
            var errno = low ? Errno.EACCES : Errno.EINVAL;
            if (variable.isConstant()) {
                throw walk.refused(
                        Rule.STACK_BOUNDS,
                        errno,
                        register,
                        "invalid%s stack R%d off=%d size=%d",
                        doing,
                        register,
                        first,
                        size);
            }
            throw walk.refused(
                    Rule.STACK_BOUNDS,
                    errno,
                    register,
                    "invalid variable-offset%s stack R%d var_off=%s off=%d size=%d",
                    doing,
                    register,
                    variable.bits(),
                    offset,
                    size);
        }
        frame(pointer).deepen(slotOf((int) first) + 1);
        walk.usesStack(frame(pointer).function(), (int) -first);
        return new Place((int) first, (int) last);
    }

    private Frame frame(Pointer pointer) {
        return walk.state().frame(pointer.frame());
    }

    // --- Loads -----------------------------------------------------------------------------------

    /** What a load gives; numbers of fewer than 8 bytes are not cut yet. */
    Reg load(int register, Pointer pointer, int offset, int size) {
        var place = place(register, pointer, offset, size, Access.READ);
        var frame = frame(pointer);
        markRead(frame, place.first, place.last + size);
        if (!place.isFixed()) {
            checkReadable(register, pointer, place, size, false);
            return ofBytes(frame, place.first, place.last + size);
        }
        var slot = frame.slot(slotOf(place.first));
        return slot.isSpill()
                ? fill(frame, slotOf(place.first), place.first, size)
                : ofBytes(frame, place.first, place.first + size);
    }

    /** All zeros are a zero; anything else is anything. */
    private Reg ofBytes(Frame frame, int from, int to) {
        for (int at = from; at < to; at++) {
            var slot = frame.slot(slotOf(at));
            int kind = slot.kind(byteOf(at));
            boolean zero =
                    kind == Slot.ZERO
                            || kind == Slot.SPILL
                                    && slot.register() instanceof Scalar scalar
                                    && isZero(scalar);
            if (isSecret(kind)) throw secret(from, at, to);
            if (zero) continue;
            return Scalar.unknown();
        }
        for (int at = from; at < to; at++) {
            if (frame.slot(slotOf(at)).value() instanceof Scalar scalar) scalar.markPrecise();
        }
        return Scalar.of(0);
    }

    private RuntimeException secret(int from, int at, int to) {
        return walk.refused(
                Rule.STACK_CONTENT,
                Errno.EACCES,
                "invalid read from stack off %d+%d size %d",
                from,
                at - from,
                to - from);
    }

    /** Whether a program may not read such bytes. */
    private boolean isSecret(int kind) {
        return kind == Slot.DYNPTR
                || kind == Slot.ITERATOR
                || kind == Slot.INVALID && !walk.mayLeakPointers();
    }

    private static boolean isZero(Scalar scalar) {
        return scalar.isConstant() && scalar.bounds().constant() == 0;
    }

    private Reg fill(Frame frame, int index, int offset, int size) {
        var slot = frame.slot(index);
        int spilled = slot.spilled();
        if (size == Slot.BYTES && spilled == Slot.BYTES) {
            return slot.register() instanceof Scalar scalar
                    ? link(frame, index, scalar)
                    : leaving(slot.register(), offset);
        }
        if (!(slot.register() instanceof Scalar scalar)) {
            throw walk.refused(Rule.STACK_CONTENT, Errno.EACCES, "invalid size of register fill");
        }
        if (byteOf(offset) != 0 || size > spilled) return ofBytes(frame, offset, offset + size);
        boolean fits = width(scalar) <= size * Byte.SIZE;
        if (fits && size == Integer.BYTES && spilled == Integer.BYTES) {
            return link(frame, index, scalar);
        }
        return fits ? scalar : Scalar.from(scalar.bounds(), scalar);
    }

    private Reg leaving(Reg reg, int offset) {
        if (!walk.wouldLeak(reg)) return reg;
        throw walk.refused(
                Rule.POINTER_LEAK, Errno.EACCES, "leaking pointer from stack off %d", offset);
    }

    /** A number that is in two places gets an identity, so that what is learned of one counts. */
    private Scalar link(Frame frame, int index, Scalar scalar) {
        var linked = walk.identified(scalar);
        frame.set(index, new Slot(frame.slot(index).kinds(), linked));
        return linked;
    }

    /** How many low bits may be set. */
    static int width(Scalar scalar) {
        return Long.SIZE - Long.numberOfLeadingZeros(scalar.bounds().umax());
    }

    private void markRead(Frame frame, int from, int to) {
        for (int slot = slotOf(to - 1); slot <= slotOf(from); slot++) {
            walk.state().markRead(frame.number(), slot);
        }
    }

    // --- Stores ----------------------------------------------------------------------------------

    /**
     * A store of a register or of a constant.
     *
     * @param value what is stored
     * @param source the register that has it, or -1
     */
    void store(int register, Pointer pointer, int offset, int size, Reg value, int source) {
        var place = place(register, pointer, offset, size, Access.WRITE);
        var frame = frame(pointer);
        for (int at = place.first; at < place.last + size; at++) destroyDynptr(frame, slotOf(at));
        if (place.isFixed()) {
            store(frame, place.first, size, value, source);
        } else {
            storeSomewhere(frame, place, size, value);
        }
    }

    private void store(Frame frame, int offset, int size, Reg value, int source) {
        int index = slotOf(offset);
        int at = byteOf(offset);
        if (size != Slot.BYTES) keepPointer(frame, index);
        if (at == 0 && size == Slot.BYTES) walk.state().markWritten(frame.number(), index);
        if (value instanceof Scalar scalar && at == 0) {
            frame.set(index, frame.slot(index).spill(spilled(scalar, size, source), size));
        } else if (value instanceof Pointer pointer) {
            spill(frame, index, size, pointer);
        } else {
            boolean zero = value instanceof Scalar scalar && isZero(scalar);
            if (zero) Walk.markPrecise(value);
            frame.set(index, frame.slot(index).write(at, size, zero ? Slot.ZERO : Slot.MISC));
        }
    }

    /** What is left of a pointer would be a number. */
    private void keepPointer(Frame frame, int index) {
        var slot = frame.slot(index);
        if (!slot.isSpill() || !walk.wouldLeak(slot.register())) return;
        throw walk.refused(
                Rule.POINTER_LEAK, Errno.EACCES, "attempt to corrupt spilled pointer on stack");
    }

    private Scalar spilled(Scalar scalar, int size, int source) {
        if (width(scalar) > size * Byte.SIZE) {
            return Scalar.from(scalar.bounds(), scalar);
        }
        if (source < 0) return scalar;
        var linked = walk.identified(scalar);
        walk.state().set(source, linked);
        return linked;
    }

    private void spill(Frame frame, int index, int size, Pointer pointer) {
        if (size != Slot.BYTES) {
            throw walk.refused(Rule.STACK_CONTENT, Errno.EACCES, "invalid size of register spill");
        }
        boolean ofCaller = frame != walk.state().frame();
        if (ofCaller && pointer.is(PointerKind.STACK)) {
            throw walk.refused(
                    Rule.STACK_CONTENT,
                    Errno.EINVAL,
                    "cannot spill pointers to stack into stack frame of the caller");
        }
        frame.set(index, Slot.of(pointer));
    }

    private void storeSomewhere(Frame frame, Place place, int size, Reg value) {
        boolean zero = value instanceof Scalar scalar && isZero(scalar);
        boolean zeroCounts = false;
        for (int at = place.first; at < place.last + size; at++) {
            var slot = frame.slot(slotOf(at));
            int kind = slot.kind(byteOf(at));
            boolean spilledZero =
                    kind == Slot.SPILL
                            && slot.register() instanceof Scalar scalar
                            && isZero(scalar);
            if (zero && spilledZero) {
                zeroCounts = true;
                continue;
            }
            keepPointer(frame, slotOf(at));
            boolean stays = zero && kind == Slot.ZERO;
            zeroCounts |= stays;
            int after = stays ? Slot.ZERO : Slot.MISC;
            frame.set(slotOf(at), slot.write(byteOf(at), 1, after));
        }
        if (zeroCounts) Walk.markPrecise(value);
    }

    /** A store into a dynptr makes it none, unless there is something to give back. */
    public void destroyDynptr(Frame frame, int index) {
        if (frame.slot(index).value() instanceof Dynptr dynptr) {
            if (dynptr.reference() != 0) {
                throw walk.refused(Rule.DYNPTR, Errno.EINVAL, "cannot overwrite referenced dynptr");
            }
            int other = dynptr.first() ? index - 1 : index + 1;
            frame.set(index, Slot.EMPTY);
            frame.set(other, Slot.EMPTY);
            walk.forgetSlices(dynptr.id());
        }
    }

    // --- Helpers ---------------------------------------------------------------------------------

    /** A slot that a call makes a part of a dynptr or an iterator. */
    public void object(int register, Pointer pointer, int offset) {
        var place = place(register, pointer, offset, Slot.BYTES, Access.WRITE);
        walk.shared().add(frame(pointer).function(), place.first, place.last + Slot.BYTES);
    }

    /**
     * Bytes that a helper reads or writes.
     *
     * @param fills whether the helper writes all of them without reading any
     */
    public void helper(int register, Pointer pointer, int size, Access access, boolean fills) {
        var place = place(register, pointer, pointer.offset(), size, access);
        var frame = frame(pointer);
        walk.shared().add(frame.function(), place.first, place.last + size);
        if (fills && place.isFixed()) {
            for (int at = place.first; at < place.first + size; at++) fill(frame, at, place, size);
            return;
        }
        markRead(frame, place.first, place.last + size);
        checkReadable(register, pointer, place, size, access == Access.WRITE);
    }

    private void fill(Frame frame, int at, Place place, int size) {
        int index = slotOf(at);
        if (frame.slot(index).value() instanceof Dynptr) {
            throw walk.refused(
                    Rule.DYNPTR,
                    Errno.EACCES,
                    "potential write to dynptr at off=%d disallowed",
                    at);
        }
        boolean whole = byteOf(at) == 0 && at + Slot.BYTES <= place.first + size;
        if (whole) walk.state().markWritten(frame.number(), index);
        frame.set(index, frame.slot(index).write(byteOf(at), 1, Slot.MISC));
    }

    private void checkReadable(
            int register, Pointer pointer, Place place, int size, boolean clobbers) {
        var frame = frame(pointer);
        for (int at = place.first; at < place.last + size; at++) {
            var slot = frame.slot(slotOf(at));
            int kind = slot.kind(byteOf(at));
            boolean leaks = kind == Slot.SPILL && walk.wouldLeak(slot.register());
            if (isSecret(kind) || leaks) {
                throw unreadable(register, pointer, place, at, size);
            }
            if (!clobbers) continue;
            frame.set(slotOf(at), slot.write(byteOf(at), 1, Slot.MISC));
        }
    }

    private RuntimeException unreadable(
            int register, Pointer pointer, Place place, int at, int size) {
        var variable = pointer.variable();
        if (variable.isConstant()) {
            return walk.refused(
                    Rule.STACK_CONTENT,
                    Errno.EACCES,
                    register,
                    "invalid read from stack R%d off %d+%d size %d",
                    register,
                    place.first,
                    at - place.first,
                    size);
        }
        return walk.refused(
                Rule.STACK_CONTENT,
                Errno.EACCES,
                register,
                "invalid read from stack R%d var_off %s+%d size %d",
                register,
                variable.bits(),
                at - place.first,
                size);
    }
}
