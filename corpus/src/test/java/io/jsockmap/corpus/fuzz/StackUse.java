package io.jsockmap.corpus.fuzz;

import io.jsockmap.bpf.insn.AluOp;
import io.jsockmap.bpf.insn.AtomicOp;
import io.jsockmap.bpf.insn.Code;

/** Spills and fills, bytes of anything, zeros, and places on the stack that are not known. */
final class StackUse {
    private static final int FP = Code.FRAME_POINTER;

    private final Writer w;

    StackUse(Writer w) {
        this.w = w;
    }

    void write() {
        switch (w.below(10)) {
            case 0, 1 -> spill();
            case 2 -> partOf();
            case 3 -> constant();
            case 4, 5 -> fill();
            case 6 -> pointer();
            case 7, 8 -> variable();
            default -> atomic();
        }
    }

    private static int offset(int slot) {
        return -8 * (slot + 1);
    }

    /** A whole register. */
    private void spill() {
        int slot = w.below(Sheet.SLOTS);
        int register = w.holding(h -> !(h instanceof Held.Nothing));
        if (register < 0) register = w.newNumber();
        var held = w.sheet.register(register);
        if (held instanceof Held.Memory(_, _, boolean record) && record) return;
        w.emit(Insns.store(8, FP, offset(slot), register));
        w.sheet.setSlot(slot, held);
    }

    /** Some bytes of a number. */
    private void partOf() {
        int slot = w.below(Sheet.SLOTS);
        int size = w.size(1, 2, 4);
        int at = w.below(8 / size) * size;
        w.emit(Insns.store(size, FP, offset(slot) + at, w.number()));
        w.sheet.setSlot(slot, Held.Figure.ANY);
    }

    private void constant() {
        int slot = w.below(Sheet.SLOTS);
        int size = w.size(1, 2, 4, 8, 8);
        int at = w.below(8 / size) * size;
        int value = w.chance(60) ? 0 : w.constant();
        w.emit(Insns.storeConstant(size, FP, offset(slot) + at, value));
        w.sheet.setSlot(slot, size == 8 ? new Held.Figure(value) : Held.Figure.ANY);
    }

    private void fill() {
        var used = w.sheet.slotsHolding(h -> !(h instanceof Held.Nothing));
        int slot = used.isEmpty() ? w.below(Sheet.SLOTS) : w.any(used);
        var held = w.sheet.slot(slot);
        int to = w.free();
        if (held.isPointer() || w.chance(50)) {
            w.emit(Insns.load(8, to, FP, offset(slot)));
            w.sheet.set(to, held.isPointer() ? held : Held.Figure.ANY);
            return;
        }
        int size = w.size(1, 2, 4);
        int at = w.chance(70) ? 0 : w.below(8 / size) * size;
        w.emit(
                w.chance(25)
                        ? Insns.loadSigned(size, to, FP, offset(slot) + at)
                        : Insns.load(size, to, FP, offset(slot) + at));
        w.sheet.set(to, Held.Figure.ANY);
    }

    /** A pointer to a slot, and something through it. */
    private void pointer() {
        int to = w.free();
        int slot = w.below(Sheet.SLOTS);
        w.emit(Insns.move(to, FP));
        w.emit(Insns.add(to, offset(slot)));
        w.sheet.set(to, new Held.Stack(offset(slot)));
        if (w.chance(70)) {
            w.emit(Insns.store(8, to, 0, w.number()));
            w.sheet.setSlot(slot, Held.Figure.ANY);
        }
    }

    /** A place that a number decides. */
    private void variable() {
        boolean initialise = w.chance(80);
        int slots = w.any(2, 3, 4);
        if (initialise) {
            for (int i = 0; i < slots; i++) {
                w.emit(Insns.storeConstant(8, FP, offset(i), w.chance(70) ? 0 : w.constant()));
                w.sheet.setSlot(i, Held.Figure.ANY);
            }
        }
        w.leavable(
                out -> {
                    int size = w.size(1, 2, 4, 8);
                    int number = w.bounded(w.any(7, 8 * slots - size), out);
                    int pointer = w.free();
                    if (pointer == number) return;
                    w.emit(Insns.move(pointer, FP));
                    w.emit(Insns.add(pointer, offset(slots - 1)));
                    w.emit(Insns.alu(AluOp.ADD, 64, pointer, number));
                    w.sheet.set(pointer, Held.Nothing.NOTHING);
                    if (w.chance(50)) {
                        w.emit(Insns.store(size, pointer, 0, w.number()));
                        for (int i = 0; i < slots; i++) w.sheet.setSlot(i, Held.Figure.ANY);
                    } else {
                        int to = w.free();
                        w.emit(Insns.load(size, to, pointer, 0));
                        w.sheet.set(to, Held.Figure.ANY);
                    }
                });
    }

    private void atomic() {
        int slot = w.below(Sheet.SLOTS);
        w.emit(Insns.storeConstant(8, FP, offset(slot), w.constant()));
        w.sheet.setSlot(slot, Held.Figure.ANY);
        atomic(w, FP, offset(slot));
    }

    /** An atomic operation on eight bytes. */
    static void atomic(Writer w, int pointer, int offset) {
        int size = w.size(4, 8);
        int source = w.number();
        var op = w.any(AtomicOp.values());
        switch (op) {
            case LOAD_ACQUIRE -> {
                int to = w.free();
                w.emit(Insns.atomic(op, w.size(1, 2, 4, 8), to, offset, pointer));
                w.sheet.set(to, Held.Figure.ANY);
            }
            case CMPXCHG -> {
                if (!(w.sheet.register(0) instanceof Held.Figure)) return;
                w.emit(Insns.atomic(op, size, pointer, offset, source));
                w.sheet.set(0, Held.Figure.ANY);
            }
            default -> {
                w.emit(Insns.atomic(op, size, pointer, offset, source));
                if (op.fetches()) w.sheet.set(source, Held.Figure.ANY);
            }
        }
    }
}
