package io.jsockmap.bpf;

import static org.junit.jupiter.api.Assertions.assertThrows;

import io.jsockmap.bpf.insn.Assembler;
import io.jsockmap.bpf.insn.Code;
import io.jsockmap.bpf.interpreter.Interpreter;
import io.jsockmap.bpf.map.BpfMap;
import io.jsockmap.bpf.memory.ByteRegion;
import io.jsockmap.bpf.memory.Region;
import io.jsockmap.bpf.program.Environment;
import io.jsockmap.bpf.program.Program;
import io.jsockmap.bpf.program.ProgramFault;
import io.jsockmap.bpf.program.RunResult;

import java.util.List;
import java.util.TreeMap;

/**
 * A program of the plain type that a test is about to run.
 *
 * @param code the program
 * @param memory what R1 points to; R2 holds its size
 * @param maps the maps that the code refers to by their place
 * @param environment where time, chance and traces come from and go to
 * @param limit how many instructions it may take
 */
public record Trial(
        Code code, Region memory, List<BpfMap> maps, Environment environment, long limit) {

    /** A program as text, on no memory and without maps. */
    public static Trial of(String text) {
        return of(Assembler.assemble(text));
    }

    /** A program on no memory and without maps. */
    public static Trial of(Code code) {
        return new Trial(
                code,
                ByteRegion.allocate("memory", 0),
                List.of(),
                Environment.system(),
                Interpreter.DEFAULT_LIMIT);
    }

    public Trial on(Region memory) {
        return new Trial(code, memory, maps, environment, limit);
    }

    public Trial with(BpfMap... maps) {
        return new Trial(code, memory, List.of(maps), environment, limit);
    }

    public Trial in(Environment environment) {
        return new Trial(code, memory, maps, environment, limit);
    }

    public Trial upTo(long limit) {
        return new Trial(code, memory, maps, environment, limit);
    }

    public RunResult run() {
        var program = new Program("trial", Fixtures.PLAIN, code, maps, new TreeMap<>());
        return Engines.tested(limit).run(program, environment, memory, memory.size());
    }

    /** What it returns. */
    public long value() {
        return run().value();
    }

    /** Runs it, and expects a fault: nothing else and nothing less. */
    public ProgramFault fault() {
        return assertThrows(ProgramFault.class, this::run);
    }
}
