package io.jsockmap.bpf.verifier.flow;

import io.jsockmap.bpf.insn.Code;
import io.jsockmap.bpf.insn.Instruction;
import io.jsockmap.bpf.insn.Operation.Alu;
import io.jsockmap.bpf.insn.Operation.Jump;
import io.jsockmap.bpf.insn.Source;
import io.jsockmap.bpf.program.Program;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;

/**
 * Which registers are never negative, and which never zero, in front of each instruction. It comes
 * from the instructions alone and holds for all values: what is known of a number on one path need
 * not hold for one for which that path stands.
 */
public final class Signs {
    private final Program program;
    private final int[][] before;
    private final Deque<Integer> open = new ArrayDeque<>();

    public Signs(Program program, Functions functions) {
        this.program = program;
        before = new int[program.code().size()][];
        for (int start : functions.starts()) {
            var entry = new int[Code.FRAME_POINTER + 1];
            entry[Code.FRAME_POINTER] = Sign.NON_NEGATIVE | Sign.NON_ZERO;
            reach(start, entry);
        }
        while (!open.isEmpty()) follow(open.pop());
    }

    private void reach(int slot, int[] signs) {
        var known = before[slot];
        if (known == null) {
            before[slot] = signs.clone();
        } else {
            boolean changed = false;
            for (int i = 0; i < known.length; i++) {
                changed |= (known[i] & ~signs[i]) != 0;
                known[i] &= signs[i];
            }
            if (!changed) return;
        }
        open.push(slot);
    }

    private void follow(int slot) {
        var i = program.slot(slot);
        var signs = before[slot].clone();
        if (i.operation() instanceof Jump jump) {
            branch(slot, i, jump, signs);
            return;
        }
        SignOf.step(i, signs);
        for (int next : ControlFlow.successors(program, slot)) reach(next, signs);
    }

    private void branch(int slot, Instruction i, Jump jump, int[] signs) {
        for (boolean taken : new boolean[] {false, true}) {
            var learned = Arrays.copyOf(signs, signs.length);
            SignOf.learn(i, jump, taken, learned);
            reach(slot + 1 + (taken ? i.offset() : 0), learned);
        }
    }

    /** Whether a register is never negative in front of the instruction at a slot. */
    public boolean isNonNegative(int slot, int register) {
        return Sign.isNonNegative(before[slot][register]);
    }

    /** Whether the divisor of a division or modulo is never zero, on the bits that count. */
    public boolean hasNonZeroDivisor(int slot, Alu alu) {
        var i = program.slot(slot);
        int sign = SignOf.operand(i, alu.source(), alu.bits(), before[slot]);
        boolean whole = alu.bits() == 64 || alu.source() == Source.IMMEDIATE || Sign.isLow(sign);
        return whole && Sign.isNonZero(sign);
    }
}
