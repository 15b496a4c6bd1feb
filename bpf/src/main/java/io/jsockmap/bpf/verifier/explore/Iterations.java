package io.jsockmap.bpf.verifier.explore;

import io.jsockmap.bpf.verifier.state.Iteration;
import io.jsockmap.bpf.verifier.state.Pointer;
import io.jsockmap.bpf.verifier.state.PointerKind;
import io.jsockmap.bpf.verifier.state.State;
import io.jsockmap.bpf.verifier.step.StackAccess;

import java.util.Optional;

/** Iterators on stacks. */
final class Iterations {
    private Iterations() {}

    /**
     * Whether an iterator has gone on between two states, so that the one is not the other again.
     */
    static boolean differ(State old, State now) {
        for (int i = now.depth() - 1; i >= 0; i--) {
            var a = old.frame(i);
            var b = now.frame(i);
            for (int slot = 0; slot < Math.min(a.depth(), b.depth()); slot++) {
                boolean differs =
                        a.slot(slot).value() instanceof Iteration before
                                && b.slot(slot).value() instanceof Iteration after
                                && !before.drained()
                                && before.depth() != after.depth();
                if (differs) return true;
            }
        }
        return false;
    }

    /** Whether the iterator that R1 points to has given more elements than in the old state. */
    static boolean goesOn(State old, State now) {
        var before = argument(old);
        var after = argument(now);
        return before.isPresent()
                && after.isPresent()
                && !after.get().drained()
                && before.get().reference() == after.get().reference()
                && before.get().depth() < after.get().depth();
    }

    private static Optional<Iteration> argument(State state) {
        if (!(state.register(1) instanceof Pointer pointer)) return Optional.empty();
        if (!pointer.is(PointerKind.STACK) || !pointer.isFixed()) return Optional.empty();
        int offset = (int) (pointer.offset() + pointer.variable().constant());
        var slot = state.frame(pointer.frame()).slot(StackAccess.slotOf(offset));
        return slot.value() instanceof Iteration iteration
                ? Optional.of(iteration)
                : Optional.empty();
    }
}
