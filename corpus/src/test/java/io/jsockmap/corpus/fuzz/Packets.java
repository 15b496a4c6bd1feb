package io.jsockmap.corpus.fuzz;

import io.jsockmap.bpf.insn.AluOp;
import io.jsockmap.bpf.insn.JumpOp;

import java.util.stream.IntStream;

/**
 * Bytes of the packet behind comparisons with its end: right, off by one, or of another register.
 */
final class Packets {
    private final Writer w;

    Packets(Writer w) {
        this.w = w;
    }

    void write() {
        int shown = w.holding(h -> h instanceof Held.Packet(int range) && range > 0);
        if (shown >= 0 && w.chance(30)) {
            access(shown, ((Held.Packet) w.sheet.register(shown)).range());
            return;
        }
        if (w.chance(60)) fixed();
        else variable();
    }

    private void begin(int data, int end) {
        int context = w.context();
        boolean msg = w.isMsg();
        int size = w.isSkb() ? 4 : 8;
        int first = msg ? 0 : w.isSkb() ? 76 : 192;
        int second = first + size;
        w.emit(Insns.load(size, data, context, first));
        w.emit(Insns.load(size, end, context, second));
        w.sheet.set(data, new Held.Packet(0));
        w.sheet.set(end, new Held.PacketEnd());
    }

    /** A register that may be overwritten, and is none of those. */
    private int other(int... not) {
        for (int tries = 0; tries < 40; tries++) {
            int register = w.free();
            if (IntStream.of(not).noneMatch(each -> each == register)) return register;
        }
        return 0;
    }

    private void fixed() {
        if (w.context() < 0) return;
        w.leavable(
                out -> {
                    int data = w.chance(50) ? w.kept() : w.free();
                    int end = other(data);
                    begin(data, end);
                    int size = w.any(1, 2, 4, 8, 14, 16, 20);
                    int moved = other(data, end);
                    w.emit(Insns.move(moved, data));
                    w.emit(Insns.add(moved, size));
                    w.sheet.set(moved, new Held.Packet(0));
                    compare(moved, end, out);
                    w.sheet.set(data, new Held.Packet(size));
                    for (int i = w.below(3); i >= 0; i--) access(data, size);
                });
    }

    private void variable() {
        if (w.context() < 0) return;
        w.leavable(
                out -> {
                    int number = w.bounded(w.any(0, 1, 7, 31, 255, 0xffff), out);
                    int data = other(number);
                    int end = other(data, number);
                    if (w.context() < 0) return;
                    begin(data, end);
                    int size = w.any(1, 2, 4, 8);
                    int fixed = w.chance(40) ? w.between(-2, 12) : 0;
                    if (fixed != 0 && w.chance(50)) w.emit(Insns.add(data, fixed));
                    w.emit(Insns.alu(AluOp.ADD, 64, data, number));
                    int moved = other(data, end, number);
                    w.emit(Insns.move(moved, data));
                    w.emit(Insns.add(moved, size));
                    w.sheet.set(moved, new Held.Packet(0));
                    compare(moved, end, out);
                    w.sheet.set(data, new Held.Packet(size));
                    access(data, size);
                });
    }

    /** Goes on only if the moved pointer is not behind the end. */
    private void compare(int moved, int end, String out) {
        switch (w.below(10)) {
            case 0 -> w.emit(Insns.jump(JumpOp.JGE, 64, moved, end), out);
            case 1, 2 -> w.emit(Insns.jump(JumpOp.JLT, 64, end, moved), out);
            case 3, 4 -> {
                var ok = w.newLabel();
                w.emit(Insns.jump(JumpOp.JLE, 64, moved, end), ok);
                w.emit(Insns.go(), out);
                w.label(ok);
            }
            case 5 -> {
                var ok = w.newLabel();
                w.emit(Insns.jump(w.any(JumpOp.JGE, JumpOp.JGT), 64, end, moved), ok);
                w.emit(Insns.go(), out);
                w.label(ok);
            }
            default -> w.emit(Insns.jump(JumpOp.JGT, 64, moved, end), out);
        }
    }

    private void access(int pointer, int range) {
        int size = w.size(1, 2, 4, 8);
        while (size > range) size /= 2;
        int offset = w.below(range - size + 1);
        if (w.chance(5)) offset += w.size(-1, 1, 8);
        if (w.chance(30)) {
            w.emit(Insns.store(size, pointer, offset, w.number()));
            return;
        }
        int to = w.free();
        w.emit(
                size < 8 && w.chance(20)
                        ? Insns.loadSigned(size, to, pointer, offset)
                        : Insns.load(size, to, pointer, offset));
        w.sheet.set(to, Held.Figure.ANY);
    }
}
