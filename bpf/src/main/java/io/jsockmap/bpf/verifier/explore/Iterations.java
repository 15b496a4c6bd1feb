package io.jsockmap.bpf.verifier.explore;

import io.jsockmap.bpf.verifier.state.Iteration;
import io.jsockmap.bpf.verifier.state.State;

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
}
