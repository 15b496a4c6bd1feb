package io.jsockmap.cli;

import java.io.PrintWriter;

/**
 * How far long work is: a line of the terminal that is written over and over. Elsewhere, as in a
 * file or CI, nothing: there lines that are done tell it.
 */
final class ProgressLine {
    private static final long NANOS_BETWEEN = 100_000_000;

    private final PrintWriter out;
    private final boolean onTerminal;
    private long shown;
    private int width;

    private ProgressLine(PrintWriter out, boolean onTerminal) {
        this.out = out;
        this.onTerminal = onTerminal;
    }

    static ProgressLine of(PrintWriter out) {
        return new ProgressLine(out, Terminal.isThere());
    }

    /** So much of all is done. */
    void show(String what, int done, int all) {
        long now = System.nanoTime();
        if (!onTerminal || now - shown < NANOS_BETWEEN) return;
        shown = now;
        var line = "%d/%d %s".formatted(done, all, what);
        out.print("\r" + line + " ".repeat(Math.max(0, width - line.length())));
        out.flush();
        width = line.length();
    }

    /** Makes room for a line that stays. */
    void clear() {
        if (width == 0) return;
        out.print("\r" + " ".repeat(width) + "\r");
        out.flush();
        width = 0;
    }
}
