package io.jsockmap.bpf.verifier.step;

import io.jsockmap.bpf.insn.Code;
import io.jsockmap.bpf.verifier.state.Frame;
import io.jsockmap.bpf.verifier.state.Reg;
import io.jsockmap.bpf.verifier.state.Scalar;
import io.jsockmap.bpf.verifier.state.Slot;
import io.jsockmap.bpf.verifier.state.State;

/**
 * Loops whose end only the run decides: a number that changes from one turn to the next, and on
 * which nothing has hung so far, is taken for any number, so that the states of turns become alike.
 */
public final class Widening {
    private Widening() {}

    /** Widens what differs from the state of the turn before. */
    public static void widen(State before, State now) {
        for (int i = 0; i < now.depth(); i++) widen(before.frame(i), now.frame(i));
    }

    private static void widen(Frame before, Frame now) {
        for (int i = 0; i < Code.FRAME_POINTER; i++) {
            if (differs(before.register(i), now.register(i))) now.set(i, Scalar.unknown());
        }
        for (int i = 0; i < Math.min(before.depth(), now.depth()); i++) {
            var a = before.slot(i);
            var b = now.slot(i);
            if (a.isSpill() && b.isSpill() && differs(a.register(), b.register())) {
                now.set(i, new Slot(b.kinds(), Scalar.unknown()));
            }
        }
    }

    private static boolean differs(Reg before, Reg now) {
        return before instanceof Scalar a
                && now instanceof Scalar b
                && !a.isPrecise()
                && !b.isPrecise()
                && !(a.bounds().equals(b.bounds()) && a.id() == b.id());
    }
}
