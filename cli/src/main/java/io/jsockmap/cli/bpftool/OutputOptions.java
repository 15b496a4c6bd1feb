package io.jsockmap.cli.bpftool;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** How bpftool's options say that results shall be JSON. */
public final class OutputOptions {
    @Option(
            names = {"-j", "--json"},
            description = "print JSON")
    private boolean json;

    @Option(
            names = {"-p", "--pretty"},
            description = "print JSON on many lines")
    private boolean pretty;

    /** Whether a command reads them where they stand in front of all commands. */
    public static boolean areReadBy(CommandSpec command) {
        return command.mixins().values().stream()
                .anyMatch(mixin -> mixin.userObject() instanceof Asking);
    }

    boolean json() {
        return json || pretty;
    }

    boolean pretty() {
        return pretty;
    }
}
