package io.jsockmap.testkit.lint.flow;

import io.jsockmap.bpf.insn.Instruction;
import io.jsockmap.bpf.insn.Operation.Callee;
import io.jsockmap.bpf.insn.Operation.Exit;
import io.jsockmap.bpf.insn.Operation.Jump;
import io.jsockmap.bpf.insn.Operation.MayGoto;
import io.jsockmap.bpf.program.Program;
import io.jsockmap.testkit.lint.flow.Value.Vague;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a program's registers and stack may hold before each instruction, whatever the path. Unlike
 * the verifier it walks no path by itself, so it also has an answer for programs that are refused,
 * and for long ones a quick one. A function is looked at once for all of its callers.
 */
public final class Flow {
    private final Program program;
    private final Paths paths;
    private final Steps steps;
    private final BitSet leaders = new BitSet();
    private final Map<Integer, State> atLeaders = new HashMap<>();
    private final Map<Integer, State> ends = new HashMap<>();
    private final BitSet open = new BitSet();
    private final Liveness liveness;
    private final List<CallSite> calls = new ArrayList<>();

    private Flow(Program program) {
        this.program = program;
        paths = new Paths(program);
        steps = new Steps(program);
        liveness = new Liveness(program, paths);
    }

    /**
     * Looks at a program.
     *
     * @param asDelivered whether it begins with the packet as it was delivered; a program that
     *     others jump to may not
     */
    public static Flow of(Program program, boolean asDelivered) {
        var flow = new Flow(program);
        if (program.slot(0) == null) return flow;
        flow.findLeaders();
        flow.arrive(0, State.ofProgram(asDelivered));
        flow.solve();
        flow.walk(flow::note);
        return flow;
    }

    /** Looks at instructions, each with what is known before it. */
    public interface Visitor {
        /** The state is valid during the call only. */
        void visit(int slot, Instruction instruction, State before);
    }

    private void findLeaders() {
        paths.functions().forEach(leaders::set);
        paths.slots()
                .forEach(
                        slot -> {
                            var i = program.slot(slot);
                            boolean branches = paths.successors(slot).length != 1;
                            boolean jumps =
                                    branches
                                            || paths.successors(slot)[0] != slot + i.slots()
                                            || paths.called(slot).isPresent();
                            if (!jumps) return;
                            for (int next : paths.successors(slot)) leaders.set(next);
                            leaders.set(slot + i.slots());
                        });
    }

    private void solve() {
        while (!open.isEmpty()) {
            int leader = open.nextSetBit(0);
            open.clear(leader);
            walkBlock(leader, (_, _, _) -> {}, true);
        }
    }

    /** Goes over all instructions that some path gets to, in their order. */
    public void walk(Visitor visitor) {
        atLeaders.keySet().stream().sorted().forEach(l -> walkBlock(l, visitor, false));
    }

    private void walkBlock(int leader, Visitor visitor, boolean solving) {
        var state = atLeaders.get(leader).copy();
        int slot = leader;
        while (true) {
            var i = program.slot(slot);
            visitor.visit(slot, i, state);
            var next = paths.successors(slot);
            boolean plain = next.length == 1 && next[0] == slot + i.slots() && !isCall(slot);
            if (solving) paths.named(slot).ifPresent(f -> arrive(f, State.ofFunction()));
            if (plain) {
                steps.step(slot, i, state);
                slot = next[0];
                if (!leaders.get(slot)) continue;
                if (solving) arrive(slot, state);
            } else if (solving) {
                leave(slot, i, state, next);
            }
            return;
        }
    }

    private boolean isCall(int slot) {
        return paths.called(slot).isPresent();
    }

    private void leave(int slot, Instruction i, State state, int[] next) {
        var called = paths.called(slot);
        if (called.isPresent()) {
            call(slot, called.getAsInt(), state);
            return;
        }
        switch (i.operation()) {
            case Exit _ -> end(paths.functionOf(slot), state);
            case Jump _ -> {
                for (int target : next) {
                    var there = state.copy();
                    boolean taken = target != slot + 1;
                    // A jump to the next instruction tells nothing.
                    if (i.offset() != 0) Steps.refine(slot, i, taken, there);
                    arrive(target, there);
                }
            }
            case MayGoto _ -> {
                for (int target : next) arrive(target, state.copy());
            }
            default -> {
                steps.step(slot, i, state);
                for (int target : next) arrive(target, state.copy());
            }
        }
    }

    private void call(int slot, int function, State state) {
        arrive(function, state.called());
        var end = ends.get(function);
        if (end == null || paths.successors(slot).length == 0) return;
        for (int r = 1; r <= 5; r++) Steps.handedOver(state.register(r), state);
        if (!end.isAsDelivered() && state.isAsDelivered()) state.packetChanged();
        Steps.forgetCallerSaved(state);
        state.set(0, end.register(0));
        arrive(slot + 1, state);
    }

    private void end(int function, State state) {
        var end = State.ofFunction();
        var result = paths.isVoid(function) ? Vague.UNKNOWN : state.register(0);
        end.set(0, State.foreign(result));
        end.setAsDelivered(state.isAsDelivered());
        var known = ends.get(function);
        if (known == null) ends.put(function, end);
        else if (!known.join(end)) return;
        paths.callsOf(function)
                .map(leaders::previousSetBit)
                .filter(atLeaders::containsKey)
                .forEach(open::set);
    }

    private void arrive(int slot, State state) {
        var known = atLeaders.get(slot);
        if (known == null) atLeaders.put(slot, state.copy());
        else if (!known.join(state)) return;
        open.set(slot);
    }

    private void note(int slot, Instruction i, State before) {
        if (i.calls(Callee.HELPER)) {
            calls.add(new CallSite(program, slot, (int) i.immediate(), before.copy()));
        }
    }

    /** The calls of helpers, in their order. */
    public List<CallSite> calls() {
        return List.copyOf(calls);
    }

    /** Whether some path looks at what a call of a helper returned. */
    public boolean isResultRead(CallSite call) {
        return liveness.isResultRead(call.slot());
    }

    /** What the program may return. */
    public Value result() {
        var end = ends.get(0);
        return end == null ? Vague.UNKNOWN : end.register(0);
    }

    /** Where instructions may go on. */
    public Paths paths() {
        return paths;
    }
}
