package io.jsockmap.testkit.trace;

import io.jsockmap.testkit.trace.TraceNode.Loop;

import java.util.ArrayList;
import java.util.List;

/** Finds loops in what a run did: the same lines, several times one after the other. */
final class Folding {
    /** Rounds of more lines are not found. */
    private static final int LONGEST_ROUND = 48;

    private Folding() {}

    /** Inner loops first, so that rounds of an outer one are alike whatever an inner one counts. */
    static List<TraceNode> fold(List<TraceNode> all) {
        var folded = all;
        for (int length = 1; length <= LONGEST_ROUND && 2 * length <= folded.size(); length++) {
            folded = fold(folded, length);
        }
        return folded;
    }

    private static List<TraceNode> fold(List<TraceNode> all, int length) {
        var kinds = all.stream().map(TraceNode::kind).toList();
        List<TraceNode> folded = new ArrayList<>();
        int at = 0;
        while (at < all.size()) {
            int end = at + length;
            while (end + length <= all.size()
                    && kinds.subList(at, at + length).equals(kinds.subList(end, end + length))) {
                end += length;
            }
            if (end == at + length || end > all.size()) {
                folded.add(all.get(at++));
                continue;
            }
            List<List<TraceNode>> rounds = new ArrayList<>();
            for (; at < end; at += length) rounds.add(List.copyOf(all.subList(at, at + length)));
            folded.add(new Loop(rounds));
        }
        return folded;
    }
}
