package io.jsockmap.corpus.fuzz;

import io.jsockmap.bpf.insn.AluOp;
import io.jsockmap.bpf.insn.Code;
import io.jsockmap.bpf.insn.JumpOp;

/** Elements of maps of all kinds: of CPUs, sockets, prefixes, queues, of maps in maps. */
final class Elements {
    private static final int FP = Code.FRAME_POINTER;
    private static final int LOOKUP = 1;
    private static final int UPDATE = 2;
    private static final int DELETE = 3;
    private static final int PRINT = 6;
    private static final int PUSH = 87;
    private static final int POP = 88;
    private static final int PEEK = 89;
    private static final int LOCK = 93;
    private static final int UNLOCK = 94;
    private static final int STORAGE_GET = 107;
    private static final int STORAGE_DELETE = 108;
    private static final int OUTPUT = 130;
    private static final int LOOKUP_OF_CPU = 195;

    private final Writer w;

    Elements(Writer w) {
        this.w = w;
    }

    void write() {
        if (w.context() >= 0 && w.context() < 6) return;
        switch (w.below(10)) {
            case 0, 1 -> found();
            case 2 -> changed();
            case 3 -> inner();
            case 4 -> queue();
            case 5 -> locked();
            case 6 -> storage();
            case 7 -> output();
            case 8 -> ofCpu();
            default -> printed();
        }
    }

    private void call(int helper) {
        w.emit(Insns.call(helper));
        w.sheet.called();
        w.sheet.set(0, Held.Figure.ANY);
    }

    private void pointer(int register, int slot) {
        w.emit(Insns.move(register, FP));
        w.emit(Insns.add(register, -8 * (slot + 1)));
    }

    /** Puts a key into a word of the stack, and a pointer to it into R2. */
    private int key(boolean prefix) {
        int slot = w.below(Sheet.SLOTS);
        int at = -8 * (slot + 1);
        if (prefix) {
            w.emit(Insns.storeConstant(4, FP, at, w.between(0, 33)));
            w.emit(Insns.storeConstant(4, FP, at + 4, w.below(4)));
        } else if (w.chance(50)) {
            w.emit(Insns.storeConstant(8, FP, at, w.below(5)));
        } else {
            w.emit(Insns.store(8, FP, at, w.number()));
        }
        w.sheet.setSlot(slot, Held.Figure.ANY);
        pointer(2, slot);
        return slot;
    }

    /** Does something with eight bytes, if R0 points to them. */
    private void use(String out) {
        w.emit(Insns.jumpConstant(JumpOp.JEQ, 64, 0, 0), out);
        int to = w.kept();
        w.emit(Insns.load(w.size(1, 2, 4, 8), to, 0, 0));
        w.sheet.set(to, Held.Figure.ANY);
        if (w.chance(50)) w.emit(Insns.store(w.size(1, 2, 4, 8), 0, 0, to));
        w.sheet.set(0, new Held.Memory(8, false, false));
    }

    private void found() {
        var map = w.any(FuzzMap.LRU, FuzzMap.OF_CPUS, FuzzMap.HASH_OF_CPUS, FuzzMap.TRIE);
        w.leavable(
                out -> {
                    key(map == FuzzMap.TRIE);
                    w.emit(Insns.map(1, map));
                    call(LOOKUP);
                    use(out);
                });
    }

    private void changed() {
        var map = w.any(FuzzMap.LRU, FuzzMap.HASH_OF_CPUS, FuzzMap.TRIE, FuzzMap.HASH);
        int slot = key(map == FuzzMap.TRIE);
        w.emit(Insns.map(1, map));
        if (w.chance(30)) {
            call(DELETE);
            return;
        }
        pointer(3, slot);
        w.emit(Insns.set(4, w.chance(70) ? 0 : w.below(3)));
        call(UPDATE);
    }

    private void inner() {
        w.leavable(
                out -> {
                    key(false);
                    w.emit(Insns.map(1, FuzzMap.OUTER));
                    call(LOOKUP);
                    w.emit(Insns.jumpConstant(JumpOp.JEQ, 64, 0, 0), out);
                    w.emit(Insns.move(1, 0));
                    int slot = w.below(Sheet.SLOTS);
                    w.emit(Insns.storeConstant(4, FP, -8 * (slot + 1), w.below(3)));
                    w.sheet.setSlot(slot, Held.Figure.ANY);
                    pointer(2, slot);
                    call(LOOKUP);
                    use(out);
                });
    }

    private void queue() {
        var map = w.any(FuzzMap.QUEUE, FuzzMap.STACK, FuzzMap.BLOOM);
        int slot = w.below(Sheet.SLOTS);
        w.emit(Insns.storeConstant(8, FP, -8 * (slot + 1), w.below(20)));
        w.sheet.setSlot(slot, Held.Figure.ANY);
        pointer(2, slot);
        w.emit(Insns.map(1, map));
        int helper = w.any(PUSH, PUSH, POP, PEEK);
        if (helper == PUSH) w.emit(Insns.set(3, w.chance(70) ? 0 : w.below(4)));
        call(helper);
        if (helper != PUSH) {
            int to = w.kept();
            w.emit(Insns.load(8, to, FP, -8 * (slot + 1)));
            w.sheet.set(to, Held.Figure.ANY);
        }
    }

    private void locked() {
        w.leavable(
                out -> {
                    key(false);
                    w.emit(Insns.map(1, FuzzMap.LOCKED));
                    call(LOOKUP);
                    w.emit(Insns.jumpConstant(JumpOp.JEQ, 64, 0, 0), out);
                    int value = w.kept();
                    w.emit(Insns.move(value, 0));
                    w.emit(Insns.move(1, value));
                    call(LOCK);
                    w.emit(Insns.load(8, 2, value, 8));
                    w.emit(Insns.aluConstant(AluOp.ADD, 64, 2, w.constant()));
                    w.emit(Insns.store(w.size(4, 8), value, 8, 2));
                    if (w.chance(90)) {
                        w.emit(Insns.move(1, value));
                        call(UNLOCK);
                    }
                    w.sheet.set(0, Held.Nothing.NOTHING);
                    w.sheet.set(value, Held.Nothing.NOTHING);
                });
    }

    private void storage() {
        int context = w.context();
        if (context < 6) return;
        int offset = w.isMsg() ? 72 : w.isSkb() ? 168 : 184;
        int initial = w.below(Sheet.SLOTS);
        w.leavable(
                out -> {
                    w.emit(Insns.storeConstant(8, FP, -8 * (initial + 1), w.constant()));
                    w.sheet.setSlot(initial, Held.Figure.ANY);
                    w.emit(Insns.load(8, 2, context, offset));
                    w.emit(Insns.jumpConstant(JumpOp.JEQ, 64, 2, 0), out);
                    w.emit(Insns.map(1, FuzzMap.STORAGE));
                    if (w.chance(20)) {
                        call(STORAGE_DELETE);
                        return;
                    }
                    if (w.chance(60)) pointer(3, initial);
                    else w.emit(Insns.set(3, 0));
                    w.emit(Insns.set(4, w.chance(80) ? 1 : 0));
                    call(STORAGE_GET);
                    use(out);
                });
    }

    private void output() {
        int slot = w.below(4);
        int words = w.between(1, slot + 1);
        for (int i = 0; i < words; i++) {
            w.emit(Insns.storeConstant(8, FP, -8 * (slot + 1 - i), w.constant()));
            w.sheet.setSlot(slot - i, Held.Figure.ANY);
        }
        w.emit(Insns.map(1, FuzzMap.RING));
        pointer(2, slot);
        w.emit(Insns.set(3, w.chance(70) ? 8 * words : w.below(8 * words + 1)));
        w.emit(Insns.set(4, w.below(3)));
        call(OUTPUT);
    }

    private void ofCpu() {
        w.leavable(
                out -> {
                    key(false);
                    w.emit(Insns.map(1, w.any(FuzzMap.OF_CPUS, FuzzMap.HASH_OF_CPUS)));
                    w.emit(Insns.set(3, w.below(3)));
                    call(LOOKUP_OF_CPU);
                    use(out);
                });
    }

    /** A line with a number in it. */
    private void printed() {
        int slot = w.below(Sheet.SLOTS);
        // "n=%llx" and its end.
        w.emit(Insns.wide(3, 0x0078_6c6c_253d_6eL));
        w.emit(Insns.store(8, FP, -8 * (slot + 1), 3));
        w.sheet.setSlot(slot, Held.Figure.ANY);
        int number = w.holding(Held.Figure.class::isInstance);
        if (number > 3) w.emit(Insns.move(3, number));
        else w.emit(Insns.set(3, w.constant()));
        pointer(1, slot);
        w.emit(Insns.set(2, 8));
        call(PRINT);
    }
}
