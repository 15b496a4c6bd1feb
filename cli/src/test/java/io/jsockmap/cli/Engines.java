package io.jsockmap.cli;

import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;

import java.util.List;

/**
 * What commands run programs on in tests that don't say it: the suite runs once for each engine,
 * which the property {@code jsockmap.engine} names.
 */
final class Engines {
    static final String OPTION = "--engine";
    static final String TESTED = System.getProperty("jsockmap.engine", "interpreter");

    private Engines() {}

    /** What an argument is that is not given; null for those that are of no interest here. */
    static String byDefault(ArgSpec argument) {
        boolean asked =
                argument instanceof OptionSpec option && List.of(option.names()).contains(OPTION);
        return asked ? TESTED : null;
    }
}
