package io.jsockmap.sockmap.network;

import io.jsockmap.bpf.compiler.CompilingMachine;
import io.jsockmap.bpf.interpreter.Interpreter;
import io.jsockmap.bpf.program.Machine;
import io.jsockmap.sockmap.UserEngine;

/**
 * What tests run programs on, by the property {@code jsockmap.engine}: in this module each test
 * once, on the engine that pom.xml has for its package.
 */
public final class Engines {
    private static final String NAME = System.getProperty("jsockmap.engine", "interpreter");

    /** Ordinary settings, with the engine under test. */
    public static final UserEngine.Settings SETTINGS = UserEngine.Settings.DEFAULT.with(tested());

    private Engines() {}

    public static boolean isCompiled() {
        return NAME.equals("compiled");
    }

    /** The engine under test. */
    public static Machine tested() {
        return switch (NAME) {
            case "interpreter" -> new Interpreter();
            case "compiled" -> CompilingMachine.atOnce(Interpreter.DEFAULT_LIMIT);
            default -> throw new IllegalStateException("no engine is called " + NAME);
        };
    }
}
