package io.jsockmap.bpf.verifier.explore;

import io.jsockmap.bpf.insn.Code;
import io.jsockmap.bpf.verifier.flow.ControlFlow;
import io.jsockmap.bpf.verifier.state.Dynptr;
import io.jsockmap.bpf.verifier.state.Frame;
import io.jsockmap.bpf.verifier.state.Iteration;
import io.jsockmap.bpf.verifier.state.Pointer;
import io.jsockmap.bpf.verifier.state.Reg;
import io.jsockmap.bpf.verifier.state.Scalar;
import io.jsockmap.bpf.verifier.state.Slot;
import io.jsockmap.bpf.verifier.state.State;
import io.jsockmap.bpf.verifier.state.Unreadable;

import java.util.Objects;

/**
 * Whether an earlier state stands for a later one at the same instruction: whatever the program may
 * do from the later one, it was found to be safe from the earlier.
 */
final class Equivalence {
    private final ControlFlow flow;
    private final boolean mayLeakPointers;
    private final Identities identities = new Identities();
    private Exactness exactness = Exactness.EXACT;

    /**
     * @param mayLeakPointers whether what was never written to the stack may be read, and is any
     *     number
     */
    Equivalence(ControlFlow flow, boolean mayLeakPointers) {
        this.flow = flow;
        this.mayLeakPointers = mayLeakPointers;
    }

    /** Whether the old state stands for the new one before the instruction at a slot. */
    boolean holds(State old, State now, int slot, Exactness exactness) {
        this.exactness = exactness;
        identities.clear();
        if (old.depth() != now.depth() || !holdsSame(old, now)) return false;
        for (int i = old.depth() - 1; i >= 0; i--) {
            int at = i == old.depth() - 1 ? slot : old.frame(i + 1).callSite();
            if (!frames(old.frame(i), now.frame(i), flow.liveAt(at))) return false;
        }
        return true;
    }

    private boolean holdsSame(State old, State now) {
        if (old.isRcuLocked() != now.isRcuLocked()) return false;
        if (old.preemptions() != now.preemptions()) return false;
        var a = old.references();
        var b = now.references();
        if (a.size() != b.size()) return false;
        for (int i = 0; i < a.size(); i++) {
            if (!identities.match(a.get(i).id(), b.get(i).id())) return false;
        }
        if (old.lock().isPresent() != now.lock().isPresent()) return false;
        return old.lock().isEmpty()
                || Objects.equals(old.lock().get().owner(), now.lock().get().owner())
                        && identities.match(old.lock().get().id(), now.lock().get().id());
    }

    private boolean frames(Frame old, Frame now, int live) {
        if (old.callSite() != now.callSite() || old.function() != now.function()) return false;
        if (old.call() != now.call() || old.callbacks() > now.callbacks()) return false;
        for (int i = 0; i < Code.FRAME_POINTER; i++) {
            boolean matters = (live >> i & 1) != 0;
            if (matters && !registers(old.register(i), now.register(i))) return false;
        }
        int depth = Math.max(old.depth(), now.depth());
        for (int i = 0; i < depth; i++) {
            if (!slots(old.slot(i), now.slot(i))) return false;
        }
        return true;
    }

    /** Whether registers hold the same, with the same identities. */
    static boolean isSame(Reg old, Reg now) {
        if (old instanceof Scalar a && now instanceof Scalar b) {
            return a.bounds().equals(b.bounds())
                    && a.id() == b.id()
                    && a.shift() == b.shift()
                    && a.distance() == b.distance();
        }
        return old.equals(now);
    }

    // --- Registers -------------------------------------------------------------------------------

    private boolean registers(Reg old, Reg now) {
        return switch (old) {
            case Unreadable _ -> exactness == Exactness.LOOSE || !now.isReadable();
            case Scalar a -> now instanceof Scalar b && scalars(a, b);
            case Pointer a -> now instanceof Pointer b && pointers(a, b);
        };
    }

    private boolean scalars(Scalar old, Scalar now) {
        if (exactness == Exactness.LOOSE && !old.isPrecise()) return true;
        if (old.shift() != now.shift()) return false;
        if (old.isShifted() && old.distance() != now.distance()) return false;
        if (exactness == Exactness.EXACT) {
            return old.bounds().equals(now.bounds()) && identities.match(old.id(), now.id());
        }
        return old.bounds().includes(now.bounds()) && identities.matchLink(old.id(), now.id());
    }

    private boolean pointers(Pointer old, Pointer now) {
        boolean alike =
                old.kind() == now.kind()
                        && old.nullable() == now.nullable()
                        && old.readOnly() == now.readOnly()
                        && targets(old.target(), now.target())
                        && old.size() == now.size()
                        && old.frame() == now.frame()
                        && old.offset() == now.offset();
        if (!alike || !identities.match(old.reference(), now.reference())) return false;
        if (exactness == Exactness.EXACT) return same(old, now);
        return switch (old.kind()) {
            case MAP_VALUE, MAP_KEY, MEMORY, RECORD ->
                    old.variable().includes(now.variable()) && identities.match(old.id(), now.id());
            case PACKET ->
                    reaches(old.range(), now.range())
                            && old.variable().includes(now.variable())
                            && identities.match(old.id(), now.id());
            default -> same(old, now);
        };
    }

    /** A pointer that was found to be at the end, or beyond, has ruled out ways by that. */
    private static boolean reaches(int old, int now) {
        return old < 0 || now < 0 ? old == now : now >= old;
    }

    /** The target of a slice is the identity of its dynptr. */
    private boolean targets(Object old, Object now) {
        return old instanceof Integer a && now instanceof Integer b
                ? identities.match(a, b)
                : Objects.equals(old, now);
    }

    private boolean same(Pointer old, Pointer now) {
        return old.range() == now.range()
                && old.variable().equals(now.variable())
                && identities.match(old.id(), now.id());
    }

    // --- Slots -----------------------------------------------------------------------------------

    private boolean slots(Slot old, Slot now) {
        if (exactness == Exactness.EXACT && old.kinds() != now.kinds()) return false;
        var a = old.asScalar();
        var b = now.asScalar();
        if (a != null && b != null) return scalars(a, b);
        for (int i = 0; i < Slot.BYTES; i++) {
            int kind = old.kind(i);
            if (kind == Slot.INVALID) continue;
            // What was safe with any number is so with a pointer, but for what it tells.
            if (kind == Slot.MISC && (mayLeakPointers || now.kind(i) == Slot.ZERO)) continue;
            if (kind != now.kind(i)) return false;
        }
        return switch (old.kind(0)) {
            case Slot.SPILL -> registers(old.register(), now.register());
            case Slot.DYNPTR -> dynptrs(old.dynptr(), now.dynptr());
            case Slot.ITERATOR -> iterations(old.iteration(), now.iteration());
            default -> true;
        };
    }

    private boolean dynptrs(Dynptr old, Dynptr now) {
        return old.kind() == now.kind()
                && old.first() == now.first()
                && identities.match(old.id(), now.id())
                && identities.match(old.reference(), now.reference());
    }

    private boolean iterations(Iteration old, Iteration now) {
        return old.word().equals(now.word())
                && old.drained() == now.drained()
                && identities.match(old.reference(), now.reference());
    }
}
