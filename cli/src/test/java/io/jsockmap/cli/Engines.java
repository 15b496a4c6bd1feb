package io.jsockmap.cli;

import io.jsockmap.bpf.compiler.CompilingMachine;
import io.jsockmap.bpf.interpreter.Interpreter;
import io.jsockmap.bpf.program.Machine;
import io.jsockmap.sockmap.UserEngine;

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

    /** An engine of the test's own. */
    static UserEngine open() {
        Machine machine =
                TESTED.equals("interpreter")
                        ? new Interpreter()
                        : CompilingMachine.atOnce(Interpreter.DEFAULT_LIMIT);
        return UserEngine.open(UserEngine.Settings.DEFAULT.with(machine));
    }

    /** What an argument is that is not given; null for those that are of no interest here. */
    static String byDefault(ArgSpec argument) {
        boolean asked =
                argument instanceof OptionSpec option && List.of(option.names()).contains(OPTION);
        return asked ? TESTED : null;
    }
}
