package io.jsockmap.bpf.compiler.emit;

import io.jsockmap.bpf.insn.AluOp;
import io.jsockmap.bpf.insn.Code;
import io.jsockmap.bpf.insn.Instruction;
import io.jsockmap.bpf.insn.Operation.Alu;
import io.jsockmap.bpf.insn.Operation.Exit;
import io.jsockmap.bpf.insn.Operation.Jump;
import io.jsockmap.bpf.insn.Operation.LegacyLoad;
import io.jsockmap.bpf.insn.Operation.Load;
import io.jsockmap.bpf.insn.Operation.SignExtend;
import io.jsockmap.bpf.insn.Operation.Swap;
import io.jsockmap.bpf.insn.Source;
import io.jsockmap.bpf.program.CallTrait;
import io.jsockmap.bpf.program.Program;

/**
 * Which registers are still read behind an instruction. Registers are bits; one more says whether
 * the R0 that is there may be what the function returns.
 */
final class Liveness {
    private static final int RESULT = 1 << 11;
    private static final int ALL = (1 << 10) - 1;

    private final Program program;
    private final Body body;
    private final boolean watched;
    private final int[] before;
    private final int[] behind;

    Liveness(Unit unit, Body body) {
        program = unit.program();
        this.body = body;
        watched = unit.watched() && body.start() == 0;
        before = new int[program.code().size()];
        behind = new int[program.code().size()];
        boolean changed = true;
        while (changed) {
            changed = false;
            for (int slot : body.slots().reversed()) changed |= update(slot);
        }
    }

    private boolean update(int slot) {
        var i = program.slot(slot);
        int out = 0;
        if (Body.fallsThrough(i)) out |= at(slot + i.slots());
        if (i.isJump()) out |= at(i.jumpTarget(slot));
        // A tail call leaves the function like an exit.
        int in =
                out & ~written(i)
                        | read(i)
                        | (program.mayCall(i, CallTrait.TAIL_CALL) ? readAtExit() : 0);
        boolean changed = in != before[slot] || out != behind[slot];
        before[slot] = in;
        behind[slot] = out;
        return changed;
    }

    private int at(long slot) {
        return slot >= 0 && slot < before.length ? before[(int) slot] : 0;
    }

    /** Whether a register is read behind an instruction, before it is written. */
    boolean isRead(int slot, int register) {
        return (behind[slot] >> register & 1) != 0;
    }

    /** Whether the R0 that an instruction leaves may be the function's result. */
    boolean mayReturn(int slot) {
        return (behind[slot] & RESULT) != 0;
    }

    private int readAtExit() {
        return 1 | RESULT | (watched ? ALL : 0);
    }

    private int read(Instruction i) {
        return switch (i.operation()) {
            case Exit _ -> readAtExit();
            case LegacyLoad _ -> ALL;
            default -> i.registersRead();
        };
    }

    private static int written(Instruction i) {
        int registers = i.registersWritten();
        return (registers & 1) == 0 ? registers : registers | RESULT;
    }

    /** Whether what an instruction puts into a register is for the next one alone. */
    boolean isForNext(int slot) {
        var i = program.slot(slot);
        int next = slot + i.slots();
        boolean adjoins = next < before.length && !body.targets().get(next);
        if (!adjoins || !body.has(next)) return false;
        var reader = program.slot(next);
        return switch (i.operation()) {
            case Alu _, SignExtend _, Swap _, Load _ -> isForNext(i.dst(), next, reader);
            default -> false;
        };
    }

    /** Whether an instruction begins with reading the register, and nobody reads it again. */
    private boolean isForNext(int register, int slot, Instruction reader) {
        // What writes to R10 is not written at all.
        if ((written(reader) >> Code.FRAME_POINTER & 1) != 0) return false;
        boolean rewritten = (written(reader) >> register & 1) != 0;
        if (!rewritten && isRead(slot, register)) return false;
        return switch (reader.operation()) {
            case Alu(AluOp op, int _, Source source) ->
                    op == AluOp.MOV
                            ? source == Source.REGISTER && reader.src() == register
                            : reader.dst() == register
                                    && !(source == Source.REGISTER && reader.src() == register);
            case Jump(var _, int _, Source source) ->
                    reader.dst() == register
                            && !(source == Source.REGISTER && reader.src() == register);
            case SignExtend _ -> reader.src() == register;
            case Swap _ -> reader.dst() == register;
            default -> false;
        };
    }
}
