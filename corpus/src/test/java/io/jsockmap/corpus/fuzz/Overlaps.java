package io.jsockmap.corpus.fuzz;

import io.jsockmap.bpf.insn.AluOp;
import io.jsockmap.bpf.insn.AtomicOp;
import io.jsockmap.bpf.insn.Code;

/** Parts of a few words of the stack, written and read by all sizes and on all ways. */
final class Overlaps {
    private static final int FP = Code.FRAME_POINTER;
    private static final int LOOKUP = 1;
    private static final int UPDATE = 2;
    private static final int LOAD_BYTES = 26;

    private final Writer w;

    Overlaps(Writer w) {
        this.w = w;
    }

    void write() {
        int word = w.chance(80) ? w.below(Sheet.SLOTS) : w.between(20, 63);
        int words = word < Sheet.SLOTS ? Math.min(w.any(1, 1, 2), word + 1) : 1;
        int lowest = -8 * (word + 1);
        for (int i = 0; i < words; i++) {
            if (w.chance(50)) w.emit(Insns.store(8, FP, lowest + 8 * i, w.number()));
            else w.emit(Insns.storeConstant(8, FP, lowest + 8 * i, w.constant()));
            if (word < Sheet.SLOTS) w.sheet.setSlot(word - i, Held.Figure.ANY);
        }
        for (int i = w.between(2, 6); i > 0; i--) touch(lowest, 8 * words);
    }

    private int part(int bytes, int size) {
        return w.below(bytes / size) * size;
    }

    private void touch(int lowest, int bytes) {
        int size = w.size(1, 2, 4, 8);
        int at = lowest + part(bytes, size);
        switch (w.below(16)) {
            case 0, 1, 2 -> w.emit(Insns.store(size, FP, at, w.number()));
            case 3, 4 -> w.emit(Insns.storeConstant(size, FP, at, w.constant()));
            case 5, 6, 7, 8 -> load(size, FP, at);
            case 9 -> through(lowest, bytes);
            case 10 -> atomic(lowest + part(bytes, 8));
            case 11 -> pointer(lowest + part(bytes, 8));
            case 12 -> asKey(lowest + part(bytes, 8));
            case 13 -> asValue(lowest, bytes);
            case 14 -> filled(lowest, bytes);
            default -> mixed(lowest, bytes);
        }
    }

    private void load(int size, int base, int at) {
        int to = w.free();
        if (to == base) return;
        w.emit(
                size < 8 && w.chance(40)
                        ? Insns.loadSigned(size, to, base, at)
                        : Insns.load(size, to, base, at));
        w.sheet.set(to, Held.Figure.ANY);
    }

    /** By a register that points somewhere into it. */
    private void through(int lowest, int bytes) {
        int pointer = w.free();
        int off = w.between(-8, 8);
        w.emit(Insns.move(pointer, FP));
        w.emit(Insns.add(pointer, lowest + off));
        w.sheet.set(pointer, Held.Nothing.NOTHING);
        w.take(pointer);
        for (int i = w.between(1, 2); i > 0; i--) {
            int size = w.size(1, 2, 4, 8);
            int at = part(bytes, size) - off;
            if (w.chance(50)) w.emit(Insns.store(size, pointer, at, w.number()));
            else load(size, pointer, at);
        }
        w.giveBack(pointer);
    }

    private void atomic(int at) {
        int size = w.size(4, 8);
        int source = w.number();
        var op = w.any(AtomicOp.ADD, AtomicOp.FETCH_ADD, AtomicOp.XCHG, AtomicOp.OR);
        w.emit(Insns.atomic(op, size, FP, at, source));
    }

    /** A pointer goes in and comes out. */
    private void pointer(int at) {
        int held = w.holding(h -> h instanceof Held.Memory(_, _, boolean r) && !r);
        if (held < 0) held = w.context();
        if (held < 0) return;
        w.emit(Insns.store(8, FP, at, held));
        int to = w.free();
        if (w.chance(60)) {
            w.emit(Insns.load(8, to, FP, at));
            w.sheet.set(to, w.sheet.register(held));
        }
        w.emit(Insns.storeConstant(8, FP, at, w.constant()));
    }

    private boolean canCall() {
        return w.context() != 1;
    }

    private void asKey(int at) {
        if (!canCall()) return;
        w.emit(Insns.move(2, FP));
        w.emit(Insns.add(2, at + (w.chance(30) ? 4 : 0)));
        w.emit(Insns.map(1, w.any(FuzzMap.ARRAY, FuzzMap.HASH)));
        w.emit(Insns.call(LOOKUP));
        w.sheet.called();
        // Whether it was found.
        w.sheet.set(0, new Held.Memory(8, true, false));
    }

    private void asValue(int lowest, int bytes) {
        if (!canCall()) return;
        int key = lowest + part(bytes, 4);
        w.emit(Insns.move(2, FP));
        w.emit(Insns.add(2, key));
        w.emit(Insns.move(3, FP));
        w.emit(Insns.add(3, lowest));
        w.emit(Insns.map(1, FuzzMap.HASH));
        w.emit(Insns.set(4, 0));
        w.emit(Insns.call(UPDATE));
        w.sheet.called();
        w.sheet.set(0, Held.Figure.ANY);
    }

    /** A helper writes into it. */
    private void filled(int lowest, int bytes) {
        int context = w.context();
        if (!w.isSkb() || context < 6) return;
        int size = w.size(1, 3, 4, 8);
        w.emit(Insns.move(1, context));
        w.emit(Insns.set(2, w.below(4)));
        w.emit(Insns.move(3, FP));
        w.emit(Insns.add(3, lowest + w.below(bytes - size + 1)));
        w.emit(Insns.set(4, size));
        w.emit(Insns.call(LOAD_BYTES));
        w.sheet.called();
        w.sheet.set(0, Held.Figure.ANY);
    }

    /** All parts of a word in one number. */
    private void mixed(int lowest, int bytes) {
        int sum = w.kept();
        int part = w.free();
        if (part == sum) return;
        w.emit(Insns.set(sum, 0));
        w.sheet.set(sum, Held.Figure.ANY);
        for (int i = 0; i < 3; i++) {
            int size = w.size(1, 2, 4, 8);
            w.emit(Insns.load(size, part, FP, lowest + part(bytes, size)));
            w.emit(Insns.aluConstant(AluOp.MUL, 64, sum, 31));
            w.emit(Insns.alu(AluOp.XOR, 64, sum, part));
        }
        w.sheet.set(part, Held.Figure.ANY);
    }
}
