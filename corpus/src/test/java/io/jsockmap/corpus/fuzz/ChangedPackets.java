package io.jsockmap.corpus.fuzz;

import io.jsockmap.bpf.insn.AluOp;
import io.jsockmap.bpf.insn.JumpOp;

/** Packets that change between accesses, and loops over their bytes. */
final class ChangedPackets {
    private static final int DATA = 7;
    private static final int END = 8;

    private final Writer w;

    ChangedPackets(Writer w) {
        this.w = w;
    }

    void write() {
        if (w.context() != 6 || w.isTaken(DATA) || w.isTaken(END)) return;
        w.leavable(
                out -> {
                    if (w.chance(40)) {
                        loop(out);
                        return;
                    }
                    access(out);
                    if (!w.isOps()) change();
                    access(out);
                });
    }

    private void begin() {
        int size = w.isSkb() ? 4 : 8;
        int first = w.isMsg() ? 0 : w.isSkb() ? 76 : 192;
        w.emit(Insns.load(size, DATA, 6, first));
        w.emit(Insns.load(size, END, 6, first + size));
        w.sheet.set(DATA, new Held.Packet(0));
        w.sheet.set(END, new Held.PacketEnd());
    }

    private void access(String out) {
        begin();
        int room = w.any(1, 2, 4, 8, 16);
        w.emit(Insns.move(2, DATA));
        w.emit(Insns.add(2, room));
        w.emit(Insns.jump(JumpOp.JGT, 64, 2, END), out);
        w.sheet.set(2, Held.Nothing.NOTHING);
        w.sheet.set(DATA, new Held.Packet(room));
        for (int i = w.between(1, 3); i > 0; i--) {
            int size = Math.min(room, w.size(1, 2, 4, 8));
            int at = w.below(room - size + 1);
            switch (w.below(3)) {
                case 0 -> w.emit(Insns.store(size, DATA, at, number()));
                case 1 -> w.emit(Insns.storeConstant(size, DATA, at, w.constant()));
                default -> {
                    w.emit(
                            size < 8 && w.chance(30)
                                    ? Insns.loadSigned(size, 3, DATA, at)
                                    : Insns.load(size, 3, DATA, at));
                    w.sheet.set(3, Held.Figure.ANY);
                }
            }
        }
    }

    private int number() {
        if (!(w.sheet.register(3) instanceof Held.Figure)) w.emit(Insns.set(3, w.constant()));
        w.sheet.set(3, Held.Figure.ANY);
        return 3;
    }

    private void change() {
        w.emit(Insns.move(1, 6));
        if (w.isMsg()) {
            int helper = w.any(63, 90, 91);
            w.emit(Insns.set(2, w.below(6)));
            w.emit(Insns.set(3, helper == 63 ? w.between(6, 40) : w.between(1, 8)));
            w.emit(Insns.set(4, 0));
            w.emit(Insns.call(helper));
        } else {
            int helper = w.any(38, 39, 43);
            w.emit(Insns.set(2, helper == 43 ? w.below(16) : w.between(1, 60)));
            if (helper != 39) w.emit(Insns.set(3, 0));
            w.emit(Insns.call(helper));
        }
        w.sheet.called();
        w.sheet.set(0, Held.Figure.ANY);
        w.sheet.forgetPacket();
    }

    /** Takes one byte after the other, and puts some back. */
    private void loop(String out) {
        begin();
        int counter = 9;
        if (w.isTaken(counter)) return;
        w.emit(Insns.set(counter, 0));
        w.emit(Insns.set(5, w.constant()));
        var again = w.newLabel();
        var end = w.newLabel();
        w.label(again);
        w.emit(Insns.move(3, DATA));
        w.emit(Insns.alu(AluOp.ADD, 64, 3, counter));
        w.emit(Insns.move(4, 3));
        w.emit(Insns.add(4, 1));
        w.emit(Insns.jump(JumpOp.JGT, 64, 4, END), w.any(end, end, out));
        w.emit(Insns.load(1, 2, 3, 0));
        w.emit(Insns.alu(w.any(AluOp.ADD, AluOp.XOR), w.bits(), 5, 2));
        if (w.chance(50)) w.emit(Insns.store(1, 3, 0, 5));
        w.emit(Insns.add(counter, 1));
        w.emit(Insns.jumpConstant(JumpOp.JLT, 64, counter, w.between(2, 10)), again);
        w.label(end);
        for (int register : new int[] {2, 3, 4}) w.sheet.set(register, Held.Nothing.NOTHING);
        w.sheet.set(5, Held.Figure.ANY);
        w.sheet.set(counter, Held.Figure.ANY);
    }
}
