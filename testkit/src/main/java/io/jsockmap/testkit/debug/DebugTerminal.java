package io.jsockmap.testkit.debug;

import io.jsockmap.bpf.BpfException;
import io.jsockmap.testkit.debug.Debugger.Reason;
import io.jsockmap.testkit.debug.Debugger.Stop;
import io.jsockmap.testkit.record.RecordedRun;
import io.jsockmap.testkit.source.SourceFiles;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Reader;
import java.io.Writer;
import java.util.List;

/**
 * A debugger by typed lines; it works as well if these come through a pipe.
 *
 * {@snippet class="io.jsockmap.testkit.examples.DebugExamples" region="terminal"}
 */
public final class DebugTerminal {
    private static final String PROMPT = "(jsockmap) ";

    /** Lines of source before and behind the one that is next. */
    private static final int MARGIN = 5;

    private final Debugger debugger;
    private final BufferedReader in;
    private final PrintWriter out;
    private final Listing listing;
    private final Printing printing;
    private String last = "";

    /** What was said of the run that one has seen last. */
    private String shown = "";

    /**
     * @param files where sources are
     */
    public DebugTerminal(Debugger debugger, SourceFiles files, Reader in, Writer out) {
        this.debugger = debugger;
        this.in = new BufferedReader(in);
        this.out = new PrintWriter(out);
        this.listing = new Listing(files);
        this.printing = new Printing(this.out);
    }

    /** Takes commands until one of them is quit, or there are no more. */
    public void run() throws IOException {
        say("%s: %s; help says what one can type", debugger.session().title(), runs());
        outcome();
        if (!debugger.isEmpty()) where();
        var line = prompt();
        while (line != null && execute(line.isBlank() ? last : line.strip())) line = prompt();
        out.flush();
    }

    private void outcome() {
        var outcome = debugger.session().outcome();
        if (!outcome.isEmpty()) say("%s", outcome);
    }

    private String runs() {
        int count = debugger.runs().size();
        return count == 1 ? "1 run" : count + " runs";
    }

    private String prompt() throws IOException {
        out.print(PROMPT);
        out.flush();
        return in.readLine();
    }

    private void say(String format, Object... values) {
        out.println(format.formatted(values).stripTrailing());
    }

    /** Whether there is more to come. An empty line is the last command once more. */
    private boolean execute(String line) {
        last = line;
        if (line.isEmpty()) return true;
        var words = line.split("\\s+", 2);
        var argument = words.length > 1 ? words[1].strip() : "";
        var command = Command.of(words[0]);
        if (command.isEmpty()) say("there is no command %s; help lists them", words[0]);
        else if (command.get() == Command.QUIT) return false;
        else if (debugger.isEmpty() && command.get() != Command.RUN) help();
        else execute(command.get(), argument);
        return true;
    }

    private void help() {
        if (debugger.isEmpty()) say("no program was run, so there is nothing to look at");
        Command.help().forEach(row -> say("%s", row));
    }

    private void execute(Command command, String argument) {
        var view = debugger.isEmpty() ? null : debugger.view();
        switch (command) {
            case BREAK -> setBreakpoint(argument);
            case DELETE -> delete(argument);
            case RUN -> restart();
            case CONTINUE -> stopped(debugger.resume());
            case RC -> stopped(debugger.resumeBack());
            case STEP -> stopped(debugger.step());
            case NEXT -> stopped(debugger.next());
            case FINISH -> stopped(debugger.finish());
            case BACK -> stopped(debugger.stepBack());
            case STEPI -> stopped(debugger.stepInstruction());
            case BACKI -> stopped(debugger.backInstruction());
            case REGS -> printing.registers(view);
            case STACK -> printing.stack(view);
            case PACKET -> printing.packet(view);
            case PRINT -> print(argument, view);
            case MAPS -> printing.maps(view);
            case BT -> printing.frames(view);
            case LIST -> list(view);
            case INFO -> info(argument, view);
            case HELP, QUIT -> help();
        }
    }

    private void restart() {
        try {
            debugger.play();
        } catch (BpfException e) {
            say("%s", e.getMessage());
            return;
        }
        outcome();
        shown = "";
        if (debugger.isEmpty()) {
            say("no program was run");
            return;
        }
        if (debugger.breakpoints().isEmpty()) where();
        else stopped(debugger.resumeFromHere());
    }

    private void stopped(Stop stop) {
        stop.breakpoint()
                .ifPresent(
                        at -> say("breakpoint %d, %s", debugger.breakpoints().indexOf(at) + 1, at));
        if (stop.reason() == Reason.END) say("nothing is behind this");
        if (stop.reason() == Reason.START) say("nothing is before this");
        where();
    }

    private void where() {
        var during = during(debugger.view().run());
        // It is said once, not at each line.
        if (!during.equals(shown)) say("in %s", during);
        shown = during;
        printing.where(debugger.view());
    }

    private String during(RecordedRun run) {
        return debugger.session().during(run);
    }

    private void setBreakpoint(String text) {
        var view = debugger.view();
        var file = view.line().map(line -> line.file()).orElse("");
        try {
            var breakpoint = BreakpointReader.read(text, file);
            debugger.add(breakpoint);
            say(
                    "breakpoint %d: %s%s",
                    debugger.breakpoints().size(), breakpoint, doubt(breakpoint));
        } catch (BpfException e) {
            say("%s", e.explanation());
        }
    }

    private String doubt(Breakpoint breakpoint) {
        return switch (breakpoint) {
            case Breakpoint.AtLine line -> debugger.has(line) ? "" : " (no instruction is there)";
            case Breakpoint.AtFunction(var name) ->
                    debugger.hasFunction(name) ? "" : " (no program has a function of that name)";
            default -> "";
        };
    }

    private void delete(String argument) {
        var all = debugger.breakpoints();
        if (argument.isEmpty()) {
            all.forEach(debugger::remove);
            say("no breakpoints are left");
            return;
        }
        boolean isNumber = argument.matches("\\d{1,9}");
        int number = isNumber ? Integer.parseInt(argument) : 0;
        if (number < 1 || number > all.size()) {
            say("there is no breakpoint %s", argument);
            return;
        }
        debugger.remove(all.get(number - 1));
        say("breakpoint %s is gone; those behind it have moved up", argument);
    }

    private void print(String text, View view) {
        say(
                "%s",
                view.evaluate(text, 0)
                        .map(value -> text + " = " + value)
                        .orElse("nothing is called '%s' here".formatted(text)));
    }

    private void list(View view) {
        var line = view.line();
        if (line.isEmpty()) {
            say("no line of C is known of this instruction");
            return;
        }
        say("%s", line.get().file());
        listing.around(view.step().program(), line.get(), MARGIN).forEach(row -> say("%s", row));
    }

    private void info(String what, View view) {
        var topics = List.of("breakpoints", "runs", "context", "instructions");
        var topic = topics.stream().filter(t -> !what.isEmpty() && t.startsWith(what)).findFirst();
        switch (topic.orElse("")) {
            case "breakpoints" -> breakpoints();
            case "runs" -> debugger.runs().forEach(run -> say("%s  %s", run, during(run)));
            case "context" -> view.run().context().forEach(field -> say("%s", field));
            case "instructions" -> printing.instructions(view);
            default -> say("info is of %s", String.join(", ", topics));
        }
    }

    private void breakpoints() {
        var all = debugger.breakpoints();
        if (all.isEmpty()) say("there are no breakpoints");
        for (int i = 0; i < all.size(); i++) say("%d: %s", i + 1, all.get(i));
    }
}
