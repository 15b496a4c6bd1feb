package io.jsockmap.testkit.lint.flow;

import io.jsockmap.bpf.insn.Instruction;
import io.jsockmap.bpf.insn.Operation.Call;
import io.jsockmap.bpf.insn.Operation.Exit;
import io.jsockmap.bpf.insn.Operation.LegacyLoad;
import io.jsockmap.bpf.program.Program;

/** Which registers some path still reads before it overwrites them. Registers are bits. */
final class Liveness {
    private static final int CALLER_SAVED = 0b111111;
    private static final int RESULT = 1;

    private final Program program;
    private final Paths paths;
    private final int[] before;

    Liveness(Program program, Paths paths) {
        this.program = program;
        this.paths = paths;
        before = new int[program.code().size()];
        var slots = paths.slots().boxed().toList().reversed();
        boolean changed = true;
        while (changed) {
            changed = false;
            for (int slot : slots) changed |= update(slot);
        }
    }

    private boolean update(int slot) {
        var i = program.slot(slot);
        int live = behind(slot) & ~written(i) | read(slot, i);
        boolean changed = live != before[slot];
        before[slot] = live;
        return changed;
    }

    private int behind(int slot) {
        int live = 0;
        for (int next : paths.successors(slot)) live |= before[next];
        return live;
    }

    /** Whether R0, as an instruction leaves it, is read. */
    boolean isResultRead(int slot) {
        return (behind(slot) & RESULT) != 0;
    }

    private int read(int slot, Instruction i) {
        return switch (i.operation()) {
            case Exit _ -> paths.isVoid(paths.functionOf(slot)) ? 0 : RESULT;
            case LegacyLoad _ -> -1;
            default -> i.registersRead();
        };
    }

    private static int written(Instruction i) {
        return switch (i.operation()) {
            case Call _, LegacyLoad _ -> CALLER_SAVED;
            default -> i.registersWritten();
        };
    }
}
