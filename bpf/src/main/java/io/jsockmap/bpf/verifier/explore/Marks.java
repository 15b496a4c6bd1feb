package io.jsockmap.bpf.verifier.explore;

import io.jsockmap.bpf.insn.Code;
import io.jsockmap.bpf.verifier.state.Reg;
import io.jsockmap.bpf.verifier.state.Scalar;
import io.jsockmap.bpf.verifier.state.State;

import java.util.function.BiConsumer;

/** What hung on a state hangs on each one for which it stands. */
final class Marks {
    private Marks() {}

    /** What has hung on the old state. */
    static void copy(State old, State now) {
        now.marks().readAsIn(old.marks());
        forNumbers(
                old,
                now,
                (a, b) -> {
                    if (a.isPrecise()) b.markPrecise();
                });
    }

    /** What has hung on the old state, and what will. */
    static void follow(State old, State now) {
        now.marks().follow(old.marks());
        forNumbers(old, now, Scalar::requires);
    }

    private static void forNumbers(State old, State now, BiConsumer<Scalar, Scalar> action) {
        for (int f = 0; f < old.depth(); f++) {
            var a = old.frame(f);
            var b = now.frame(f);
            for (int i = 0; i < Code.FRAME_POINTER; i++) {
                forNumbers(a.register(i), b.register(i), action);
            }
            for (int i = 0; i < Math.min(a.depth(), b.depth()); i++) {
                var before = a.slot(i);
                var after = b.slot(i);
                if (before.isSpill() && after.isSpill()) {
                    forNumbers(before.register(), after.register(), action);
                }
            }
        }
    }

    private static void forNumbers(Reg old, Reg now, BiConsumer<Scalar, Scalar> action) {
        if (old instanceof Scalar a && now instanceof Scalar b) action.accept(a, b);
    }
}
