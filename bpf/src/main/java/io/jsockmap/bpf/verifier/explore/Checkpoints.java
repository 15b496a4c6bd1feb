package io.jsockmap.bpf.verifier.explore;

import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.insn.Code;
import io.jsockmap.bpf.insn.Operation;
import io.jsockmap.bpf.insn.Operation.Call;
import io.jsockmap.bpf.insn.Operation.Callee;
import io.jsockmap.bpf.insn.Operation.MayGoto;
import io.jsockmap.bpf.program.MachineLimits;
import io.jsockmap.bpf.verifier.flow.ControlFlow;
import io.jsockmap.bpf.verifier.rule.Rule;
import io.jsockmap.bpf.verifier.state.State;
import io.jsockmap.bpf.verifier.step.Walk;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The states that are kept, by instruction. When to keep one and when to give one up decides how
 * many states are looked at, not what is accepted; the numbers are those of Linux.
 */
final class Checkpoints {
    private static final int MIN_JUMPS = 2;
    private static final int MIN_INSTRUCTIONS = 8;
    private static final int MIN_LOOP_JUMPS = 20;
    private static final int MIN_LOOP_INSTRUCTIONS = 100;
    private static final int MAX_HISTORY = 40;
    private static final int PATIENCE = 3;
    private static final int LOOP_PATIENCE = 64;

    private final Walk walk;
    private final ControlFlow flow;
    private final Equivalence equivalence;
    private final Counters counters;
    private final Map<Integer, List<Checkpoint>> kept = new HashMap<>();
    private final Map<LoopKey, Checkpoint> openLoops = new HashMap<>();

    Checkpoints(Walk walk, Counters counters) {
        this.walk = walk;
        this.flow = walk.flow();
        this.counters = counters;
        equivalence = new Equivalence(flow, walk.mayLeakPointers());
    }

    /** What a comparison comes to. */
    sealed interface Outcome {
        /** An earlier state stands for this one. */
        record Known() implements Outcome {}

        /** The path goes on; behind a new checkpoint if there is one. */
        record GoesOn(Optional<Checkpoint> checkpoint) implements Outcome {}
    }

    /**
     * Compares the state at this instruction with those kept there.
     *
     * @param parent the path's last checkpoint, or null
     */
    Outcome visit(Checkpoint parent, int history) {
        int slot = walk.slot();
        boolean forced = flow.checkpointAt(slot);
        boolean keep =
                forced || history > MAX_HISTORY || counters.isFar(MIN_JUMPS, MIN_INSTRUCTIONS);
        var here = kept.computeIfAbsent(slot, _ -> new ArrayList<>());
        for (var each = here.iterator(); each.hasNext(); ) {
            var old = each.next();
            if (old.isComplete()) {
                if (standsFor(old)) return new Outcome.Known();
            } else {
                if (endsLoop(old, parent)) return new Outcome.Known();
                boolean soon = !counters.isBeyond(MIN_LOOP_JUMPS, MIN_LOOP_INSTRUCTIONS);
                if (soon && !forced && history <= MAX_HISTORY) keep = false;
            }
            if (keep) old.misses++;
            int patience = forced && !old.isComplete() ? LOOP_PATIENCE : PATIENCE;
            if (old.misses > old.hits * patience + patience) {
                each.remove();
                counters.forgotten();
            }
        }
        if (!keep) return new Outcome.GoesOn(Optional.empty());
        return new Outcome.GoesOn(Optional.of(keep(parent, here)));
    }

    private Checkpoint keep(Checkpoint parent, List<Checkpoint> here) {
        walk.state().separateNumbers();
        var checkpoint = new Checkpoint(walk.state().copy(), parent, walk.slot());
        walk.state().marks().continueBehind(checkpoint.state.marks());
        here.add(checkpoint);
        counters.kept(here.size());
        return checkpoint;
    }

    // --- A state of which all paths are known ----------------------------------------------------

    private boolean standsFor(Checkpoint old) {
        boolean open = isInOpenLoop(old);
        if (!open) clean(old);
        var exactness = open ? Exactness.WITHIN : Exactness.LOOSE;
        if (!equivalence.holds(old.state, walk.state(), walk.slot(), exactness)) return false;
        old.hits++;
        if (open) {
            Marks.follow(old.state, walk.state());
        } else {
            Marks.copy(old.state, walk.state());
        }
        return true;
    }

    private void clean(Checkpoint old) {
        if (old.cleaned) return;
        old.cleaned = true;
        var live = new int[MachineLimits.FRAMES];
        int last = old.state.depth() - 1;
        for (int i = 0; i <= last; i++) {
            live[i] = flow.liveAt(i == last ? old.slot : old.state.frame(i + 1).callSite());
        }
        old.state.clean(live);
    }

    /** A loop of the program, in the functions from which it was entered. */
    private record LoopKey(List<Integer> callSites, int component) {}

    /** The outermost loop that a checkpoint is in. */
    private Optional<LoopKey> loopOf(Checkpoint at) {
        List<Integer> callSites = new ArrayList<>();
        int last = at.state.depth() - 1;
        for (int i = 0; i <= last; i++) {
            int slot = i == last ? at.slot : at.state.frame(i + 1).callSite();
            int component = flow.loopOf(slot);
            if (component != 0) return Optional.of(new LoopKey(callSites, component));
            callSites.add(slot);
        }
        return Optional.empty();
    }

    private static Checkpoint outer(Checkpoint a, Checkpoint b) {
        return !a.isComplete() && a.depth <= b.depth ? a : b;
    }

    /** What hangs on a state is not known before the loop that it is in has ended. */
    private boolean isInOpenLoop(Checkpoint old) {
        if (openLoops.isEmpty()) return false;
        return loopOf(old).map(openLoops::get).map(head -> !head.isComplete()).orElse(false);
    }

    // --- A state on this path, or one of which paths are open ------------------------------------

    private boolean endsLoop(Checkpoint old, Checkpoint parent) {
        var operation = walk.program().slot(walk.slot()).operation();
        boolean forced = flow.checkpointAt(walk.slot());
        if (forced && comesBack(old, operation)) {
            old.hits++;
            loopOf(old).ifPresent(loop -> openLoops.merge(loop, old, Checkpoints::outer));
            Marks.follow(old.state, walk.state());
            return true;
        }
        if (isEndless(old) && isOnPath(old, parent)) throw endless();
        return false;
    }

    /** A function that is called later may begin as another does whose paths are open. */
    @SuppressWarnings("ReferenceEquality") // a checkpoint is itself only
    private static boolean isOnPath(Checkpoint old, Checkpoint parent) {
        var at = parent;
        while (at != null && at.depth > old.depth) at = at.parent;
        return at == old;
    }

    /** Whether the run, not the program's numbers, ends the loop that leads back here. */
    private boolean comesBack(Checkpoint old, Operation operation) {
        var now = walk.state();
        boolean another =
                switch (operation) {
                    case MayGoto _ -> old.state.mayGotos() != now.mayGotos();
                    case Call(Callee callee) when callee == Callee.KFUNC ->
                            Iterations.goesOn(old.state, now);
                    // The function has come back to the helper that calls it.
                    default -> now.frame().callbacks() > 0;
                };
        return another && equivalence.holds(old.state, now, walk.slot(), Exactness.WITHIN);
    }

    private boolean isEndless(Checkpoint old) {
        var now = walk.state();
        return looksAlike(old.state, now)
                && old.state.mayGotos() == now.mayGotos()
                && old.state.unrolled() == now.unrolled()
                && !Iterations.differ(old.state, now)
                && equivalence.holds(old.state, now, walk.slot(), Exactness.EXACT);
    }

    /** Whether each register, used or not, holds just what it held. */
    private static boolean looksAlike(State old, State now) {
        if (old.depth() != now.depth()) return false;
        for (int i = 0; i <= Code.FRAME_POINTER; i++) {
            if (!Equivalence.isSame(old.register(i), now.register(i))) return false;
        }
        return true;
    }

    private RuntimeException endless() {
        return walk.refused(
                Rule.ENDLESS_LOOP, Errno.EINVAL, "infinite loop detected at insn %d", walk.slot());
    }

    /** The last state that this path has left at this instruction. */
    Optional<State> previous(Checkpoint parent) {
        for (var at = parent; at != null; at = at.parent) {
            if (at.slot == walk.slot() && isInSameCalls(at.state)) return Optional.of(at.state);
        }
        return Optional.empty();
    }

    private boolean isInSameCalls(State other) {
        var now = walk.state();
        if (other.depth() != now.depth()) return false;
        for (int i = 0; i < now.depth(); i++) {
            if (other.frame(i).callSite() != now.frame(i).callSite()) return false;
        }
        return true;
    }
}
