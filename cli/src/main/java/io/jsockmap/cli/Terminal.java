package io.jsockmap.cli;

/** What the output goes to. */
final class Terminal {
    private Terminal() {}

    /** Whether people see the output as it is written, and not a file or another program. */
    static boolean isThere() {
        var console = System.console();
        return console != null && console.isTerminal() && !"dumb".equals(System.getenv("TERM"));
    }
}
