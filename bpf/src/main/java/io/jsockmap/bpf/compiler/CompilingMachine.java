package io.jsockmap.bpf.compiler;

import io.jsockmap.bpf.interpreter.Interpreter;
import io.jsockmap.bpf.memory.Region;
import io.jsockmap.bpf.program.Environment;
import io.jsockmap.bpf.program.Machine;
import io.jsockmap.bpf.program.Program;
import io.jsockmap.bpf.program.RunResult;

/** Runs programs compiled to JVM bytecode. */
public final class CompilingMachine implements Machine {
    private final Interpreter interpreter;
    private final long limit;

    private CompilingMachine(long limit) {
        this.limit = limit;
        interpreter = new Interpreter(limit);
    }

    /** A machine that compiles each program before it runs first. */
    public static CompilingMachine atOnce(long limit) {
        return new CompilingMachine(limit);
    }

    @Override
    public RunResult run(Program program, Environment environment, Region context, long second) {
        var compiled = compiled(program);
        return compiled.takes(context)
                ? compiled.run(environment, context, second)
                : interpreter.run(program, environment, context, second);
    }

    private CompiledProgram compiled(Program program) {
        if (program.prepared().getAcquire() instanceof CompiledProgram compiled) return compiled;
        var made = CompiledProgram.of(program, p -> compiled(p).linked(), limit);
        program.prepared().setRelease(made);
        return made;
    }
}
