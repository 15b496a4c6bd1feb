package io.jsockmap.bpf.verifier.state;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * How a path came to where it is: each time that it did not just go on with the next instruction.
 *
 * @param before what came before, or null
 * @param from the slot from which it went
 * @param to the slot to which it went
 */
public record Trail(Trail before, int from, int to) {

    /**
     * The slots of a path's last instructions, in order.
     *
     * @param trail the path's trail, or null if it never turned
     * @param last the slot where it ended
     * @param most how many to give at most
     * @param slots how many slots the instruction at a slot takes
     */
    public static List<Integer> path(
            Trail trail, int last, int most, java.util.function.IntUnaryOperator slots) {
        Deque<List<Integer>> parts = new ArrayDeque<>();
        int end = last;
        int left = most;
        var at = trail;
        while (left > 0) {
            int start = at == null ? 0 : at.to;
            var part = straight(start, end, slots);
            left -= part.size();
            parts.push(part);
            if (at == null) break;
            end = at.from;
            at = at.before;
        }
        List<Integer> all = new ArrayList<>();
        parts.forEach(all::addAll);
        return all.subList(Math.max(0, all.size() - most), all.size());
    }

    private static List<Integer> straight(
            int start, int end, java.util.function.IntUnaryOperator slots) {
        List<Integer> part = new ArrayList<>();
        for (int slot = start; slot <= end; slot += slots.applyAsInt(slot)) part.add(slot);
        return part;
    }
}
