package io.jsockmap.testkit.run;

import io.jsockmap.bpf.Errno;
import io.jsockmap.testkit.text.HexDump;

/**
 * Outcomes for people.
 *
 * {@snippet class="io.jsockmap.testkit.examples.RunExamples" region="run"}
 */
public final class OutcomeText {
    private static final int MOST = 1024;

    private OutcomeText() {}

    /**
     * Several lines.
     *
     * @param lines whether the executed lines of C are wanted
     */
    public static String of(Outcome outcome, boolean lines) {
        var text = new StringBuilder();
        line(text, "result", result(outcome));
        outcome.decided().ifPresent(decided -> line(text, "decided", decided.toString()));
        outcome.fault().ifPresent(fault -> line(text, "fault", fault.getMessage()));
        outcome.target().ifPresent(target -> line(text, "target", target));
        if (outcome.applyBytes() > 0) line(text, "apply", outcome.applyBytes() + " bytes");
        if (outcome.corkBytes() > 0) line(text, "cork", outcome.corkBytes() + " bytes");
        if (outcome.reply() != 0) line(text, "reply", "" + outcome.reply());
        outcome.changes().forEach(change -> line(text, "changed", change.toString()));
        outcome.printed().forEach(printed -> line(text, "printed", printed));
        if (lines) outcome.lines().forEach(line -> line(text, "line", line.toString()));
        if (outcome.bytes().length > 0) bytes(text, outcome);
        return text.toString();
    }

    private static void line(StringBuilder text, String name, String value) {
        text.append("%-8s %s%n".formatted(name, value));
    }

    private static String result(Outcome outcome) {
        var name = outcome.program();
        if (outcome.fault().isPresent()) return name + ": the run was ended";
        int value = (int) outcome.value();
        var what =
                outcome.verdict()
                        .map(verdict -> "%s (%d)".formatted(verdict, value))
                        .orElseGet(() -> value < 0 ? errno(value) : "" + value);
        return "%s: %s, after %d instructions".formatted(name, what, outcome.instructions());
    }

    private static String errno(int value) {
        return "%d (-%s)".formatted(value, Errno.nameOf(-value));
    }

    private static void bytes(StringBuilder text, Outcome outcome) {
        var bytes = outcome.bytes();
        line(
                text,
                "bytes",
                "%d, of which %d can be read directly".formatted(bytes.length, outcome.linear()));
        for (var row : HexDump.rows(bytes, MOST)) text.append("  %s%n".formatted(row));
    }
}
