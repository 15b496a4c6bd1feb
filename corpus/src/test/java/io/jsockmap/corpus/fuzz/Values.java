package io.jsockmap.corpus.fuzz;

import io.jsockmap.bpf.insn.AluOp;
import io.jsockmap.bpf.insn.Code;
import io.jsockmap.bpf.insn.JumpOp;

/** Elements of maps and records of a ring buffer, by pointers that may be null. */
final class Values {
    private static final int LOOKUP = 1;
    private static final int UPDATE = 2;
    private static final int DELETE = 3;
    private static final int RESERVE = 131;
    private static final int SUBMIT = 132;
    private static final int DISCARD = 133;

    private final Writer w;

    Values(Writer w) {
        this.w = w;
    }

    void write() {
        int memory = w.holding(h -> h instanceof Held.Memory(_, boolean n, _) && !n);
        if (memory >= 0 && w.chance(45)) {
            access(memory, ((Held.Memory) w.sheet.register(memory)).size());
            return;
        }
        switch (w.below(10)) {
            case 0, 1, 2, 3 -> lookup();
            case 4, 5 -> direct();
            case 6, 7 -> ring();
            case 8 -> update();
            default -> delete();
        }
    }

    /** Goes elsewhere if the register is null; mostly. */
    static void checkNull(Writer w, int register, String out, Held shown) {
        switch (w.below(20)) {
            case 0 -> {}
            case 1 -> {
                var ok = w.newLabel();
                w.emit(Insns.jumpConstant(JumpOp.JNE, 64, register, 0), ok);
                w.emit(Insns.go(), out);
                w.label(ok);
            }
            case 2 ->
                    w.emit(
                            Insns.jumpConstant(JumpOp.JEQ, w.chance(95) ? 64 : 32, register, 0),
                            out);
            default -> w.emit(Insns.jumpConstant(JumpOp.JEQ, 64, register, 0), out);
        }
        w.sheet.set(register, shown);
    }

    /** Puts a key of four bytes on the stack, and a pointer to it into R2. */
    private void key(int slot) {
        int offset = -8 * (slot + 1);
        if (w.chance(50)) w.emit(Insns.storeConstant(4, Code.FRAME_POINTER, offset, w.below(6)));
        else w.emit(Insns.store(w.size(4, 4, 8), Code.FRAME_POINTER, offset, w.number()));
        w.sheet.setSlot(slot, Held.Figure.ANY);
        w.emit(Insns.move(2, Code.FRAME_POINTER));
        w.emit(Insns.add(2, offset));
    }

    private boolean canCall() {
        // The context may be in R1 only: then it would be lost.
        return w.context() != 1 || w.chance(10);
    }

    private void lookup() {
        if (!canCall()) return;
        var map = w.any(FuzzMap.ARRAY, FuzzMap.ARRAY, FuzzMap.HASH, FuzzMap.ONE);
        key(w.below(Sheet.SLOTS));
        w.emit(Insns.map(1, map));
        w.emit(Insns.call(LOOKUP));
        w.sheet.called();
        int register = 0;
        if (w.chance(50)) {
            register = w.kept();
            w.emit(Insns.move(register, 0));
        }
        int pointer = register;
        boolean other = register != 0 && w.chance(20);
        w.sheet.set(0, new Held.Memory(map.valueSize(), true, false));
        w.sheet.set(pointer, new Held.Memory(map.valueSize(), true, false));
        w.leavable(
                out -> {
                    var shown = new Held.Memory(map.valueSize(), false, false);
                    // A check of one copy counts for the other.
                    checkNull(w, other ? 0 : pointer, out, shown);
                    w.sheet.set(pointer, shown);
                    for (int i = w.below(3); i >= 0; i--) access(pointer, map.valueSize());
                });
    }

    private void direct() {
        int to = w.free();
        int offset = w.chance(60) ? 0 : w.below(60);
        w.emit(Insns.value(to, FuzzMap.ONE, offset));
        int size = FuzzMap.ONE.valueSize() - offset;
        w.sheet.set(to, new Held.Memory(size, false, false));
        access(to, size);
    }

    private void access(int pointer, int range) {
        if (w.chance(35)) {
            w.leavable(out -> variable(pointer, range, out));
            return;
        }
        int size = w.size(1, 2, 4, 8);
        while (size > range) size /= 2;
        if (size == 0) return;
        int offset = w.below((range - size) / size + 1) * size;
        if (w.chance(4)) offset += w.size(-1, 1, 8);
        touch(pointer, size, offset);
    }

    private void touch(int pointer, int size, int offset) {
        if (size == 8 && offset % 8 == 0 && w.chance(25)) {
            StackUse.atomic(w, pointer, offset);
        } else if (w.chance(45)) {
            w.emit(Insns.store(size, pointer, offset, w.number()));
        } else {
            int to = w.free();
            w.emit(
                    size < 8 && w.chance(20)
                            ? Insns.loadSigned(size, to, pointer, offset)
                            : Insns.load(size, to, pointer, offset));
            w.sheet.set(to, Held.Figure.ANY);
        }
    }

    /** A place in it that a number decides. */
    private void variable(int pointer, int range, String out) {
        int size = w.size(1, 2, 4, 8);
        if (size > range) size = 1;
        if (range < 1) return;
        int shift = w.chance(30) ? Integer.numberOfTrailingZeros(size) : 0;
        int number = w.bounded((range - size) >> shift, out);
        if (shift > 0) {
            w.emit(Insns.aluConstant(AluOp.LSH, w.bits(), number, shift));
            w.sheet.set(number, Held.Figure.ANY);
        }
        int moved = w.free();
        if (moved == number || moved == pointer) return;
        if (!(w.sheet.register(pointer) instanceof Held.Memory)) return;
        w.emit(Insns.move(moved, pointer));
        w.emit(Insns.alu(w.chance(92) ? AluOp.ADD : AluOp.SUB, 64, moved, number));
        w.sheet.set(moved, Held.Nothing.NOTHING);
        if (w.chance(25)) {
            int step = w.between(-8, 8);
            w.emit(Insns.add(moved, step));
            touch(moved, size, -step);
            return;
        }
        touch(moved, size, 0);
    }

    private void update() {
        if (!canCall()) return;
        key(0);
        int slots = 2;
        for (int i = 1; i <= slots; i++) {
            w.emit(Insns.storeConstant(8, Code.FRAME_POINTER, -8 * (i + 1), w.constant()));
            w.sheet.setSlot(i, Held.Figure.ANY);
        }
        w.emit(Insns.move(3, Code.FRAME_POINTER));
        w.emit(Insns.add(3, -8 * (slots + 1)));
        w.emit(Insns.map(1, w.any(FuzzMap.ARRAY, FuzzMap.HASH)));
        w.emit(Insns.set(4, w.chance(90) ? 0 : w.below(4)));
        w.emit(Insns.call(UPDATE));
        w.sheet.called();
        w.sheet.set(0, Held.Figure.ANY);
    }

    private void delete() {
        if (!canCall()) return;
        key(0);
        w.emit(Insns.map(1, FuzzMap.HASH));
        w.emit(Insns.call(DELETE));
        w.sheet.called();
        w.sheet.set(0, Held.Figure.ANY);
    }

    private void ring() {
        if (!canCall()) return;
        int size = w.any(8, 16, 24, 64);
        w.emit(Insns.map(1, FuzzMap.RING));
        w.emit(Insns.set(2, size));
        w.emit(Insns.set(3, 0));
        w.emit(Insns.call(RESERVE));
        w.sheet.called();
        int record = w.kept();
        w.emit(Insns.move(record, 0));
        var before = w.sheet.copy();
        var behind = w.newLabel();
        checkNull(w, record, behind, new Held.Memory(size, false, true));
        w.owe(1);
        for (int i = w.below(3); i > 0; i--) access(record, size);
        if (w.chance(97)) {
            w.emit(Insns.move(1, record));
            w.emit(Insns.set(2, 0));
            w.emit(Insns.call(w.any(SUBMIT, DISCARD)));
            w.sheet.called();
        }
        w.owe(-1);
        w.sheet.set(record, Held.Nothing.NOTHING);
        w.label(behind);
        w.sheet.join(before);
        w.sheet.set(0, Held.Nothing.NOTHING);
    }
}
