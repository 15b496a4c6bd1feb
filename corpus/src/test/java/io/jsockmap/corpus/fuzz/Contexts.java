package io.jsockmap.corpus.fuzz;

import java.util.List;

/** Loads and stores of the context. */
final class Contexts {
    private static final List<Integer> MSG = List.of(16, 20, 24, 28, 44, 60, 64, 68);
    private static final List<Integer> SKB = List.of(0, 4, 16, 32, 44, 48, 64, 68, 88, 92, 132);
    private static final List<Integer> OPS = List.of(0, 4, 8, 20, 24, 72, 84, 88, 92, 164, 208);

    private final Writer w;

    Contexts(Writer w) {
        this.w = w;
    }

    void write() {
        switch (w.below(8)) {
            case 0 -> store();
            case 1, 2 -> socket();
            default -> number();
        }
    }

    private List<Integer> fields() {
        if (w.isMsg()) return MSG;
        return w.isSkb() ? SKB : OPS;
    }

    /** A field that is a number. */
    void number() {
        int context = w.context();
        if (context < 0) return;
        int to = w.free();
        int size = w.chance(95) ? 4 : w.size(1, 2, 8);
        int offset = w.any(fields());
        if (w.isSkb() && w.chance(20)) {
            size = w.size(1, 2);
            offset += w.below(2) * size;
        }
        w.emit(Insns.load(size, to, context, offset));
        w.sheet.set(to, Held.Figure.ANY);
    }

    private void store() {
        int context = w.context();
        boolean skb = w.isSkb();
        if (context < 0 || w.isMsg()) return;
        int offset = skb ? w.any(32, 44) : w.any(4, 164);
        w.emit(Insns.store(w.chance(95) ? 4 : 8, context, offset, w.number()));
    }

    private void socket() {
        int context = w.context();
        if (context < 0) return;
        boolean msg = w.isMsg();
        int offset = msg ? 72 : w.isSkb() ? 168 : 184;
        int to = w.chance(50) ? w.kept() : w.free();
        w.emit(Insns.load(8, to, context, offset));
        w.sheet.set(to, new Held.Socket(!msg));
        w.leavable(
                out -> {
                    Values.checkNull(w, to, out, new Held.Socket(false));
                    int number = w.free();
                    int field = w.any(0, 4, 8, 12, 16, 72);
                    w.emit(Insns.load(4, number, to, field));
                    w.sheet.set(number, Held.Figure.ANY);
                });
    }
}
