package io.jsockmap.corpus.fuzz;

import io.jsockmap.bpf.insn.Code;
import io.jsockmap.bpf.insn.JumpOp;

/** Dynptrs to values of maps and to records of a ring buffer. */
final class Dynptrs {
    private static final int FP = Code.FRAME_POINTER;
    private static final int FROM_MEMORY = 197;
    private static final int RESERVE = 198;
    private static final int SUBMIT = 199;
    private static final int DISCARD = 200;
    private static final int READ = 201;
    private static final int WRITE = 202;
    private static final int DATA = 203;

    /** Bytes that are read and written. */
    private static final int BUFFER = -8;

    /** Below the slots that other statements use. */
    private static final int DYNPTR = -96;

    private final Writer w;

    Dynptrs(Writer w) {
        this.w = w;
    }

    void write() {
        if (w.context() >= 0 && w.context() < 6) return;
        boolean record = w.chance(40);
        if (record) {
            w.emit(Insns.map(1, FuzzMap.RING));
            w.emit(Insns.set(2, w.any(8, 16, 33, 5000)));
            w.emit(Insns.set(3, 0));
            pointer(4, DYNPTR);
            call(RESERVE);
            w.owe(1);
        } else {
            w.emit(Insns.value(1, FuzzMap.ONE, 8 * w.below(4)));
            w.emit(Insns.set(2, w.between(8, 32)));
            w.emit(Insns.set(3, 0));
            pointer(4, DYNPTR);
            call(FROM_MEMORY);
        }
        for (int i = w.below(3); i > 0; i--) use();
        if (!record) return;
        pointer(1, DYNPTR);
        w.emit(Insns.set(2, 0));
        call(w.any(SUBMIT, SUBMIT, DISCARD));
        w.sheet.set(0, Held.Nothing.NOTHING);
        w.owe(-1);
    }

    private void call(int helper) {
        w.emit(Insns.call(helper));
        w.sheet.called();
        w.sheet.set(0, Held.Figure.ANY);
    }

    private void pointer(int register, int offset) {
        w.emit(Insns.move(register, FP));
        w.emit(Insns.add(register, offset));
    }

    private void buffer() {
        w.emit(Insns.storeConstant(8, FP, BUFFER, w.constant()));
        w.sheet.setSlot(0, Held.Figure.ANY);
    }

    private void use() {
        switch (w.below(4)) {
            case 0 -> {
                buffer();
                pointer(1, BUFFER);
                w.emit(Insns.set(2, w.between(1, 8)));
                pointer(3, DYNPTR);
                w.emit(Insns.set(4, w.below(20)));
                w.emit(Insns.set(5, 0));
                call(READ);
                int to = w.kept();
                w.emit(Insns.load(8, to, FP, BUFFER));
                w.sheet.set(to, Held.Figure.ANY);
            }
            case 1 -> {
                buffer();
                pointer(1, DYNPTR);
                w.emit(Insns.set(2, w.below(20)));
                pointer(3, BUFFER);
                w.emit(Insns.set(4, w.between(1, 8)));
                w.emit(Insns.set(5, 0));
                call(WRITE);
            }
            case 2 -> {
                pointer(1, DYNPTR);
                w.emit(Insns.set(2, w.below(12)));
                w.emit(Insns.set(3, 4));
                call(DATA);
                touch();
            }
            default -> slice();
        }
    }

    private void slice() {
        pointer(1, DYNPTR);
        w.emit(Insns.set(2, w.below(12)));
        w.emit(Insns.set(3, 0));
        w.emit(Insns.set(4, 4));
        int place = w.type.placeOfKfunc("bpf_dynptr_slice_rdwr").orElseThrow();
        w.emit(Insns.callKfunc(place));
        w.sheet.called();
        touch();
    }

    /** Four bytes, if R0 points to them. */
    private void touch() {
        var before = w.sheet.copy();
        var behind = w.newLabel();
        w.emit(Insns.jumpConstant(JumpOp.JEQ, 64, 0, 0), behind);
        int to = w.kept();
        w.emit(Insns.load(w.size(1, 2, 4), to, 0, 0));
        w.emit(Insns.storeConstant(w.size(1, 2, 4), 0, 0, w.constant()));
        w.sheet.set(to, Held.Figure.ANY);
        w.label(behind);
        w.sheet.join(before);
        w.sheet.set(0, Held.Nothing.NOTHING);
    }
}
