package io.jsockmap.testkit.trace;

import io.jsockmap.testkit.record.LineVisit;
import io.jsockmap.testkit.record.RecordedRun;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The way of a run through the C source, with what it did on each line. */
final class TracePath {
    private final RecordedRun run;
    private final List<TraceNode> nodes = new ArrayList<>();

    /** The line that each function is at. */
    private final Map<Integer, LineVisit> lines = new HashMap<>();

    /** Helper calls and printed lines by their steps. */
    private final Map<Integer, List<String>> notes = new HashMap<>();

    private int frames;

    private TracePath(RecordedRun run) {
        this.run = run;
        run.calls().forEach(call -> note(call.step(), call.toString()));
        run.printed().forEach(printed -> note(printed.step(), "printk: " + printed.text()));
    }

    private void note(int step, String text) {
        notes.computeIfAbsent(step, _ -> new ArrayList<>()).add(text);
    }

    /** The way, without loops folded. */
    static List<TraceNode> of(RecordedRun run) {
        var path = new TracePath(run);
        run.lines().forEach(path::visit);
        return path.nodes;
    }

    private void visit(LineVisit visit) {
        for (; frames <= visit.frame(); frames++) {
            nodes.add(new TraceNode.Entered(run.frames().get(frames)));
        }
        var before = lines.put(visit.frame(), visit);
        var notes = notes(visit);
        if (before != null && run.goesOn(before, visit) && notes.isEmpty()) return;
        int depth = run.frames().get(visit.frame()).depth();
        nodes.add(new TraceNode.Line(visit.line(), depth, notes));
    }

    private List<String> notes(LineVisit visit) {
        List<String> all = new ArrayList<>();
        for (int step = visit.firstStep(); step <= visit.lastStep(); step++) {
            all.addAll(notes.getOrDefault(step, List.of()));
        }
        return all;
    }
}
