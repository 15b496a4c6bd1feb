package io.jsockmap.bpf.verifier.step;

import io.jsockmap.bpf.insn.Code;
import io.jsockmap.bpf.verifier.state.Frame;
import io.jsockmap.bpf.verifier.state.Reg;
import io.jsockmap.bpf.verifier.state.Scalar;
import io.jsockmap.bpf.verifier.state.Slot;
import io.jsockmap.bpf.verifier.state.State;

import java.util.HashMap;
import java.util.Map;

/**
 * Forgets numbers that change from one round of a loop to the next while nothing hangs on them:
 * else no round would ever be like one before.
 */
public final class Widening {
    private final Map<Integer, Integer> identities = new HashMap<>();

    private Widening() {}

    /**
     * Widens what differs from the round before.
     *
     * @param before the round before
     * @param state the state that begins a new one
     */
    public static void widen(State before, State state) {
        var widening = new Widening();
        for (int i = 0; i < Math.min(before.depth(), state.depth()); i++) {
            widening.widen(before.frame(i), state.frame(i));
        }
    }

    private void widen(Frame before, Frame frame) {
        for (int i = 0; i < Code.FRAME_POINTER; i++) {
            if (changed(before.register(i), frame.register(i))) frame.set(i, Scalar.unknown());
        }
        for (int i = 0; i < Math.min(before.depth(), frame.depth()); i++) {
            var slot = frame.slot(i);
            if (!before.slot(i).isSpill() || !slot.isSpill()) continue;
            if (!changed(before.slot(i).register(), slot.register())) continue;
            frame.set(i, new Slot(slot.kinds(), Scalar.unknown()));
        }
    }

    private boolean changed(Reg before, Reg now) {
        return before instanceof Scalar old
                && now instanceof Scalar number
                && !old.isPrecise()
                && !number.isPrecise()
                && !(old.bounds().equals(number.bounds()) && isSame(old.id(), number.id()));
    }

    private boolean isSame(int before, int now) {
        if (before == 0 || now == 0) return before == now;
        return identities.computeIfAbsent(before, _ -> now) == now;
    }
}
