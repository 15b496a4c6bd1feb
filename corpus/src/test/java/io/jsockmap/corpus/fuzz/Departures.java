package io.jsockmap.corpus.fuzz;

import io.jsockmap.bpf.insn.Code;
import io.jsockmap.bpf.insn.JumpOp;

/** Jumps to other programs: from the program itself, and from functions that it calls. */
final class Departures {
    private static final int TAIL_CALL = 12;
    private static final int RANDOM = 7;

    private final Writer w;
    private final Generator generator;

    Departures(Writer w, Generator generator) {
        this.w = w;
        this.generator = generator;
    }

    void write() {
        int context = w.context();
        if (context < 6) return;
        if (w.isInFunction() || w.chance(40)) sometimes(context);
        else byFunction(context);
    }

    /** Only in some runs, so that what is behind it is run too. */
    private void sometimes(int context) {
        var before = w.sheet.copy();
        var behind = w.newLabel();
        w.emit(Insns.call(RANDOM));
        w.emit(Insns.jumpConstant(w.any(JumpOp.JSGT, JumpOp.JLT), 32, 0, 0), behind);
        jump(context);
        w.label(behind);
        w.sheet.join(before);
        w.sheet.called();
        w.sheet.forgetPacket();
    }

    private void jump(int context) {
        w.emit(Insns.move(1, context));
        w.emit(Insns.map(2, FuzzMap.PROGRAMS));
        w.emit(Insns.set(3, w.below(3)));
        w.emit(Insns.call(TAIL_CALL));
    }

    /** The caller goes on behind the call with what the other program left in R0. */
    private void byFunction(int context) {
        var name = "f" + w.newLabel();
        w.emit(Insns.move(1, context));
        w.emit(Insns.set(2, w.constant()));
        w.emit(Insns.callLocal(), name);
        w.function(
                name,
                Sheet.of(new Held.Context(), Held.Figure.ANY),
                () -> {
                    w.emit(Insns.move(6, 1));
                    w.emit(Insns.store(8, Code.FRAME_POINTER, -8, 2));
                    w.sheet.set(6, new Held.Context());
                    w.sheet.setSlot(0, Held.Figure.ANY);
                    generator.body(w.below(2), () -> leave());
                });
        w.sheet.called();
        w.sheet.set(0, Held.Figure.ANY);
        w.sheet.forgetPacket();
    }

    private void leave() {
        if (w.context() == 6) sometimes(6);
        w.emit(Insns.load(8, 0, Code.FRAME_POINTER, -8));
        w.emit(Insns.exit());
    }
}
