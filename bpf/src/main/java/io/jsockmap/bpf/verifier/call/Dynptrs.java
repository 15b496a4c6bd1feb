package io.jsockmap.bpf.verifier.call;

import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.verifier.flow.Refused;
import io.jsockmap.bpf.verifier.rule.Rule;
import io.jsockmap.bpf.verifier.state.Dynptr;
import io.jsockmap.bpf.verifier.state.Frame;
import io.jsockmap.bpf.verifier.state.Pointer;
import io.jsockmap.bpf.verifier.state.PointerKind;
import io.jsockmap.bpf.verifier.state.Slot;
import io.jsockmap.bpf.verifier.step.MemoryBounds;
import io.jsockmap.bpf.verifier.step.StackAccess;
import io.jsockmap.bpf.verifier.step.Walk;

import java.util.Optional;

/** Dynptrs on the stack: 16 bytes that only calls make, read and destroy. */
final class Dynptrs {
    private static final int HALVES = 2;

    private final Walk walk;
    private final MemoryBounds bounds;
    private final StackAccess stack;
    private final References references;

    Dynptrs(Walk walk, MemoryBounds bounds, StackAccess stack, References references) {
        this.walk = walk;
        this.bounds = bounds;
        this.stack = stack;
        this.references = references;
    }

    /** Makes one where a register points to. */
    void fill(int register, Dynptr.Kind kind, int reference) {
        var pointer = onStack(register);
        var problem = StackObject.problem(pointer, "dynptr", HALVES);
        if (problem.isPresent()) {
            throw refused(register, problem, "Dynptr has to be an uninitialized dynptr");
        }
        int index = StackObject.index(pointer);
        var frame = walk.state().frame(pointer.frame());
        for (int half = 0; half < HALVES; half++) {
            int offset = pointer.offset() + half * Slot.BYTES;
            stack.object(register, pointer, offset);
            stack.destroyDynptr(frame, index - half);
        }
        int held = kind == Dynptr.Kind.RECORD && reference == 0 ? -1 : reference;
        int id = walk.newId();
        if (held == -1) held = references.acquire();
        for (int half = 0; half < HALVES; half++) {
            frame.set(index - half, Slot.of(new Dynptr(kind, half == 0, id, held)));
            walk.state().markWritten(frame.number(), index - half);
        }
    }

    /** Makes one like another, where a register points to. */
    void copy(int register, Dynptr other) {
        fill(register, other.kind(), other.reference());
    }

    /** The one that a register points to. */
    Dynptr read(int register) {
        var reg = walk.state().register(register);
        if (reg instanceof Pointer pointer && pointer.is(PointerKind.DYNPTR)) {
            bounds.unmoved(register, pointer, false);
            return new Dynptr(Dynptr.Kind.LOCAL, true, pointer.id(), 0);
        }
        var pointer = onStack(register);
        var problem = StackObject.problem(pointer, "dynptr", HALVES);
        var found = problem.isPresent() ? Optional.<Dynptr>empty() : at(pointer);
        if (found.isEmpty()) {
            throw refused(
                    register,
                    problem,
                    "Expected an initialized dynptr as arg #%d".formatted(register - 1));
        }
        int index = StackObject.index(pointer);
        walk.state().markRead(pointer.frame(), index);
        walk.state().markRead(pointer.frame(), index - 1);
        return found.get();
    }

    private Pointer onStack(int register) {
        if (walk.state().register(register) instanceof Pointer pointer
                && pointer.is(PointerKind.STACK)) {
            return pointer;
        }
        throw walk.refused(
                Rule.DYNPTR,
                Errno.EINVAL,
                register,
                "arg#%d expected pointer to stack or const struct bpf_dynptr",
                register - 1);
    }

    /** The dynptr that begins where a pointer points to. */
    private Optional<Dynptr> at(Pointer pointer) {
        int index = StackObject.index(pointer);
        if (index < 1 || index >= Frame.SLOTS) return Optional.empty();
        var frame = walk.state().frame(pointer.frame());
        boolean whole =
                frame.slot(index).isAll(Slot.DYNPTR)
                        && frame.slot(index - 1).isAll(Slot.DYNPTR)
                        && frame.slot(index).dynptr().first();
        return whole ? Optional.of(frame.slot(index).dynptr()) : Optional.empty();
    }

    /** The one that a register points to has something to give back. */
    void checkHeld(int register) {
        if (!(walk.state().register(register) instanceof Pointer pointer)
                || !pointer.is(PointerKind.STACK)) {
            throw walk.refused(
                    Rule.DYNPTR, Errno.EINVAL, register, "cannot release unowned const bpf_dynptr");
        }
        var problem = StackObject.problem(pointer, "dynptr", HALVES);
        boolean held = problem.isEmpty() && at(pointer).map(Dynptr::reference).orElse(0) != 0;
        if (held) return;
        throw refused(register, problem, "arg %d is an unacquired reference".formatted(register));
    }

    private Refused refused(int register, Optional<String> problem, String message) {
        return walk.refused(
                Rule.DYNPTR,
                Errno.EINVAL,
                register,
                "%s%s",
                problem.map(p -> p + "\n").orElse(""),
                message);
    }

    /** Gives back what a dynptr holds, if anything; all that show the same are none any more. */
    boolean release(Dynptr dynptr) {
        if (!references.release(dynptr.reference())) return false;
        for (int i = 0; i < walk.state().depth(); i++) destroy(walk.state().frame(i), dynptr);
        return true;
    }

    private void destroy(Frame frame, Dynptr dynptr) {
        for (int i = 0; i < frame.depth(); i++) {
            boolean same =
                    frame.slot(i).value() instanceof Dynptr other
                            && other.reference() == dynptr.reference();
            if (!same) continue;
            walk.forgetSlices(frame.slot(i).dynptr().id());
            frame.set(i, Slot.EMPTY);
            walk.state().markWritten(frame.number(), i);
        }
    }
}
