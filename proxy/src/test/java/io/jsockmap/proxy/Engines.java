package io.jsockmap.proxy;

import io.jsockmap.bpf.compiler.CompilingMachine;
import io.jsockmap.bpf.interpreter.Interpreter;
import io.jsockmap.bpf.program.Machine;
import io.jsockmap.sockmap.UserEngine;

/**
 * What tests run programs on: the suite runs once for each engine, which the property {@code
 * jsockmap.engine} names.
 */
public final class Engines {
    private Engines() {}

    /** An engine with ordinary settings that runs programs as the suite has it. */
    public static UserEngine open() {
        return UserEngine.open(UserEngine.Settings.DEFAULT.with(tested()));
    }

    private static Machine tested() {
        var name = System.getProperty("jsockmap.engine", "interpreter");
        return switch (name) {
            case "interpreter" -> new Interpreter();
            case "compiled" -> CompilingMachine.atOnce(Interpreter.DEFAULT_LIMIT);
            default -> throw new IllegalStateException("no engine is called " + name);
        };
    }
}
