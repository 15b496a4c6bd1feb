package io.jsockmap.corpus.fuzz;

import io.jsockmap.bpf.insn.AluOp;
import io.jsockmap.bpf.insn.Operation;

/** Arithmetic on numbers, of all kinds and widths. */
final class Numbers {
    private static final AluOp[] COMMON = {
        AluOp.ADD, AluOp.SUB, AluOp.AND, AluOp.OR, AluOp.XOR, AluOp.MUL
    };

    private final Writer w;

    Numbers(Writer w) {
        this.w = w;
    }

    void write() {
        switch (w.below(10)) {
            case 0 -> w.newNumber();
            case 1 -> unknown();
            case 2, 3 -> constantOperand();
            case 4, 5 -> registerOperand();
            case 6 -> shift();
            case 7 -> unary();
            case 8 -> copy();
            default -> w.leavable(out -> w.bounded(w.any(0, 1, 7, 15, 63, 255), out));
        }
    }

    /** A number of which nothing is known. */
    void unknown() {
        switch (w.below(3)) {
            case 0 -> {
                w.emit(Insns.call(w.any(7, 5)));
                w.sheet.called();
                w.sheet.set(0, Held.Figure.ANY);
                if (w.chance(70)) {
                    int keep = w.kept();
                    w.emit(Insns.move(keep, 0));
                    w.sheet.set(keep, Held.Figure.ANY);
                }
            }
            case 1 -> {
                w.emit(Insns.value(0, FuzzMap.ONE, 8 * w.below(8)));
                int to = w.free();
                w.emit(Insns.load(w.size(1, 2, 4, 8), to, 0, 0));
                w.sheet.set(0, new Held.Memory(8, false, false));
                w.sheet.set(to, Held.Figure.ANY);
            }
            default -> new Contexts(w).number();
        }
    }

    private void changed(int register) {
        w.sheet.set(register, Held.Figure.ANY);
    }

    private int changeable() {
        int register = w.number();
        if (w.sheet.register(register) instanceof Held.Figure) {
            int copy = w.free();
            if (copy == register) return register;
            w.emit(Insns.alu(AluOp.MOV, w.chance(80) ? 64 : 32, copy, register));
            w.sheet.set(copy, w.sheet.register(register));
            return copy;
        }
        return register;
    }

    private void constantOperand() {
        int register = changeable();
        var op = w.chance(70) ? w.any(COMMON) : division();
        int constant = w.constant();
        if (constant == 0 && isDivision(op) && w.chance(98)) constant = 3;
        w.emit(Insns.aluConstant(op, w.bits(), register, constant));
        changed(register);
    }

    private void registerOperand() {
        int register = changeable();
        int other = w.number();
        if (!(w.sheet.register(register) instanceof Held.Figure)) return;
        var op = w.chance(80) ? w.any(COMMON) : division();
        w.emit(Insns.alu(op, w.bits(), register, other));
        changed(register);
    }

    private AluOp division() {
        return w.any(AluOp.DIV, AluOp.MOD, AluOp.SDIV, AluOp.SMOD);
    }

    private static boolean isDivision(AluOp op) {
        return switch (op) {
            case DIV, MOD, SDIV, SMOD -> true;
            default -> false;
        };
    }

    private void shift() {
        int register = changeable();
        int bits = w.bits();
        var op = w.any(AluOp.LSH, AluOp.RSH, AluOp.ARSH);
        if (w.chance(70)) {
            w.emit(Insns.aluConstant(op, bits, register, w.below(bits)));
        } else {
            w.emit(Insns.alu(op, bits, register, w.number()));
        }
        changed(register);
    }

    private void unary() {
        int register = changeable();
        int bits = w.bits();
        switch (w.below(3)) {
            case 0 -> w.emit(Insns.aluConstant(AluOp.NEG, bits, register, 0));
            case 1 -> {
                int from = bits == 64 ? w.size(8, 16, 32) : w.size(8, 16);
                var extend = new Operation.SignExtend(from, bits);
                w.emit(Insns.of(extend, register, w.number(), 0, 0));
            }
            default -> {
                var order = w.any(Operation.Order.values());
                w.emit(Insns.of(new Operation.Swap(order, w.size(16, 32, 64)), register, 0, 0, 0));
            }
        }
        changed(register);
    }

    private void copy() {
        int from = w.number();
        int to = w.free();
        int bits = w.chance(70) ? 64 : 32;
        w.emit(Insns.alu(AluOp.MOV, bits, to, from));
        w.sheet.set(to, bits == 64 ? w.sheet.register(from) : Held.Figure.ANY);
    }
}
