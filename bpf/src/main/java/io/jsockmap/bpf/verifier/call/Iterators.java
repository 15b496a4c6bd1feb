package io.jsockmap.bpf.verifier.call;

import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.verifier.rule.Rule;
import io.jsockmap.bpf.verifier.state.Frame;
import io.jsockmap.bpf.verifier.state.Iteration;
import io.jsockmap.bpf.verifier.state.Pointer;
import io.jsockmap.bpf.verifier.state.PointerKind;
import io.jsockmap.bpf.verifier.state.Scalar;
import io.jsockmap.bpf.verifier.state.Slot;
import io.jsockmap.bpf.verifier.state.State;
import io.jsockmap.bpf.verifier.step.StackAccess;
import io.jsockmap.bpf.verifier.step.Walk;
import io.jsockmap.bpf.verifier.step.Widening;

import java.util.Optional;
import java.util.function.Supplier;

/** Iterators on the stack, eight bytes each, which functions of the kernel make and advance. */
final class Iterators {
    private static final String NUMBERS = "num";

    private final Walk walk;
    private final StackAccess stack;
    private final References references;
    private final Supplier<Optional<State>> previous;

    Iterators(
            Walk walk,
            StackAccess stack,
            References references,
            Supplier<Optional<State>> previous) {
        this.walk = walk;
        this.stack = stack;
        this.references = references;
        this.previous = previous;
    }

    private Pointer pointer(int register) {
        if (walk.state().register(register) instanceof Pointer pointer
                && pointer.is(PointerKind.STACK)) {
            return pointer;
        }
        throw walk.refused(
                Rule.ITERATOR,
                Errno.EINVAL,
                register,
                "arg#%d expected pointer to an iterator on stack",
                register - 1);
    }

    /** Makes one where a register points to. */
    void begin(int register) {
        var pointer = pointer(register);
        var problem = StackObject.problem(pointer, "iter", 1);
        int index = problem.isPresent() ? 0 : StackObject.index(pointer);
        var frame = walk.state().frame(pointer.frame());
        boolean taken =
                index >= 0 && index < Frame.SLOTS && frame.slot(index).value() instanceof Iteration;
        if (problem.isPresent() || taken) {
            throw unfit(register, problem, "expected uninitialized iter_%s as arg #%d");
        }
        stack.object(register, pointer, pointer.offset());
        stack.destroyDynptr(frame, index);
        var iteration = new Iteration(NUMBERS, false, 0, references.acquire());
        frame.set(index, Slot.of(iteration));
        walk.state().markWritten(frame.number(), index);
    }

    /** The one that a register points to. */
    Iteration read(int register) {
        var pointer = pointer(register);
        var problem = StackObject.problem(pointer, "iter", 1);
        int index = problem.isPresent() ? -1 : StackObject.index(pointer);
        var frame = walk.state().frame(pointer.frame());
        boolean there = index >= 0 && index < Frame.SLOTS && frame.slot(index).isAll(Slot.ITERATOR);
        if (!there) throw unfit(register, problem, "expected an initialized iter_%s as arg #%d");
        walk.state().markRead(pointer.frame(), index);
        return frame.slot(index).iteration();
    }

    private RuntimeException unfit(int register, Optional<String> problem, String format) {
        return walk.refused(
                Rule.ITERATOR,
                Errno.EINVAL,
                register,
                "%s" + format,
                problem.map(p -> p + "\n").orElse(""),
                NUMBERS,
                register - 1);
    }

    /** Ends the one that a register points to. */
    void end(int register) {
        var pointer = pointer(register);
        var iteration = read(register);
        references.release(iteration.reference());
        int index = StackObject.index(pointer);
        walk.state().frame(pointer.frame()).set(index, Slot.EMPTY);
        walk.state().markWritten(pointer.frame(), index);
    }

    /**
     * Gives the next element: one path finds none here; another, unless there was none before, goes
     * on with a pointer to it.
     *
     * @param iterator the pointer to the iterator
     * @param element what R0 holds if there is one
     */
    void next(Pointer iterator, Pointer element) {
        int index = StackObject.index(iterator);
        var state = walk.state();
        var frame = state.frame(iterator.frame());
        var iteration = frame.slot(index).iteration();
        if (!iteration.drained()) {
            var other = state.copy();
            other.frame(iterator.frame()).set(index, Slot.of(iteration.next()));
            other.set(0, element);
            previous.get().ifPresent(before -> Widening.widen(before, other));
            walk.fork(other, walk.slot() + 1);
        }
        frame.set(index, Slot.of(iteration.end()));
        state.set(0, Scalar.of(0));
    }
}
