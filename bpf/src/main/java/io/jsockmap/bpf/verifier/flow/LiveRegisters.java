package io.jsockmap.bpf.verifier.flow;

import io.jsockmap.bpf.insn.Code;
import io.jsockmap.bpf.program.Program;

/** Which registers some path still uses, before each instruction: a bit for each register. */
final class LiveRegisters {
    /** The frame pointer is always there. */
    private static final int COUNTED = (1 << Code.FRAME_POINTER) - 1;

    private final Program program;
    private final int[] before;

    LiveRegisters(Program program) {
        this.program = program;
        before = new int[program.code().size()];
        boolean changed = true;
        while (changed) {
            changed = false;
            for (int slot = before.length - 1; slot >= 0; slot--) {
                if (program.slot(slot) != null) changed |= update(slot);
            }
        }
    }

    int before(int slot) {
        return before[slot];
    }

    private boolean update(int slot) {
        int after = 0;
        for (int next : ControlFlow.successors(program, slot)) after |= before[next];
        var i = program.slot(slot);
        int live = after & ~RegisterUse.written(i) | RegisterUse.read(program, i) & COUNTED;
        boolean changed = live != before[slot];
        before[slot] = live;
        return changed;
    }
}
