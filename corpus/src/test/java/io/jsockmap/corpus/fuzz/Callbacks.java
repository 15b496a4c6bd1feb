package io.jsockmap.corpus.fuzz;

import io.jsockmap.bpf.insn.AluOp;
import io.jsockmap.bpf.insn.Code;
import io.jsockmap.bpf.insn.JumpOp;

/** Functions that helpers call: for numbers, and for the elements of maps. */
final class Callbacks {
    private static final int FP = Code.FRAME_POINTER;
    private static final int FOR_EACH = 164;
    private static final int LOOP = 181;

    private final Writer w;
    private final Generator generator;

    Callbacks(Writer w, Generator generator) {
        this.w = w;
        this.generator = generator;
    }

    void write() {
        if (w.isInFunction() || w.context() >= 0 && w.context() < 6) return;
        if (w.context() == 6 && !w.isOps() && w.chance(25)) {
            moving();
            return;
        }
        int slot = w.below(Sheet.SLOTS);
        w.emit(Insns.storeConstant(8, FP, -8 * (slot + 1), w.constant()));
        w.sheet.setSlot(slot, Held.Figure.ANY);
        var name = "f" + w.newLabel();
        w.emit(Insns.move(3, FP));
        w.emit(Insns.add(3, -8 * (slot + 1)));
        w.emit(Insns.function(2), name);
        w.emit(Insns.set(4, 0));
        if (w.chance(60)) {
            w.emit(Insns.map(1, w.any(FuzzMap.HASH, FuzzMap.ARRAY, FuzzMap.OF_CPUS)));
            w.emit(Insns.call(FOR_EACH));
            // The map, the key, the value, what the caller gives.
            var value = new Held.Memory(8, false, false);
            var start = Sheet.of(Held.Nothing.NOTHING, Held.Nothing.NOTHING, value, value);
            w.function(name, start, () -> body(4, 3));
        } else {
            w.emit(Insns.set(1, w.below(6)));
            w.emit(Insns.call(LOOP));
            var start = Sheet.of(Held.Figure.ANY, new Held.Memory(8, false, false));
            w.function(name, start, () -> body(2, -1));
        }
        w.sheet.called();
        w.sheet.set(0, Held.Figure.ANY);
        if (w.chance(50)) {
            int to = w.kept();
            w.emit(Insns.load(8, to, FP, -8 * (slot + 1)));
            w.sheet.set(to, Held.Figure.ANY);
        }
    }

    /** The callback moves the packet, and leaves where it is in the caller's frame. */
    private void moving() {
        int size = w.isSkb() ? 4 : 8;
        int data = w.isSkb() ? 76 : 0;
        w.emit(Insns.store(8, FP, -8, 6));
        w.emit(Insns.load(size, 1, 6, data));
        w.emit(Insns.store(8, FP, -16, 1));
        w.emit(Insns.load(size, 1, 6, data + size));
        w.emit(Insns.store(8, FP, -24, 1));
        var name = "f" + w.newLabel();
        w.emit(Insns.set(1, w.below(3)));
        w.emit(Insns.function(2), name);
        w.emit(Insns.move(3, FP));
        w.emit(Insns.add(3, -24));
        w.emit(Insns.set(4, 0));
        w.emit(Insns.call(LOOP));
        w.function(name, Sheet.of(), () -> move(size, data));
        w.sheet.called();
        w.sheet.forgetPacket();
        var behind = w.newLabel();
        w.emit(Insns.load(8, 1, FP, -16));
        w.emit(Insns.load(8, 2, FP, -24));
        w.emit(Insns.move(3, 1));
        w.emit(Insns.add(3, 1));
        w.emit(Insns.set(0, 0));
        w.emit(Insns.jump(JumpOp.JGT, 64, 3, 2), behind);
        w.emit(Insns.load(1, 0, 1, 0));
        w.label(behind);
        for (int slot = 0; slot < 3; slot++) w.sheet.setSlot(slot, Held.Nothing.NOTHING);
        w.sheet.set(0, Held.Figure.ANY);
    }

    private void move(int size, int data) {
        w.emit(Insns.move(7, 2));
        w.emit(Insns.load(8, 6, 7, 16));
        w.emit(Insns.move(1, 6));
        w.emit(Insns.set(2, w.below(3)));
        if (w.isMsg()) {
            w.emit(Insns.set(3, w.between(1, 6)));
            w.emit(Insns.set(4, 0));
            w.emit(Insns.call(w.any(63, 90, 91)));
        } else {
            w.emit(Insns.set(3, 0));
            w.emit(Insns.call(w.any(39, 43)));
        }
        w.emit(Insns.load(size, 1, 6, data));
        w.emit(Insns.store(8, 7, 8, 1));
        w.emit(Insns.load(size, 1, 6, data + size));
        w.emit(Insns.store(8, 7, 0, 1));
        w.emit(Insns.set(0, 0));
        w.emit(Insns.exit());
    }

    /**
     * @param given the register with what the caller gives
     * @param value the register with an element's value; negative if there is none
     */
    private void body(int given, int value) {
        w.emit(Insns.load(8, 0, given, 0));
        if (value >= 0) {
            w.emit(Insns.load(8, 5, value, 0));
            w.emit(Insns.alu(w.any(AluOp.ADD, AluOp.XOR), 64, 0, 5));
            if (w.chance(40)) w.emit(Insns.store(w.size(1, 2, 4, 8), value, 0, 0));
        } else {
            w.emit(Insns.alu(w.any(AluOp.ADD, AluOp.MUL, AluOp.XOR), w.bits(), 0, 1));
        }
        w.emit(Insns.store(w.size(1, 2, 4, 8), given, 0, 0));
        w.sheet.set(0, Held.Figure.ANY);
        generator.body(w.below(2), this::end);
    }

    private void end() {
        w.emit(Insns.set(0, w.chance(80) ? 0 : 1));
        w.emit(Insns.exit());
    }
}
