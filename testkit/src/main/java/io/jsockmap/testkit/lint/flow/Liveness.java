package io.jsockmap.testkit.lint.flow;

import io.jsockmap.bpf.insn.AluOp;
import io.jsockmap.bpf.insn.AtomicOp;
import io.jsockmap.bpf.insn.Instruction;
import io.jsockmap.bpf.insn.Operation.Alu;
import io.jsockmap.bpf.insn.Operation.Atomic;
import io.jsockmap.bpf.insn.Operation.Call;
import io.jsockmap.bpf.insn.Operation.Callee;
import io.jsockmap.bpf.insn.Operation.Exit;
import io.jsockmap.bpf.insn.Operation.Jump;
import io.jsockmap.bpf.insn.Operation.LegacyLoad;
import io.jsockmap.bpf.insn.Operation.Load;
import io.jsockmap.bpf.insn.Operation.LoadImmediate;
import io.jsockmap.bpf.insn.Operation.SignExtend;
import io.jsockmap.bpf.insn.Operation.Store;
import io.jsockmap.bpf.insn.Operation.Swap;
import io.jsockmap.bpf.insn.Source;
import io.jsockmap.bpf.program.Program;

/** Which registers some path still reads before it overwrites them. Registers are bits. */
final class Liveness {
    private static final int CALLER_SAVED = 0b111111;
    private static final int ARGUMENTS = 0b111110;
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
        int dst = 1 << i.dst();
        int src = 1 << i.src();
        return switch (i.operation()) {
            case Alu(AluOp op, int _, Source source) ->
                    (op == AluOp.MOV ? 0 : dst) | (source == Source.REGISTER ? src : 0);
            case SignExtend _, Load _ -> src;
            case Swap _ -> dst;
            case Store(int _, Source source) -> dst | (source == Source.REGISTER ? src : 0);
            case Atomic _ -> dst | src | RESULT;
            case Jump(var _, int _, Source source) -> dst | (source == Source.REGISTER ? src : 0);
            case Call(Callee callee) -> ARGUMENTS | (callee == Callee.REGISTER ? dst : 0);
            case Exit _ -> paths.isVoid(paths.functionOf(slot)) ? 0 : RESULT;
            case LegacyLoad _ -> -1;
            default -> 0;
        };
    }

    private static int written(Instruction i) {
        return switch (i.operation()) {
            case Alu _, SignExtend _, Swap _, Load _, LoadImmediate _ -> 1 << i.dst();
            case Call _, LegacyLoad _ -> CALLER_SAVED;
            case Atomic(AtomicOp op, int _) when op == AtomicOp.LOAD_ACQUIRE -> 1 << i.dst();
            default -> 0;
        };
    }
}
