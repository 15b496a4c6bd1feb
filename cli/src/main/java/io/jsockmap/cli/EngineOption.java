package io.jsockmap.cli;

import io.jsockmap.bpf.compiler.CompilingMachine;
import io.jsockmap.bpf.interpreter.Interpreter;
import io.jsockmap.bpf.program.Machine;
import io.jsockmap.sockmap.UserEngine;

import picocli.CommandLine.Option;

/** The option that says what runs programs. */
final class EngineOption {
    private enum Engine {
        INTERPRETER,
        COMPILED
    }

    @Option(
            names = "--engine",
            paramLabel = "ENGINE",
            description = {
                "what runs programs: compiled (the default), which",
                "makes JVM bytecode of them, or interpreter (slower)"
            })
    private Engine engine = Engine.COMPILED;

    /** For programs that run often: they need not wait until they are compiled. */
    Machine machine() {
        return switch (engine) {
            case INTERPRETER -> new Interpreter();
            case COMPILED -> UserEngine.Settings.DEFAULT.machine();
        };
    }

    /** For a program that runs once. */
    Machine atOnce() {
        return switch (engine) {
            case INTERPRETER -> new Interpreter();
            case COMPILED -> CompilingMachine.atOnce(Interpreter.DEFAULT_LIMIT);
        };
    }
}
