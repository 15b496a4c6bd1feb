package io.jsockmap.bpf.compiler.emit;

import io.jsockmap.bpf.program.Program;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** How a function that is too long for one method is cut. */
final class Pieces {
    /**
     * A piece has fewer entries than this; the number of an entry and of its piece share an int.
     */
    static final int MAX_ENTRIES = 1 << 12;

    private final List<List<Integer>> pieces = new ArrayList<>();
    private final List<List<Integer>> entries = new ArrayList<>();
    private final Map<Integer, Integer> codes = new HashMap<>();
    private final BitSet entered = new BitSet();

    /**
     * @param length how many instructions a piece has at most, below {@link #MAX_ENTRIES}
     */
    Pieces(Program program, Body body, int length) {
        var slots = body.slots();
        for (int from = 0; from < slots.size(); from += length) {
            pieces.add(slots.subList(from, Math.min(slots.size(), from + length)));
        }
        Map<Integer, Integer> places = new HashMap<>();
        for (int k = 0; k < pieces.size(); k++) for (int slot : pieces.get(k)) places.put(slot, k);
        entered.set(body.start());
        for (int slot : slots) {
            var i = program.slot(slot);
            if (Body.fallsThrough(i)) enter(places, slot, slot + i.slots());
            if (i.isJump()) enter(places, slot, i.jumpTarget(slot));
        }
        pieces.forEach(this::number);
    }

    private void enter(Map<Integer, Integer> places, int from, long to) {
        if (to != (int) to || !places.containsKey((int) to)) return;
        if (!places.get(from).equals(places.get((int) to))) entered.set((int) to);
    }

    private void number(List<Integer> piece) {
        var list = piece.stream().filter(entered::get).toList();
        for (int k = 0; k < list.size(); k++)
            codes.put(list.get(k), entries.size() * MAX_ENTRIES + k);
        entries.add(list);
    }

    int count() {
        return pieces.size();
    }

    List<Integer> slots(int piece) {
        return pieces.get(piece);
    }

    /** The instructions at which a piece may begin. */
    List<Integer> entries(int piece) {
        return entries.get(piece);
    }

    boolean isEntry(int slot) {
        return entered.get(slot);
    }

    /** The piece and the entry of an instruction, in one number. */
    int codeOf(int slot) {
        return codes.get(slot);
    }
}
