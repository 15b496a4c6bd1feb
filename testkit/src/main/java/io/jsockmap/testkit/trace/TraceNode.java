package io.jsockmap.testkit.trace;

import io.jsockmap.bpf.btf.SourceLine;
import io.jsockmap.testkit.record.Frame;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** A part of the way that a run took through the C source. */
sealed interface TraceNode {
    /** What it is, apart from what helpers were given: parts of the same kind are folded. */
    String kind();

    /** Helper calls and printed lines in it, in their order. */
    List<String> notes();

    /** A function was entered. */
    record Entered(Frame frame) implements TraceNode {
        @Override
        public String kind() {
            return "%d %s".formatted(frame.depth(), frame.function());
        }

        @Override
        public List<String> notes() {
            return List.of();
        }
    }

    /** A line was executed, in a function so deep. */
    record Line(SourceLine line, int depth, List<String> notes) implements TraceNode {
        @Override
        public String kind() {
            return "%d %s:%d".formatted(depth, line.file(), line.line());
        }
    }

    /** The same lines, several times. */
    record Loop(List<List<TraceNode>> rounds) implements TraceNode {
        @Override
        public String kind() {
            return rounds.getFirst().stream()
                    .map(TraceNode::kind)
                    .collect(Collectors.joining("\n", "loop\n", "\nend"));
        }

        @Override
        public List<String> notes() {
            return rounds.stream().flatMap(List::stream).flatMap(n -> n.notes().stream()).toList();
        }

        /** What happened in all rounds but the first, which is shown. */
        List<String> laterNotes() {
            List<String> later = new ArrayList<>();
            for (var round : rounds.subList(1, rounds.size())) {
                for (var node : round) later.addAll(node.notes());
            }
            return later;
        }
    }
}
