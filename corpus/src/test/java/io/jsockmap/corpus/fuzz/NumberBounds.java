package io.jsockmap.corpus.fuzz;

import io.jsockmap.bpf.insn.AluOp;
import io.jsockmap.bpf.insn.JumpOp;

/** Ways to show that a number is small: masks, shifts, remainders, comparisons. */
final class NumberBounds {
    private NumberBounds() {}

    /** Makes a register's number at most so great, going elsewhere if it is not; or almost so. */
    static void bound(Writer w, int register, int most, String elsewhere) {
        int limit = w.chance(4) ? most + w.size(-1, 1, 1, 4) : most;
        int bits = w.bits();
        switch (w.below(10)) {
            case 0, 1, 9 -> w.emit(Insns.aluConstant(AluOp.AND, bits, register, mask(limit)));
            case 2 -> remainder(w, register, limit, bits);
            case 3 -> {
                int width = Integer.numberOfLeadingZeros(Math.max(1, mask(limit)));
                if (bits == 64) width += 32;
                if (mask(limit) == 0) width = bits - 1;
                w.emit(Insns.aluConstant(AluOp.RSH, bits, register, width));
                if (limit == 0) w.emit(Insns.aluConstant(AluOp.AND, bits, register, 0));
            }
            case 4 -> greater(w, register, limit, bits, elsewhere);
            case 5 -> less(w, register, limit, bits, elsewhere);
            case 6 -> signed(w, register, limit, bits, elsewhere);
            case 7 -> copied(w, register, limit, bits, elsewhere);
            default -> byRegister(w, register, limit, bits, elsewhere);
        }
    }

    /** Linux learns nothing of a remainder. */
    private static void remainder(Writer w, int register, int limit, int bits) {
        var op = w.chance(10) ? AluOp.MOD : AluOp.AND;
        w.emit(Insns.aluConstant(op, bits, register, op == AluOp.MOD ? limit + 1 : mask(limit)));
    }

    private static int mask(int limit) {
        return Math.max(0, Integer.highestOneBit(limit + 1) - 1);
    }

    private static void greater(Writer w, int register, int limit, int bits, String elsewhere) {
        narrow(w, register, bits);
        w.emit(Insns.jumpConstant(JumpOp.JGT, bits, register, limit), elsewhere);
    }

    private static void less(Writer w, int register, int limit, int bits, String elsewhere) {
        narrow(w, register, bits);
        var ok = w.newLabel();
        w.emit(Insns.jumpConstant(JumpOp.JLE, bits, register, limit), ok);
        w.emit(Insns.go(), elsewhere);
        w.label(ok);
    }

    private static void signed(Writer w, int register, int limit, int bits, String elsewhere) {
        narrow(w, register, bits);
        w.emit(Insns.jumpConstant(JumpOp.JSGT, bits, register, limit), elsewhere);
        if (w.chance(90)) w.emit(Insns.jumpConstant(JumpOp.JSLT, bits, register, 0), elsewhere);
    }

    /** What is learned of a copy counts for the other. */
    private static void copied(Writer w, int register, int limit, int bits, String elsewhere) {
        narrow(w, register, bits);
        int copy = w.free();
        if (copy == register) {
            greater(w, register, limit, bits, elsewhere);
            return;
        }
        int step = w.chance(40) ? w.between(-8, 8) : 0;
        w.emit(Insns.move(copy, register));
        if (step != 0) w.emit(Insns.aluConstant(AluOp.ADD, bits, copy, step));
        w.emit(Insns.jumpConstant(JumpOp.JGT, bits, copy, limit + step), elsewhere);
        if (step != 0) {
            w.emit(Insns.jumpConstant(JumpOp.JLT, bits, copy, Math.max(0, step)), elsewhere);
        }
        w.sheet.set(copy, Held.Figure.ANY);
    }

    private static void byRegister(Writer w, int register, int limit, int bits, String elsewhere) {
        int other = w.free();
        if (other == register) {
            greater(w, register, limit, bits, elsewhere);
            return;
        }
        narrow(w, register, bits);
        w.emit(Insns.set(other, limit));
        w.sheet.set(other, new Held.Figure(limit));
        if (w.chance(50)) w.emit(Insns.jump(JumpOp.JLT, bits, other, register), elsewhere);
        else w.emit(Insns.jump(JumpOp.JGT, bits, register, other), elsewhere);
    }

    /** A comparison of halves says little of the whole, unless the upper half is clear. */
    private static void narrow(Writer w, int register, int bits) {
        if (bits == 32 && w.chance(85)) w.emit(Insns.alu(AluOp.MOV, 32, register, register));
    }
}
