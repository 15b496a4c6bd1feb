package io.jsockmap.bpf.compiler;

import io.jsockmap.bpf.compiler.emit.ProgramCompiler;
import io.jsockmap.bpf.compiler.runtime.Execution;
import io.jsockmap.bpf.compiler.runtime.Linked;
import io.jsockmap.bpf.map.BpfMap;
import io.jsockmap.bpf.map.Cpu;
import io.jsockmap.bpf.map.MapOfMaps;
import io.jsockmap.bpf.map.PercpuMap;
import io.jsockmap.bpf.map.PerfEventArrayMap;
import io.jsockmap.bpf.map.ProgArrayMap;
import io.jsockmap.bpf.memory.Region;
import io.jsockmap.bpf.program.CallTrait;
import io.jsockmap.bpf.program.ContextRegion;
import io.jsockmap.bpf.program.Environment;
import io.jsockmap.bpf.program.ExitWatcher;
import io.jsockmap.bpf.program.Prepared;
import io.jsockmap.bpf.program.Program;
import io.jsockmap.bpf.program.RunResult;
import io.jsockmap.bpf.program.Target;

import java.util.Optional;
import java.util.stream.IntStream;

/** A program with its class, and executions that are free. Thread-safe. */
final class CompiledProgram implements Prepared {
    private final Linked linked;
    private final Optional<ExitWatcher> watcher;
    private final boolean usesCpu;
    private final boolean usesContext;
    private final Executions executions;

    private CompiledProgram(Linked linked, Execution.Linker linker, Optional<ExitWatcher> watcher) {
        this.linked = linked;
        this.watcher = watcher;
        executions = new Executions(() -> new Execution(linked, linker, watcher));
        usesCpu = usesCpu(linked.program());
        usesContext = usesContext(linked.program());
    }

    static CompiledProgram of(
            Program program, Execution.Linker linker, Optional<ExitWatcher> watcher, int longest) {
        var code = ProgramCompiler.compile(program, watcher.isPresent(), longest).define();
        return new CompiledProgram(Linked.of(program, code), linker, watcher);
    }

    /** Whether a run may ask which CPU it is on, or touch what each CPU has for itself. */
    private static boolean usesCpu(Program program) {
        return program.mayCall(CallTrait.USES_CPU)
                || program.maps().stream().anyMatch(CompiledProgram::isOfCpus);
    }

    /** Whether it goes to the fields of its context directly. */
    private static boolean usesContext(Program program) {
        var facts = program.facts();
        return facts.isPresent()
                && IntStream.range(0, program.code().size())
                        .anyMatch(slot -> facts.get().target(slot) instanceof Target.Context);
    }

    private static boolean isOfCpus(BpfMap map) {
        return map instanceof PercpuMap
                || map instanceof PerfEventArrayMap
                || map instanceof ProgArrayMap<?>
                || map instanceof MapOfMaps;
    }

    /** Whether it tells what it leaves in its registers. */
    boolean isWatched() {
        return watcher.isPresent();
    }

    Linked linked() {
        return linked;
    }

    /** Whether it was compiled for contexts of that kind. */
    boolean takes(Region context) {
        if (!usesContext) return true;
        return context instanceof ContextRegion<?> region
                && region.layout() == linked.program().type().context();
    }

    RunResult run(Environment environment, Region context, long second, long limit) {
        boolean entered = usesCpu && Cpu.enter();
        try {
            return runOnCpu(environment, context, second, limit);
        } finally {
            if (entered) Cpu.leave();
        }
    }

    private RunResult runOnCpu(Environment environment, Region context, long second, long limit) {
        var kept = executions.take();
        try {
            return kept.execution.run(environment, context, second, limit);
        } finally {
            executions.giveBack(kept);
        }
    }
}
