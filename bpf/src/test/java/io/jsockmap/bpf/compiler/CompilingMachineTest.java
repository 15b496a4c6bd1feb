package io.jsockmap.bpf.compiler;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.map.ArrayMap;
import io.jsockmap.bpf.map.HashMap;
import io.jsockmap.bpf.map.MapDefinition;
import io.jsockmap.bpf.map.MapKinds;
import io.jsockmap.bpf.map.MapType;
import io.jsockmap.bpf.memory.Region;
import io.jsockmap.bpf.program.Environment;
import io.jsockmap.bpf.program.Program;
import io.jsockmap.bpf.program.ProgramType;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** When programs are compiled, and what trying them out leaves behind: nothing. */
class CompilingMachineTest {
    private final Region context = Packets.of(new byte[16]);
    private final AtomicInteger trials = new AtomicInteger();
    private final List<String> printed = new ArrayList<>();
    private final Environment environment = Environment.system().tracingTo(printed::add);

    private Optional<Region> sample(ProgramType type, int turn) {
        trials.incrementAndGet();
        return Optional.of(Packets.of(new byte[16]));
    }

    private CompilingMachine trying() {
        return new CompilingMachine(new Rehearsal(MapKinds.plain(), this::sample));
    }

    private static boolean isCompiled(Program program) {
        return program.prepared().get() instanceof CompiledProgram;
    }

    private static Program longProgram() {
        return Packets.verified("r0 = 0\n" + "r0 += 1\n".repeat(2_000) + "exit");
    }

    @Test
    void aShortProgramIsCompiledBeforeItRunsFirst() {
        var program = Packets.verified("r0 = 7\nexit");

        assertThat(new CompilingMachine().run(program, environment, context).value()).isEqualTo(7);
        assertThat(isCompiled(program)).isTrue();
    }

    @Test
    void aLongProgramRunsBeforeItIsCompiled() {
        var program = longProgram();
        var machine = new CompilingMachine();

        assertThat(machine.run(program, environment, context).value()).isEqualTo(2_000);

        while (!isCompiled(program)) Thread.onSpinWait();
        assertThat(machine.run(program, environment, context).value()).isEqualTo(2_000);
    }

    @Test
    void aPreparedProgramIsCompiledAndWasTriedOut() {
        var program = longProgram();

        trying().prepare(program).join();

        assertThat(isCompiled(program)).isTrue();
        assertThat(trials).hasPositiveValue();
    }

    @Test
    void aMachineWithoutSamplesTriesNothing() {
        var program = longProgram();

        new CompilingMachine().prepare(program).join();

        assertThat(isCompiled(program)).isTrue();
        assertThat(trials).hasValue(0);
    }

    @Test
    void trialsLeaveMapsAsTheyWere() {
        var counts = new ArrayMap(MapDefinition.of("counts", MapType.ARRAY, 4, 8, 1));
        var seen = new HashMap(MapDefinition.of("seen", MapType.HASH, 4, 8, 8));
        var program =
                Packets.verified(
                        """
                        r1 = map[idx:0][0]+0
                        r2 = 1
                        lock *(u64 *)(r1 + 0) += r2
                        *(u64 *)(r10 - 8) = 5
                        *(u64 *)(r10 - 16) = 9
                        r1 = map[fd:1]
                        r2 = r10
                        r2 += -8
                        r3 = r10
                        r3 += -16
                        r4 = 0
                        call 2
                        r0 = 1
                        exit
                        """,
                        counts,
                        seen);

        trying().prepare(program).join();

        assertThat(trials).hasValueGreaterThan(1);
        assertThat(counts.lookup(new byte[4])).contains(new byte[8]);
        assertThat(seen.keys()).isEmpty();
    }

    @Test
    void trialsSeeTheConstantsOfTheProgram() {
        var limit = new ArrayMap(MapDefinition.of(".rodata", MapType.ARRAY, 4, 8, 1));
        limit.memory().store(null, 0, 8, 3);
        var program =
                Packets.verified(
                        """
                        r1 = map[idx:0][0]+0
                        r0 = *(u64 *)(r1 + 0)
                        exit
                        """,
                        limit);

        trying().prepare(program).join();

        assertThat(trying().run(program, environment, context).value()).isEqualTo(3);
    }

    @Test
    void trialsPrintNothing() {
        long text = 0;
        byte[] hello = "hello".getBytes(StandardCharsets.US_ASCII);
        for (int i = 0; i < hello.length; i++) text |= (long) hello[i] << Byte.SIZE * i;
        var program =
                Packets.verified(
                        """
                        r1 = %d ll
                        *(u64 *)(r10 - 8) = r1
                        r1 = r10
                        r1 += -8
                        r2 = 6
                        call 6
                        r0 = 0
                        exit
                        """
                                .formatted(text));
        var machine = trying();

        machine.prepare(program).join();
        assertThat(printed).isEmpty();

        machine.run(program, environment, context);
        assertThat(printed).hasSize(1);
    }
}
