package io.jsockmap.bpf.verifier.flow;

import io.jsockmap.bpf.insn.Instruction;
import io.jsockmap.bpf.insn.Operation.Call;
import io.jsockmap.bpf.insn.Operation.Callee;
import io.jsockmap.bpf.insn.Operation.Exit;
import io.jsockmap.bpf.insn.Operation.Goto;
import io.jsockmap.bpf.insn.Operation.Jump;
import io.jsockmap.bpf.insn.Operation.MayGoto;
import io.jsockmap.bpf.program.CallTrait;
import io.jsockmap.bpf.program.Program;

import java.util.BitSet;
import java.util.Set;

/**
 * What the instructions say of a program's paths before any is walked: where they may go, where it
 * pays to compare states, and which registers are still used.
 */
public final class ControlFlow {
    private static final Set<CallTrait> CALLS_BACK =
            Set.of(CallTrait.CALLS_BACK_NUMBERS, CallTrait.CALLS_BACK_ELEMENTS);

    private final Program program;
    private final Functions functions;
    private final BitSet comparisons = new BitSet();
    private final BitSet forced = new BitSet();
    private final LiveRegisters live;
    private final Components components;

    /**
     * @throws Refused if a jump goes astray, an instruction can't be reached, or the license lets
     *     nobody call functions of the kernel
     */
    public ControlFlow(Program program) {
        this.program = program;
        KfuncLicense.check(program);
        functions = new Functions(program);
        new Reachability(program, functions).check();
        for (int slot = 0; slot < program.code().size(); slot++) {
            var instruction = program.slot(slot);
            if (instruction != null) note(slot, instruction);
        }
        live = new LiveRegisters(program);
        components = new Components(program);
    }

    private void note(int slot, Instruction i) {
        switch (i.operation()) {
            case Jump _ -> {
                comparisons.set(slot);
                comparisons.set((int) i.jumpTarget(slot));
            }
            case MayGoto _ -> {
                force(slot);
                comparisons.set((int) i.jumpTarget(slot));
            }
            case Goto _ -> comparisons.set((int) i.jumpTarget(slot));
            case Call(Callee callee) -> {
                comparisons.set(slot + 1);
                noteCall(slot, i, callee);
            }
            default -> {}
        }
        if (!i.namesFunction()) return;
        comparisons.set(slot);
        comparisons.set(slot + i.slots());
        comparisons.set((int) i.functionAt(slot));
    }

    private void noteCall(int slot, Instruction i, Callee callee) {
        switch (callee) {
            case HELPER -> {
                var traits = program.type().helper((int) i.immediate()).map(h -> h.traits());
                if (traits.isEmpty()) return;
                if (traits.get().contains(CallTrait.CALLS_BACK_LATER)) comparisons.set(slot);
                if (traits.get().stream().anyMatch(CALLS_BACK::contains)) force(slot);
            }
            case KFUNC -> {
                var kfunc = program.type().kfunc(i.immediate());
                if (kfunc.isPresent() && kfunc.get().has(CallTrait.ITERATOR_NEXT)) force(slot);
            }
            case LOCAL, REGISTER -> {}
        }
    }

    private void force(int slot) {
        comparisons.set(slot);
        forced.set(slot);
    }

    /** The program's functions. */
    public Functions functions() {
        return functions;
    }

    /** Whether states are compared before the instruction at a slot. */
    public boolean comparesAt(int slot) {
        return comparisons.get(slot);
    }

    /** Whether a checkpoint is made there in any case: a loop can only end so. */
    public boolean checkpointAt(int slot) {
        return forced.get(slot);
    }

    /** The registers that some path uses from the instruction at a slot on, a bit for each. */
    public int liveAt(int slot) {
        return live.before(slot);
    }

    /**
     * The loop that the instruction at a slot is in, or 0. A helper that calls a function back is
     * one by itself.
     */
    public int loopOf(int slot) {
        int component = components.of(slot);
        return component == 0 && forced.get(slot) ? -1 - slot : component;
    }

    /** Where the instruction at a slot may go on, itself apart from calls. */
    static int[] successors(Program program, int slot) {
        var i = program.slot(slot);
        int next = slot + i.slots();
        return switch (i.operation()) {
            case Exit _ -> new int[0];
            case Goto _ -> new int[] {(int) i.jumpTarget(slot)};
            case Jump _, MayGoto _ -> new int[] {next, (int) i.jumpTarget(slot)};
            default -> new int[] {next};
        };
    }
}
