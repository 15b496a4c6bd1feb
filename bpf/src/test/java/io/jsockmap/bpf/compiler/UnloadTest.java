package io.jsockmap.bpf.compiler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jsockmap.bpf.Engines;
import io.jsockmap.bpf.Fixtures;
import io.jsockmap.bpf.insn.Assembler;
import io.jsockmap.bpf.interpreter.Interpreter;
import io.jsockmap.bpf.map.ArrayMap;
import io.jsockmap.bpf.map.MapDefinition;
import io.jsockmap.bpf.map.MapType;
import io.jsockmap.bpf.map.ProgArrayMap;
import io.jsockmap.bpf.memory.ByteRegion;
import io.jsockmap.bpf.memory.Region;
import io.jsockmap.bpf.program.Debug;
import io.jsockmap.bpf.program.Environment;
import io.jsockmap.bpf.program.Machine;
import io.jsockmap.bpf.program.Program;
import io.jsockmap.bpf.verifier.Options;
import io.jsockmap.bpf.verifier.Verifier;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.lang.ref.PhantomReference;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * A program that nobody refers to any more goes, and its class with it. The property {@code
 * unload.programs} says how many programs come and go.
 */
class UnloadTest {
    private static final int PROGRAMS = Integer.getInteger("unload.programs", 1_000);
    private static final int BATCH = 500;
    private static final long MEBIBYTE = 1 << 20;

    /** What the JVM itself may have come to need since the first batch. */
    private static final long MOST_GROWTH = 16 * MEBIBYTE;

    private static final Region CONTEXT = ByteRegion.allocate("context", 0);

    /** The same one all the time, so that it would show if it kept anything. */
    private final Machine machine = CompilingMachine.atOnce(Interpreter.DEFAULT_LIMIT);

    private final ReferenceQueue<Object> gone = new ReferenceQueue<>();
    private final Set<Reference<?>> waited = new HashSet<>();

    @Test
    @Timeout(value = 60, unit = TimeUnit.MINUTES)
    void programsGoWithTheirClasses() throws InterruptedException {
        assumeTrue(Engines.isCompiled(), "this is about the compiler");
        long before = 0;
        for (int first = 0; first < PROGRAMS; first += BATCH) {
            for (int number = first; number < first + BATCH; number += 2) comeAndGo(number);
            awaitGone();
            if (first == 0) before = kept();
        }
        assertThat(kept() - before).as("bytes that are kept").isLessThan(MOST_GROWTH);
    }

    /** A pair: one is verified and jumps to the other, which is not. */
    private void comeAndGo(int number) {
        var target = program(number, new ProgArrayMap<>(jumps()));
        var toTarget = new ProgArrayMap<Program>(jumps());
        toTarget.set(0, target);
        var jumping = Verifier.verify(program(number + 1, toTarget), Options.DEFAULT).accepted();

        assertThat(jumping.facts()).isPresent();
        assertThat(value(jumping)).isEqualTo(2L * number);
        assertThat(value(target)).isEqualTo(2L * number);

        List.of(target, jumping).forEach(this::watch);
        // Even one that refers to itself.
        toTarget.set(0, jumping);
    }

    /**
     * Looks into a map, calls a function of its own, and jumps to the program in slot 0, if any.
     */
    private static Program program(int number, ProgArrayMap<Program> jumps) {
        var values = new ArrayMap(MapDefinition.of("values", MapType.ARRAY, 4, 8, 1));
        var code =
                Assembler.assemble(
                        """
                        r6 = r1
                        r7 = %d
                        r2 = r10
                        r2 += -8
                        *(u64 *)(r10 - 8) = 0
                        r1 = map[fd:0]
                        call 1
                        if r0 == 0 goto +2
                        *(u64 *)(r0 + 0) = r7
                        r7 = *(u64 *)(r0 + 0)
                        r1 = r6
                        r2 = map[fd:1]
                        r3 = 0
                        call 12
                        r1 = r7
                        call twice
                        exit
                        twice:
                        r0 = r1
                        r0 += r1
                        exit
                        """
                                .formatted(number));
        var maps = List.of(values, jumps);
        return new Program("p" + number, Fixtures.PLAIN, code, maps, Debug.NONE);
    }

    private static MapDefinition jumps() {
        return MapDefinition.of("jumps", MapType.PROG_ARRAY, 4, 4, 1);
    }

    private long value(Program program) {
        return machine.run(program, Environment.system(), CONTEXT).value();
    }

    private void watch(Program program) {
        var compiled = (CompiledProgram) program.prepared().get();
        waited.add(new PhantomReference<>(program, gone));
        waited.add(new PhantomReference<>(compiled.linked().code().getClass(), gone));
    }

    /** The JVM's compiler may be at one of them, and lets go of it soon. */
    private void awaitGone() throws InterruptedException {
        while (!waited.isEmpty()) {
            System.gc();
            for (var one = gone.remove(100); one != null; one = gone.poll()) waited.remove(one);
        }
    }

    /** The bytes of the heap that are in use after what is not has been collected. */
    private static long kept() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }
}
