package io.jsockmap.corpus.fuzz;

import io.jsockmap.bpf.insn.AluOp;
import io.jsockmap.bpf.insn.Code;
import io.jsockmap.bpf.insn.JumpOp;

/** Branches, loops of all kinds, functions and callbacks. */
final class Flow {
    private static final int LOOP = 181;

    private final Writer w;
    private final Generator generator;

    Flow(Writer w, Generator generator) {
        this.w = w;
        this.generator = generator;
    }

    void write() {
        // A loop that the run ends in another takes even the kernel seconds: not in the default
        // build.
        boolean quick = generator.isDeep() && generator.isSmall();
        switch (w.below(quick ? 10 : 16)) {
            case 0, 1, 2, 3, 4, 5, 6 -> branch();
            case 7, 8, 9 -> counted();
            case 10 -> mayGoto();
            case 11, 12 -> iterated();
            case 13 -> callback();
            case 14 -> function();
            default -> pointersCompared();
        }
    }

    private void some(int most) {
        generator.statements(w.between(1, most));
    }

    /** Jumps on a number, with or without another way. */
    private void branch() {
        var otherwise = w.newLabel();
        int bits = w.bits();
        if (w.chance(75)) {
            w.emit(Insns.jumpConstant(w.comparison(), bits, w.number(), w.constant()), otherwise);
        } else {
            w.emit(Insns.jump(w.comparison(), bits, w.number(), w.number()), otherwise);
        }
        var before = w.sheet.copy();
        some(3);
        if (w.chance(50)) {
            w.label(otherwise);
            w.sheet.join(before);
            return;
        }
        var end = w.newLabel();
        w.emit(Insns.go(), end);
        w.label(otherwise);
        var there = w.sheet;
        w.sheet = before;
        some(2);
        w.label(end);
        w.sheet.join(there);
    }

    private void pointersCompared() {
        int one = w.holding(Held::isPointer);
        if (one < 0) return;
        w.leavable(
                out ->
                        w.emit(
                                Insns.jump(
                                        w.any(JumpOp.JEQ, JumpOp.JNE, JumpOp.JGT),
                                        64,
                                        one,
                                        w.any(w.sheet.holding(Held::isPointer))),
                                out));
    }

    /** A counter that goes up to a number that is known, or bounded. */
    private void counted() {
        int counter = w.chance(80) ? w.kept() : w.free();
        if (w.sheet.register(counter) instanceof Held.Context) return;
        w.emit(Insns.set(counter, 0));
        w.sheet.set(counter, Held.Figure.ANY);
        w.sheet.blur();
        w.take(counter);
        var again = w.newLabel();
        w.label(again);
        var before = w.sheet.copy();
        some(2);
        w.emit(Insns.aluConstant(AluOp.ADD, w.bits(), counter, 1));
        var op = w.any(JumpOp.JLT, JumpOp.JLT, JumpOp.JNE, JumpOp.JSLT, JumpOp.JLE);
        int most = generator.isDeep() ? 3 : 12;
        w.emit(Insns.jumpConstant(op, w.bits(), counter, w.between(1, most)), again);
        w.giveBack(counter);
        w.sheet.join(before);
    }

    private void mayGoto() {
        var again = w.newLabel();
        var end = w.newLabel();
        w.sheet.blur();
        w.label(again);
        var before = w.sheet.copy();
        w.emit(Insns.mayGo(), end);
        some(2);
        if (w.chance(60)) {
            w.emit(Insns.jumpConstant(w.comparison(), w.bits(), w.number(), w.constant()), end);
        }
        w.emit(Insns.go(), again);
        w.label(end);
        w.sheet.join(before);
    }

    private int place(String kfunc) {
        return w.type.placeOfKfunc(kfunc).orElse(0);
    }

    private void iterator(int slot) {
        w.emit(Insns.move(1, Code.FRAME_POINTER));
        w.emit(Insns.add(1, -8 * (slot + 1)));
    }

    private void iterated() {
        if (w.context() == 1) return;
        int slot = w.below(Sheet.SLOTS);
        iterator(slot);
        w.emit(Insns.set(2, w.any(0, 0, 1, 3)));
        w.emit(Insns.set(3, generator.isDeep() ? w.below(4) : w.any(0, 1, 4, 10)));
        w.emit(Insns.callKfunc(place("bpf_iter_num_new")));
        w.sheet.called();
        w.sheet.setSlot(slot, Held.Nothing.NOTHING);
        w.owe(1);
        var again = w.newLabel();
        var end = w.newLabel();
        w.sheet.blur();
        w.label(again);
        var before = w.sheet.copy();
        iterator(slot);
        w.emit(Insns.callKfunc(place("bpf_iter_num_next")));
        w.sheet.called();
        w.emit(Insns.jumpConstant(JumpOp.JEQ, 64, 0, 0), end);
        w.sheet.set(0, new Held.Memory(4, false, false));
        if (w.chance(70)) {
            int number = w.kept();
            w.emit(Insns.load(4, number, 0, 0));
            w.sheet.set(number, Held.Figure.ANY);
        }
        some(2);
        w.emit(Insns.go(), again);
        w.label(end);
        w.sheet.join(before);
        w.sheet.called();
        iterator(slot);
        if (w.chance(98)) {
            w.emit(Insns.callKfunc(place("bpf_iter_num_destroy")));
            w.sheet.called();
        }
        w.sheet.setSlot(slot, Held.Nothing.NOTHING);
        w.owe(-1);
    }

    private void callback() {
        if (w.isInFunction() || w.context() == 1) return;
        boolean stack = w.chance(70);
        int slot = w.below(Sheet.SLOTS);
        if (stack) {
            w.emit(Insns.storeConstant(8, Code.FRAME_POINTER, -8 * (slot + 1), w.constant()));
            w.sheet.setSlot(slot, Held.Figure.ANY);
            w.emit(Insns.move(3, Code.FRAME_POINTER));
            w.emit(Insns.add(3, -8 * (slot + 1)));
        } else {
            w.emit(Insns.set(3, 0));
        }
        var name = "f" + w.newLabel();
        w.emit(Insns.set(1, generator.isDeep() ? w.below(4) : w.any(0, 1, 5, 20)));
        w.emit(Insns.function(2), name);
        w.emit(Insns.set(4, 0));
        w.emit(Insns.call(LOOP));
        var second = stack ? new Held.Memory(8, false, false) : Held.Figure.ANY;
        w.function(
                name,
                Sheet.of(Held.Figure.ANY, second),
                () -> generator.body(w.between(1, 3), this::callbackEnds));
        w.sheet.called();
        w.sheet.set(0, Held.Figure.ANY);
    }

    private void callbackEnds() {
        if (w.chance(20)) {
            int number = w.number();
            w.emit(Insns.move(0, number));
            w.emit(Insns.aluConstant(AluOp.AND, 64, 0, 1));
        } else {
            w.emit(Insns.set(0, w.chance(85) ? 0 : 1));
        }
        w.emit(Insns.exit());
    }

    /** A static function of the program. */
    private void function() {
        if (w.isInFunction()) return;
        int context = w.context();
        if (context == 1) return;
        var name = "f" + w.newLabel();
        Held first = Held.Figure.ANY;
        if (context >= 6 && w.chance(40)) {
            w.emit(Insns.move(1, context));
            first = new Held.Context();
        } else {
            int slot = w.below(Sheet.SLOTS);
            w.emit(Insns.storeConstant(8, Code.FRAME_POINTER, -8 * (slot + 1), w.constant()));
            w.sheet.setSlot(slot, Held.Figure.ANY);
            w.emit(Insns.move(1, Code.FRAME_POINTER));
            w.emit(Insns.add(1, -8 * (slot + 1)));
            first = new Held.Memory(8, false, false);
        }
        int number = w.holding(h -> h instanceof Held.Figure);
        w.emit(number >= 2 ? Insns.move(2, number) : Insns.set(2, w.constant()));
        w.emit(Insns.callLocal(), name);
        w.function(
                name,
                Sheet.of(first, Held.Figure.ANY),
                () -> generator.body(w.between(1, 3), this::functionEnds));
        w.sheet.called();
        w.sheet.set(0, Held.Figure.ANY);
    }

    private void functionEnds() {
        w.emit(Insns.move(0, w.number()));
        w.emit(Insns.exit());
    }
}
