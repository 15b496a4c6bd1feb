package io.jsockmap.corpus.fuzz;

import io.jsockmap.bpf.insn.AluOp;
import io.jsockmap.bpf.insn.Operation;

import java.util.List;

/** Arithmetic and comparisons where it changes what they do: of numbers that only a run knows. */
final class Corners {
    private static final List<Long> WIDE =
            List.of(
                    Long.MIN_VALUE,
                    Long.MAX_VALUE,
                    -1L,
                    1L << 31,
                    1L << 32,
                    0xffff_ffffL,
                    0xffff_ffff_8000_0000L,
                    0x8000_0000_0000_0001L,
                    0x0123_4567_89ab_cdefL);

    private static final int[] NARROW = {
        0, 1, -1, 2, 3, 7, 8, 31, 32, 33, 63, 64, 65, 100, Integer.MIN_VALUE, Integer.MAX_VALUE
    };

    private final Writer w;

    Corners(Writer w) {
        this.w = w;
    }

    void write() {
        int one = corner(w.kept());
        int other = corner(w.free());
        if (one == other) return;
        for (int i = w.between(1, 3); i > 0; i--) operation(one, other);
        if (w.chance(40)) compare(one, other);
        if (w.chance(40)) keep(one);
    }

    /** Writes a number into a register: a constant, or one that the verifier does not know. */
    private int corner(int register) {
        switch (w.below(4)) {
            case 0 -> w.emit(Insns.wide(register, w.any(WIDE)));
            case 1 -> w.emit(Insns.set(register, w.size(NARROW)));
            default -> {
                w.emit(Insns.value(register, FuzzMap.ONE, 8 * w.below(8)));
                w.emit(
                        w.chance(20)
                                ? Insns.loadSigned(w.size(1, 2, 4), register, register, 0)
                                : Insns.load(w.size(1, 2, 4, 8), register, register, 0));
            }
        }
        w.sheet.set(register, Held.Figure.ANY);
        return register;
    }

    private void operation(int one, int other) {
        switch (w.below(8)) {
            case 0 -> w.emit(Insns.alu(w.any(AluOp.SDIV, AluOp.SMOD), w.bits(), one, other));
            case 1 -> w.emit(Insns.alu(w.any(AluOp.DIV, AluOp.MOD), w.bits(), one, other));
            case 2 -> byConstant(one);
            case 3 ->
                    w.emit(
                            Insns.alu(
                                    w.any(AluOp.LSH, AluOp.RSH, AluOp.ARSH), w.bits(), one, other));
            case 4 -> {
                int bits = w.bits();
                int from = bits == 64 ? w.size(8, 16, 32) : w.size(8, 16);
                var extend = new Operation.SignExtend(from, bits);
                w.emit(Insns.of(extend, one, w.any(one, other), 0, 0));
            }
            case 5 -> {
                var order = w.any(Operation.Order.values());
                w.emit(Insns.of(new Operation.Swap(order, w.size(16, 32, 64)), one, 0, 0, 0));
            }
            case 6 -> w.emit(Insns.aluConstant(AluOp.NEG, w.bits(), one, 0));
            default ->
                    w.emit(
                            Insns.alu(
                                    w.any(AluOp.ADD, AluOp.SUB, AluOp.MUL, AluOp.XOR, AluOp.MOV),
                                    w.bits(),
                                    one,
                                    other));
        }
    }

    private void byConstant(int register) {
        var op = w.any(AluOp.SDIV, AluOp.SMOD, AluOp.DIV, AluOp.MOD);
        int constant = w.size(NARROW);
        w.emit(Insns.aluConstant(op, w.bits(), register, constant == 0 ? -1 : constant));
    }

    /** A bit of a third register for each way that it went. */
    private void compare(int one, int other) {
        int bit = w.kept();
        if (bit == one || bit == other) return;
        w.emit(Insns.set(bit, 0));
        for (int i = w.between(1, 3); i > 0; i--) {
            var behind = w.newLabel();
            w.emit(
                    w.chance(50)
                            ? Insns.jump(w.comparison(), w.bits(), one, other)
                            : Insns.jumpConstant(w.comparison(), w.bits(), one, w.size(NARROW)),
                    behind);
            w.emit(Insns.aluConstant(AluOp.XOR, 64, bit, 1 << i));
            w.label(behind);
        }
        w.sheet.set(bit, Held.Figure.ANY);
    }

    /** Where it can be seen behind the run. */
    private void keep(int register) {
        int pointer = w.free();
        if (pointer == register) return;
        w.emit(Insns.value(pointer, FuzzMap.ONE, 8 * w.below(8)));
        w.sheet.set(pointer, new Held.Memory(8, false, false));
        w.emit(Insns.store(8, pointer, 0, register));
    }
}
