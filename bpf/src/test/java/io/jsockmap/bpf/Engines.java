package io.jsockmap.bpf;

import io.jsockmap.bpf.compiler.CompilingMachine;
import io.jsockmap.bpf.interpreter.Interpreter;
import io.jsockmap.bpf.program.Machine;

/**
 * What tests run programs on: the suite runs once for each engine, which the property {@code
 * jsockmap.engine} names.
 */
public final class Engines {
    private static final String NAME = System.getProperty("jsockmap.engine", "interpreter");

    private Engines() {}

    public static boolean isCompiled() {
        return NAME.equals("compiled");
    }

    /** The engine under test. */
    public static Machine tested() {
        return tested(Interpreter.DEFAULT_LIMIT);
    }

    /**
     * The engine under test.
     *
     * @param limit how many instructions a run may take
     */
    public static Machine tested(long limit) {
        return switch (NAME) {
            case "interpreter" -> new Interpreter(limit);
            case "compiled" -> CompilingMachine.atOnce(limit);
            default -> throw new IllegalStateException("no engine is called " + NAME);
        };
    }
}
