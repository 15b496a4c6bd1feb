package io.jsockmap.testkit.scenario;

import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.btf.SourceLine;
import io.jsockmap.testkit.scenario.Played.NamedRun;
import io.jsockmap.testkit.stage.RunNote;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Finds the line of C that a failure comes from. */
final class Diagnosis {
    private Diagnosis() {}

    /**
     * What runs of programs had to do with a failure, a sentence each.
     *
     * @param passing a play in which all was as expected, if there is one
     */
    static List<String> of(Played failing, Optional<Played> passing) {
        List<String> sentences = new ArrayList<>();
        passing.flatMap(other -> firstDifference(failing, other)).ifPresent(sentences::add);
        deciding(failing)
                .ifPresent(
                        run -> {
                            sentences.add(decided(run));
                            run.note().failures().stream()
                                    .map(Diagnosis::failedCall)
                                    .forEach(sentences::add);
                        });
        return sentences;
    }

    /** The last run on a message of the socket that the failure is about. */
    static Optional<NamedRun> deciding(Played failing) {
        var socket = failing.failure().flatMap(Played.Failure::socket);
        var about =
                failing.runs().stream()
                        .filter(run -> socket.isEmpty() || socket.get().equals(run.socket()))
                        .reduce((_, later) -> later);
        return about.or(() -> failing.runs().stream().reduce((_, later) -> later));
    }

    private static String decided(NamedRun run) {
        var note = run.note();
        if (note.fault().isPresent()) return note.fault().get().getMessage();
        return "the last run was of %s on %d bytes of %s: it returned %d%s"
                .formatted(
                        note.program().name(),
                        note.length(),
                        run.socket().isEmpty() ? "no socket" : run.socket(),
                        (int) note.value(),
                        note.decided().map(line -> ", by " + line).orElse(""));
    }

    private static String failedCall(RunNote.FailedCall call) {
        return "in it %s returned -%s%s"
                .formatted(
                        call.helper(),
                        Errno.nameOf(call.errno()),
                        call.line().map(line -> ", at " + line).orElse(""));
    }

    /**
     * Where a program went another way than in the play that passes: of verdicts first, since
     * parsers that see less go other ways by right.
     */
    private static Optional<String> firstDifference(Played failing, Played passing) {
        return firstDifference(failing, passing, false)
                .or(() -> firstDifference(failing, passing, true));
    }

    private static Optional<String> firstDifference(
            Played failing, Played passing, boolean parsers) {
        Map<String, List<NamedRun>> others = new HashMap<>();
        for (var run : passing.runs()) {
            others.computeIfAbsent(run.key(), _ -> new ArrayList<>()).add(run);
        }
        Map<String, Integer> turns = new HashMap<>();
        for (var run : failing.runs()) {
            int turn = turns.merge(run.key(), 1, Integer::sum) - 1;
            var same = others.getOrDefault(run.key(), List.of());
            if (turn >= same.size() || run.parses() != parsers) continue;
            var difference = difference(run, same.get(turn));
            if (difference.isPresent()) return difference;
        }
        return Optional.empty();
    }

    private static Optional<String> difference(NamedRun run, NamedRun passing) {
        int same = 0;
        var here = run.lines();
        var there = passing.lines();
        while (same < here.size() && same < there.size() && here.get(same).equals(there.get(same)))
            same++;
        boolean equal = same == here.size() && same == there.size();
        if (same == 0 || equal) return Optional.empty();
        return Optional.of(
                "%s went another way than in the play that passes, at %s (there to %s, here to %s)"
                        .formatted(
                                run.note().program().name(),
                                here.get(same - 1),
                                place(there, same),
                                place(here, same)));
    }

    private static String place(List<SourceLine> lines, int at) {
        return at < lines.size() ? "line " + lines.get(at).line() : "its end";
    }
}
