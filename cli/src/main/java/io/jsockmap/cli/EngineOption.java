package io.jsockmap.cli;

import io.jsockmap.bpf.compiler.CompilingMachine;
import io.jsockmap.bpf.interpreter.Interpreter;
import io.jsockmap.bpf.program.Machine;
import io.jsockmap.sockmap.SockmapEngine;
import io.jsockmap.sockmap.UserEngine;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** The option that says what runs programs. */
final class EngineOption {
    private enum Engine {
        AUTO,
        USER,
        KERNEL,
        COMPILED,
        INTERPRETER
    }

    @Spec(Target.MIXEE)
    private CommandSpec spec;

    @Option(
            names = "--engine",
            paramLabel = "ENGINE",
            description = {
                "what runs programs: user (the default), in two ways,",
                "compiled to JVM bytecode or by the slower interpreter;",
                "kernel, where bpf(2) is permitted; auto, the kernel",
                "if it takes the object (kernel, auto: run only)"
            })
    private Engine engine = Engine.USER;

    /** Whether the kernel's sockmap is asked for, be it only if it can be had. */
    boolean mayBeKernel() {
        return engine == Engine.KERNEL || engine == Engine.AUTO;
    }

    /** The engine that was asked for, where it may be the kernel's. */
    SockmapEngine open() {
        return engine == Engine.KERNEL ? SockmapEngine.kernel() : SockmapEngine.auto();
    }

    /** For programs that run often: they need not wait until they are compiled. */
    Machine machine() {
        return isCompiled() ? UserEngine.Settings.DEFAULT.machine() : new Interpreter();
    }

    /** For a program that runs once. */
    Machine atOnce() {
        return isCompiled()
                ? CompilingMachine.atOnce(Interpreter.DEFAULT_LIMIT)
                : new Interpreter();
    }

    /** Whether programs are compiled; the kernel's way is not for who wants to look at runs. */
    private boolean isCompiled() {
        if (mayBeKernel()) {
            throw Mistake.of(
                    spec,
                    "%s looks at runs in user space: --engine user, compiled or interpreter",
                    spec.name());
        }
        return engine != Engine.INTERPRETER;
    }
}
