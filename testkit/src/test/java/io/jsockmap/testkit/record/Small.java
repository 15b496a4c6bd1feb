package io.jsockmap.testkit.record;

import io.jsockmap.bpf.insn.Assembler;
import io.jsockmap.bpf.interpreter.Interpreter;
import io.jsockmap.bpf.memory.ObjectRegion;
import io.jsockmap.bpf.program.ContextLayout;
import io.jsockmap.bpf.program.Environment;
import io.jsockmap.bpf.program.Helper;
import io.jsockmap.bpf.program.HelperFunction;
import io.jsockmap.bpf.program.Program;
import io.jsockmap.bpf.program.ProgramType;
import io.jsockmap.bpf.program.RunWatcher;

import java.util.Map;

/** Programs of a few instructions, whose helper 5 does what a test wants. */
final class Small {
    private Small() {}

    static Program program(String text, HelperFunction helper) {
        var row = Helper.of(5, helper, Helper.Result.NUMBER);
        var type =
                new ProgramType(
                        "plain", 0, ContextLayout.of("struct none", 0).build(), Map.of(5, row));
        return Program.of("small", type, Assembler.assemble(text));
    }

    static void run(Program program, RunWatcher watcher) {
        new Interpreter(100_000)
                .watchedBy(watcher)
                .run(program, Environment.system(), new ObjectRegion("nothing", "none"), 0);
    }
}
