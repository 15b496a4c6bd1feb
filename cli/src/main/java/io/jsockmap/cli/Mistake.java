package io.jsockmap.cli;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** What is said of a command line that no option could complain of by itself. */
final class Mistake {
    private Mistake() {}

    static ParameterException of(CommandSpec spec, String format, Object... values) {
        return new ParameterException(spec.commandLine(), format.formatted(values));
    }
}
