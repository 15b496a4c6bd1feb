package io.jsockmap.corpus.fuzz;

import io.jsockmap.bpf.insn.Code;
import io.jsockmap.bpf.insn.JumpOp;

/** Helpers that change the packet, tell the time, redirect, or jump to another program. */
final class Calls {
    private static final int TAIL_CALL = 12;

    private final Writer w;

    Calls(Writer w) {
        this.w = w;
    }

    void write() {
        if (w.chance(30)) {
            plain();
            return;
        }
        int context = w.context();
        if (context < 6 && w.chance(95)) return;
        if (context < 0) return;
        if (w.chance(12)) tailCall(context);
        else if (w.isMsg()) message(context);
        else if (w.isSkb()) buffer(context);
        else event(context);
    }

    private void call(int helper) {
        w.emit(Insns.call(helper));
        w.sheet.called();
        w.sheet.set(0, Held.Figure.ANY);
    }

    private void plain() {
        call(w.any(7, 5, 8, 125));
    }

    /** Puts numbers into registers from R2 on. */
    private void numbers(int count) {
        for (int i = 2; i < 2 + count; i++) {
            int number = w.holding(Held.Figure.class::isInstance);
            if (number >= 0 && w.chance(50)) w.emit(Insns.move(i, number));
            else w.emit(Insns.set(i, w.chance(70) ? w.below(32) : w.constant()));
            w.sheet.set(i, Held.Figure.ANY);
        }
    }

    private void withContext(int context, int helper, int numbers) {
        w.emit(Insns.move(1, context));
        w.sheet.set(1, new Held.Context());
        numbers(numbers);
        call(helper);
    }

    private void message(int context) {
        switch (w.below(5)) {
            case 0, 1 -> changing(context, w.any(63, 90, 91), 3, true);
            case 2 -> withContext(context, w.any(61, 62), 1);
            default -> redirect(context, 60);
        }
    }

    private void buffer(int context) {
        switch (w.below(5)) {
            case 0 -> changing(context, 39, 1, false);
            case 1 -> changing(context, w.any(38, 43), 2, true);
            case 2 -> bytes();
            case 3 -> withContext(context, 46, 0);
            default -> redirect(context, 52);
        }
    }

    private void event(int context) {
        withContext(context, w.any(59, 46), w.any(1, 1, 0));
    }

    /** Pointers into the packet are gone afterwards. */
    private void changing(int context, int helper, int numbers, boolean flags) {
        w.emit(Insns.move(1, context));
        w.sheet.set(1, new Held.Context());
        numbers(flags ? numbers - 1 : numbers);
        if (flags) w.emit(Insns.set(1 + numbers, 0));
        call(helper);
        if (w.chance(95)) w.sheet.forgetPacket();
    }

    private void redirect(int context, int helper) {
        w.emit(Insns.move(1, context));
        w.emit(Insns.map(2, FuzzMap.SOCKETS));
        w.emit(Insns.set(3, w.below(3)));
        w.emit(Insns.set(4, w.below(2)));
        call(helper);
    }

    /** Copies bytes between the packet and the stack, as many as a number says. */
    private void bytes() {
        w.leavable(
                out -> {
                    boolean store = w.chance(30);
                    int slots = w.any(1, 2, 4);
                    if (store) {
                        for (int i = 0; i < slots; i++) {
                            w.emit(Insns.storeConstant(8, Code.FRAME_POINTER, -8 * (i + 1), 1));
                        }
                    }
                    if (w.chance(50)) {
                        w.emit(Insns.set(4, w.chance(90) ? 8 * slots : 8 * slots + 1));
                    } else {
                        int size = w.bounded(8 * slots, out);
                        w.emit(Insns.move(4, size));
                        if (w.chance(70)) {
                            w.emit(Insns.jumpConstant(JumpOp.JEQ, 64, 4, 0), out);
                        }
                    }
                    if (w.context() < 6) return;
                    w.emit(Insns.move(1, w.context()));
                    w.emit(Insns.set(2, w.below(16)));
                    w.emit(Insns.move(3, Code.FRAME_POINTER));
                    w.emit(Insns.add(3, -8 * slots));
                    if (store) w.emit(Insns.set(5, 0));
                    call(store ? 9 : 26);
                    if (store) w.sheet.forgetPacket();
                    for (int i = 0; i < slots; i++) w.sheet.setSlot(i, Held.Figure.ANY);
                });
    }

    private void tailCall(int context) {
        w.emit(Insns.move(1, context));
        w.emit(Insns.map(2, FuzzMap.PROGRAMS));
        w.emit(Insns.set(3, w.below(3)));
        call(TAIL_CALL);
        w.sheet.set(0, Held.Nothing.NOTHING);
        w.sheet.forgetPacket();
    }
}
