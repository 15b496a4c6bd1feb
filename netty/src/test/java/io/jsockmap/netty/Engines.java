package io.jsockmap.netty;

import io.jsockmap.bpf.compiler.CompilingMachine;
import io.jsockmap.bpf.interpreter.Interpreter;
import io.jsockmap.bpf.program.Machine;
import io.jsockmap.sockmap.UserEngine;
import io.jsockmap.sockmap.socket.Limits;

/**
 * What tests run programs on: the suite runs once for each engine, which the property {@code
 * jsockmap.engine} names.
 */
public final class Engines {
    private Engines() {}

    /** An engine with some limits that runs programs as the suite has it. */
    public static UserEngine open(Limits limits) {
        return UserEngine.open(settings(limits));
    }

    /** The settings of such an engine. */
    static UserEngine.Settings settings(Limits limits) {
        return UserEngine.Settings.DEFAULT.with(tested()).with(limits);
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
