package io.jsockmap.testkit.trace;

import io.jsockmap.bpf.btf.SourceLine;
import io.jsockmap.testkit.record.Frame;
import io.jsockmap.testkit.record.Named;
import io.jsockmap.testkit.record.RecordedMessage;
import io.jsockmap.testkit.record.RecordedRun;
import io.jsockmap.testkit.record.Role;
import io.jsockmap.testkit.text.HexDump;
import io.jsockmap.testkit.trace.TraceNode.Entered;
import io.jsockmap.testkit.trace.TraceNode.Line;
import io.jsockmap.testkit.trace.TraceNode.Loop;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Prints a run for people: the message, the lines of C with what they did, and the verdict.
 *
 * {@snippet class="io.jsockmap.testkit.examples.TraceExamples" region="trace"}
 */
public final class TextTrace {
    /** Where the text of a line begins, behind its place. */
    private static final int TEXT_COLUMN = 28;

    /** Of what a loop did after its first round, so much is printed. */
    private static final int MOST_NOTES = 6;

    private final TraceOptions options;
    private final StringBuilder out = new StringBuilder();

    private TextTrace(TraceOptions options) {
        this.options = options;
    }

    /** The lines of a run, each with its end. */
    public static String of(RecordedRun run, TraceOptions options) {
        var trace = new TextTrace(options);
        trace.header(run);
        trace.message(run);
        if (options.lines()) trace.nodes(Folding.fold(TracePath.of(run)));
        else run.printed().forEach(printed -> trace.line("  printk: %s", printed.text()));
        trace.ending(run);
        return trace.out.toString();
    }

    private void line(String format, Object... values) {
        out.append(format.formatted(values).stripTrailing()).append('\n');
    }

    private void header(RecordedRun run) {
        line(
                "#%d %s%s%s",
                run.number(),
                run.program(),
                run.socket().map(socket -> ", socket " + socket).orElse(""),
                doing(run));
    }

    private static String doing(RecordedRun run) {
        var asked =
                switch (run.role()) {
                    case PARSER -> " parses ";
                    case RECEIVE_VERDICT -> " received ";
                    case SEND_VERDICT -> " sends ";
                    case CALLBACK -> ", a callback";
                    case CONNECTION, OTHER -> "";
                };
        return asked
                + run.message().map(m -> bytes(m.before().length) + linear(m)).orElse("")
                + (run.nesting() > 0 ? ", within another run" : "");
    }

    private static String linear(RecordedMessage message) {
        return message.linear() == message.before().length
                ? ""
                : ", of which %d can be read directly".formatted(message.linear());
    }

    private static String bytes(int count) {
        return count == 1 ? "1 byte" : count + " bytes";
    }

    private void message(RecordedRun run) {
        run.message().ifPresent(message -> dump(message.before()));
        if (run.role() == Role.CONNECTION) {
            line(
                    "  %s",
                    run.context().stream()
                            .filter(field -> field.name().equals("op") || isArgument(field))
                            .map(Named::toString)
                            .collect(Collectors.joining(", ")));
        }
    }

    private static boolean isArgument(Named field) {
        return field.name().startsWith("args") && field.value() != 0;
    }

    private void dump(byte[] bytes) {
        HexDump.rows(bytes, options.maxBytes()).forEach(row -> line("    %s", row));
    }

    private void nodes(List<TraceNode> nodes) {
        for (var node : nodes) {
            switch (node) {
                case Entered(var frame) -> entered(frame);
                case Line visit -> visit(visit, 1);
                case Loop loop -> loop(loop);
            }
        }
    }

    private void entered(Frame frame) {
        var arguments =
                frame.arguments().stream()
                        .map(Named::toString)
                        .collect(Collectors.joining(", ", "(", ")"));
        var how = frame.entry() == Frame.Entry.TAIL_CALL ? "tail call: " : "";
        line("%s%s%s%s", indent(frame.depth()), how, frame.function(), arguments);
    }

    private static String indent(int depth) {
        return "  ".repeat(depth);
    }

    private void visit(Line visit, int times) {
        var place = indent(visit.depth() + 1) + place(visit.line());
        line(
                "%-" + TEXT_COLUMN + "s %s%s",
                place,
                visit.line().text(),
                times == 1 ? "" : "  (%d times)".formatted(times));
        visit.notes().forEach(this::note);
    }

    private void note(String note) {
        line("%s   -> %s", " ".repeat(TEXT_COLUMN), note);
    }

    private static String place(SourceLine line) {
        return "%s:%d"
                .formatted(line.file().substring(line.file().lastIndexOf('/') + 1), line.line());
    }

    private void loop(Loop loop) {
        var first = loop.rounds().getFirst();
        int times = loop.rounds().size();
        if (first.size() == 1 && first.getFirst() instanceof Line visit) {
            visit(visit, times);
        } else {
            nodes(first);
            line("%s ^ %d times, from %s", " ".repeat(TEXT_COLUMN), times, start(first));
        }
        var later = loop.laterNotes();
        later.stream().limit(MOST_NOTES).forEach(this::note);
        if (later.size() > MOST_NOTES) {
            note("(%d more calls)".formatted(later.size() - MOST_NOTES));
        }
    }

    private static String start(List<TraceNode> round) {
        return switch (round.getFirst()) {
            case Entered(var frame) -> frame.function();
            case Line visit -> place(visit.line());
            case Loop(var rounds) -> start(rounds.getFirst());
        };
    }

    private void ending(RecordedRun run) {
        if (run.omitted() > 0) {
            line("  (%d instructions behind these were not kept)", run.omitted());
        }
        run.message()
                .filter(RecordedMessage::isChanged)
                .ifPresent(
                        message -> {
                            line("  changed to %s:", bytes(message.after().length));
                            dump(message.after());
                        });
        line("  => %s%s", run.ending().text(), why(run));
    }

    private static String why(RecordedRun run) {
        // A fault's message names its line itself.
        var line =
                run.ending().slot().isPresent()
                        ? Optional.<SourceLine>empty()
                        : run.ending().decided();
        return line.map(decided -> "   by " + decided).orElse("");
    }
}
