package io.jsockmap.testkit.debug;

import io.jsockmap.testkit.record.Frame;
import io.jsockmap.testkit.record.Named;
import io.jsockmap.testkit.text.HexDump;

import java.io.PrintWriter;
import java.util.Arrays;
import java.util.stream.Collectors;

/** Prints what is to be seen at a moment. */
final class Printing {
    private static final int STACK = 512;
    private static final int ROW = 16;

    /** Instructions before and behind the one that is next. */
    private static final int MARGIN = 5;

    private final PrintWriter out;

    Printing(PrintWriter out) {
        this.out = out;
    }

    private void say(String format, Object... values) {
        out.println(format.formatted(values).stripTrailing());
    }

    /** Where a run is: in which function, at which line, at which instruction. */
    void where(View view) {
        var run = view.run();
        if (view.isOver()) {
            say("#%d %s is over: %s", run.number(), run.program(), run.ending().text());
            run.ending().decided().ifPresent(line -> say("  by %s", line));
            if (run.omitted() > 0) {
                say("  (%d instructions before this were not kept)", run.omitted());
            }
            return;
        }
        say(
                "#%d %s, %s%s",
                run.number(),
                run.program(),
                view.frames().getFirst().function(),
                view.line().map(line -> "  " + line).orElse(""));
        say("  %d: %s", view.step().slot(), view.instruction());
    }

    void registers(View view) {
        view.registers(0).forEach(register -> say("%-3s = %s", register.name(), register.text()));
    }

    void stack(View view) {
        var bytes = view.stack(0);
        boolean isEmpty = true;
        for (int at = 0; at + ROW <= bytes.length; at += ROW) {
            var row = Arrays.copyOfRange(bytes, at, at + ROW);
            boolean isZero = true;
            for (byte b : row) isZero &= b == 0;
            if (isZero) continue;
            isEmpty = false;
            HexDump.rows(row, ROW, at - STACK).forEach(text -> say("fp%s", text));
        }
        if (isEmpty) say("the stack is all zeros");
    }

    void packet(View view) {
        var message = view.message();
        if (message.length == 0) say("there is no message, or it is empty");
        HexDump.rows(message, message.length).forEach(row -> say("%s", row));
    }

    void maps(View view) {
        for (var map : view.globals()) {
            map.entries().forEach(variable -> say("%s = %s", variable.key(), variable.value()));
        }
        for (var map : view.maps()) {
            say(
                    "map %s%s%s",
                    map.name(),
                    map.entries().isEmpty() ? ": empty" : "",
                    map.isWhole() ? "" : " (not all of it)");
            map.entries().forEach(entry -> say("  [%s] = %s", entry.key(), entry.value()));
        }
    }

    void frames(View view) {
        var frames = view.frames();
        for (int i = 0; i < frames.size(); i++) {
            var line = view.stepOf(i).line().map(at -> "  " + at).orElse("");
            say("%d  %s%s", i, text(frames.get(i)), line);
        }
    }

    /** A function with its arguments. */
    static String text(Frame frame) {
        return frame.arguments().stream()
                .map(Named::toString)
                .collect(Collectors.joining(", ", frame.function() + "(", ")"));
    }

    void instructions(View view) {
        var program = view.step().program();
        int here = view.step().slot();
        for (int slot = Math.max(0, here - MARGIN); slot <= here + MARGIN; slot++) {
            var instruction = program.slot(slot);
            if (instruction == null) continue;
            say("%s %4d: %s", slot == here ? "=>" : "  ", slot, View.print(instruction));
        }
    }
}
