package io.jsockmap.bpf.verifier.flow;

import io.jsockmap.bpf.insn.Code;
import io.jsockmap.bpf.insn.Operation.Alu;
import io.jsockmap.bpf.insn.Operation.Exit;
import io.jsockmap.bpf.insn.Operation.Goto;
import io.jsockmap.bpf.insn.Operation.Jump;
import io.jsockmap.bpf.insn.Operation.MayGoto;
import io.jsockmap.bpf.insn.Source;
import io.jsockmap.bpf.program.Program;

import java.util.Arrays;

/**
 * Which registers are never negative, and which never zero, in front of each instruction. It comes
 * from the instructions alone and holds for all values: what is known of a number on one path need
 * not hold for one for which that path stands.
 */
public final class Signs {
    /** In front of an instruction that was not come to, which no other value is. */
    private static final long NOWHERE = -1;

    private final Program program;
    private final long[] before;
    private int current;
    private boolean changed;

    public Signs(Program program, Functions functions) {
        this.program = program;
        before = new long[program.code().size()];
        Arrays.fill(before, NOWHERE);
        long entry = Sign.with(0, Code.FRAME_POINTER, Sign.FRAME_POINTER);
        for (int start : functions.starts()) before[start] = entry;
        do {
            changed = false;
            for (current = 0; current < before.length; current++) {
                if (before[current] != NOWHERE) follow(current);
            }
        } while (changed);
    }

    private void follow(int slot) {
        var i = program.slot(slot);
        int next = slot + i.slots();
        long signs = before[slot];
        switch (i.operation()) {
            case Jump jump -> {
                reach(next, SignOf.learn(i, jump, false, signs));
                reach(next + i.offset(), SignOf.learn(i, jump, true, signs));
            }
            case Goto(boolean far) -> reach(next + (int) (far ? i.immediate() : i.offset()), signs);
            case MayGoto _ -> {
                reach(next, signs);
                reach(next + i.offset(), signs);
            }
            case Exit _ -> {}
            default -> reach(next, SignOf.step(i, signs));
        }
    }

    private void reach(int slot, long signs) {
        long known = before[slot] & signs;
        // What lies ahead is come to in any case.
        changed |= known != before[slot] && slot <= current;
        before[slot] = known;
    }

    /** Whether a register is never negative in front of the instruction at a slot. */
    public boolean isNonNegative(int slot, int register) {
        return Sign.isNonNegative(Sign.of(before[slot], register));
    }

    /** Whether the divisor of a division or modulo is never zero, on the bits that count. */
    public boolean hasNonZeroDivisor(int slot, Alu alu) {
        var i = program.slot(slot);
        int sign = SignOf.operand(i, alu.source(), alu.bits(), before[slot]);
        boolean whole = alu.bits() == 64 || alu.source() == Source.IMMEDIATE || Sign.isLow(sign);
        return whole && Sign.isNonZero(sign);
    }
}
