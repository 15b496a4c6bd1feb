package io.jsockmap.bpf.verifier.explore;

import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.insn.Operation.MayGoto;
import io.jsockmap.bpf.program.Program;
import io.jsockmap.bpf.verifier.call.Calls;
import io.jsockmap.bpf.verifier.flow.ControlFlow;
import io.jsockmap.bpf.verifier.rule.Rule;
import io.jsockmap.bpf.verifier.rule.Statistics;
import io.jsockmap.bpf.verifier.state.Frame;
import io.jsockmap.bpf.verifier.state.Pointer;
import io.jsockmap.bpf.verifier.state.PointerKind;
import io.jsockmap.bpf.verifier.state.State;
import io.jsockmap.bpf.verifier.step.MemoryAccess;
import io.jsockmap.bpf.verifier.step.MemoryBounds;
import io.jsockmap.bpf.verifier.step.StackAccess;
import io.jsockmap.bpf.verifier.step.Walk;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * Walks all paths of a program, one instruction after the other, to the end or to a known state.
 */
public final class Exploration {
    /** As many instructions as the kernel looks at. */
    public static final int MAX_INSTRUCTIONS = 1_000_000;

    /** As many paths may wait to be walked. */
    private static final int MAX_PENDING = 8192;

    private record Pending(State state, int slot, int from, Checkpoint parent, int history) {}

    private final Program program;
    private final Walk walk;
    private final Stepper stepper;
    private final Calls calls;
    private final Counters counters = new Counters();
    private final Deque<Pending> pending = new ArrayDeque<>();
    private final Log log;
    private Checkpoints checkpoints;
    private Checkpoint parent;

    /** The checkpoint that was made before the instruction that is being looked at, if one was. */
    private Checkpoint arrived;

    private int history;

    /**
     * @param mayLeakPointers whether the program may make numbers of pointers
     */
    public Exploration(Program program, ControlFlow flow, boolean mayLeakPointers, Log log) {
        this.program = program;
        this.log = log;
        walk = new Walk(program, flow, mayLeakPointers);
        checkpoints = new Checkpoints(walk, counters);
        var bounds = new MemoryBounds(walk);
        var stack = new StackAccess(walk);
        calls = new Calls(walk, bounds, stack, this::previous);
        var memory = new MemoryAccess(walk, bounds, stack);
        stepper = new Stepper(walk, memory, calls, this::previous);
    }

    /** Where it is, and what is known there. */
    public Walk walk() {
        return walk;
    }

    /** How much was looked at so far. */
    public Statistics statistics() {
        return counters.statistics();
    }

    /** The calls that were seen. */
    public Calls calls() {
        return calls;
    }

    /**
     * Walks all paths from the beginning of a function.
     *
     * @throws io.jsockmap.bpf.verifier.flow.Refused if one of them breaks a rule
     */
    public void explore(State start, int slot) {
        // What is known of other functions' states is of no use to this one.
        checkpoints = new Checkpoints(walk, counters);
        parent = null;
        history = 0;
        walk.goTo(start, slot);
        log.begins(walk);
        while (true) {
            walkToEnd();
            pathEnded();
            if (pending.isEmpty()) return;
            resume(pending.pop());
        }
    }

    private Optional<State> previous() {
        return checkpoints.previous(arrived == parent && parent != null ? parent.parent : parent);
    }

    private void resume(Pending next) {
        parent = next.parent;
        history = next.history;
        walk.goTo(next.state, next.slot);
        next.state.turn(next.from, next.slot);
        log.resumes(walk, next.from);
    }

    private void walkToEnd() {
        while (true) {
            count();
            arrived = null;
            if (walk.flow().comparesAt(walk.slot())) {
                var outcome = checkpoints.visit(parent, history);
                if (outcome instanceof Checkpoints.Outcome.Known) {
                    log.known(walk);
                    return;
                }
                if (outcome instanceof Checkpoints.Outcome.GoesOn(var kept) && kept.isPresent()) {
                    arrived = kept.get();
                    parent = arrived;
                    history = 0;
                }
                history++;
            }
            int slot = walk.slot();
            var instruction = program.slot(slot);
            if (touchesStack()) history++;
            log.before(walk);
            int next = stepper.step(instruction);
            log.after(walk, next);
            walk.forgetNotes();
            for (var fork : walk.takeForks()) fork(fork);
            if (next == Calls.END) return;
            if (next != slot + instruction.slots()) walk.state().turn(slot, next);
            walk.goTo(next);
        }
    }

    private void count() {
        var operation = program.slot(walk.slot()).operation();
        if (counters.instruction(Stepper.isJump(operation)) <= MAX_INSTRUCTIONS) return;
        throw walk.refused(
                Rule.TOO_COMPLEX,
                Errno.E2BIG,
                "BPF program is too large. Processed %d insn",
                counters.instructions());
    }

    private boolean touchesStack() {
        var access = program.slot(walk.slot()).access();
        return access.isPresent()
                && walk.state().register(access.get().base()) instanceof Pointer pointer
                && pointer.is(PointerKind.STACK);
    }

    private void fork(Walk.Fork fork) {
        log.forks();
        // A function that is called later starts from nothing that is known here.
        boolean apart =
                fork.state().frame(0).call() == Frame.Call.LATER && fork.state().trail().isEmpty();
        if (!apart && parent != null) parent.branches++;
        pending.push(
                new Pending(
                        fork.state(), fork.slot(), fork.from(), apart ? null : parent, history));
        if (pending.size() <= MAX_PENDING) return;
        boolean may = walk.program().slot(walk.slot()).operation() instanceof MayGoto;
        throw walk.refused(
                Rule.TOO_COMPLEX,
                may ? Errno.ENOMEM : Errno.EFAULT,
                "The sequence of %d jumps is too complex.",
                pending.size());
    }

    private void pathEnded() {
        for (var at = parent; at != null; at = at.parent) {
            if (--at.branches > 0) return;
        }
    }
}
