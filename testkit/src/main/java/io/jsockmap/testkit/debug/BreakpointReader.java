package io.jsockmap.testkit.debug;

import io.jsockmap.bpf.BpfException;
import io.jsockmap.bpf.Errno;
import io.jsockmap.testkit.record.Ending.Outcome;

import java.util.regex.Pattern;

/** Reads breakpoints as people type them. */
final class BreakpointReader {
    private static final Pattern LINE = Pattern.compile("(?:(.+):)?(\\d{1,9})");
    private static final Pattern SLOT = Pattern.compile("(?:(\\w+)\\s*)?\\*(\\d{1,9})");
    private static final Pattern HELPER = Pattern.compile("helper\\s+(\\w+)");
    private static final Pattern VERDICT = Pattern.compile("verdict\\s+(\\w+)");
    private static final Pattern FUNCTION = Pattern.compile("\\w+");

    private BreakpointReader() {}

    /**
     * Reads one.
     *
     * @param file the file that a line without one is of
     * @throws BpfException EINVAL if it is none
     */
    static Breakpoint read(String text, String file) {
        var line = LINE.matcher(text);
        if (line.matches()) {
            var named = line.group(1) == null ? file : line.group(1);
            return new Breakpoint.AtLine(named, Integer.parseInt(line.group(2)));
        }
        var slot = SLOT.matcher(text);
        if (slot.matches()) {
            var program = slot.group(1) == null ? "" : slot.group(1);
            return new Breakpoint.AtSlot(program, Integer.parseInt(slot.group(2)));
        }
        var helper = HELPER.matcher(text);
        if (helper.matches()) return new Breakpoint.AtCall(helper.group(1));
        var verdict = VERDICT.matcher(text);
        if (verdict.matches()) return new Breakpoint.AtVerdict(outcome(verdict.group(1)));
        if (FUNCTION.matcher(text).matches()) return new Breakpoint.AtFunction(text);
        throw new BpfException(
                Errno.EINVAL,
                "'%s' is no place: FILE:LINE, LINE, FUNCTION, *SLOT, helper NAME, verdict NAME"
                        .formatted(text));
    }

    private static Outcome outcome(String name) {
        return Outcome.of(name)
                .orElseThrow(
                        () ->
                                new BpfException(
                                        Errno.EINVAL,
                                        "'%s' is no verdict: %s".formatted(name, Outcome.WORDS)));
    }
}
