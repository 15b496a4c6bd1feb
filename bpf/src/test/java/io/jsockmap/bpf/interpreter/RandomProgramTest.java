package io.jsockmap.bpf.interpreter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.jsockmap.bpf.Engines;
import io.jsockmap.bpf.Fixtures;
import io.jsockmap.bpf.Trial;
import io.jsockmap.bpf.insn.Assembler;
import io.jsockmap.bpf.insn.Code;
import io.jsockmap.bpf.insn.RandomCode;
import io.jsockmap.bpf.map.ArrayMap;
import io.jsockmap.bpf.map.BpfMap;
import io.jsockmap.bpf.map.HashMap;
import io.jsockmap.bpf.map.MapDefinition;
import io.jsockmap.bpf.map.MapType;
import io.jsockmap.bpf.map.PercpuArrayMap;
import io.jsockmap.bpf.map.ProgArrayMap;
import io.jsockmap.bpf.memory.ByteRegion;
import io.jsockmap.bpf.program.Environment;
import io.jsockmap.bpf.program.Program;
import io.jsockmap.bpf.program.ProgramFault;

import org.junit.jupiter.api.Test;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Programs that nobody wrote: they fault or end, soon, and reach nothing that is not theirs. */
class RandomProgramTest {
    /** A class for each program takes its time. */
    private static final int PROGRAMS =
            (Engines.isCompiled() ? 2_000 : 10_000) * Integer.getInteger("random.factor", 1);

    private static final int LIMIT = 2_000;
    private static final byte CANARY = (byte) 0xa5;
    private static final Environment QUIET =
            new Environment(() -> 1, () -> 2, _ -> {}).withAlarms((_, _) -> () -> {});

    /** Gives the registers something to go wrong with; r1 and r2 stay as they are. */
    private static final Code PROLOGUE =
            Assembler.assemble(
                    """
                    r6 = r1
                    r7 = map[fd:0][0]+0
                    r8 = r10
                    r8 += -256
                    r9 = map[fd:1]
                    r3 = r8
                    r4 = 8
                    r5 = map[fd:0]
                    r0 = 1
                    """);

    private final byte[] world = new byte[96];
    private final ByteRegion memory =
            ByteRegion.of("memory", MemorySegment.ofArray(world).asSlice(32, 32));
    private final List<BpfMap> maps = maps();
    private int ended;

    @Test
    void aRandomProgramFaultsOrEndsAndTouchesNothingElse() {
        for (long seed = 0; seed < PROGRAMS; seed++) run(seed);

        // The generator is worth something only if both happen, often.
        assertThat(ended).isBetween(PROGRAMS / 100, PROGRAMS - PROGRAMS / 100);
    }

    private void run(long seed) {
        MemorySegment.ofArray(world).fill(CANARY);
        var random = new Random(seed);
        var code = PROLOGUE.followedBy(new RandomCode(random).runnable(3 + random.nextInt(30)));
        var trial = new Trial(code, memory, maps, QUIET, LIMIT);
        try {
            assertThat(trial.run().instructions()).isLessThanOrEqualTo(LIMIT);
            ended++;
        } catch (ProgramFault fault) {
            assertThat(fault.getMessage()).as("seed %d", seed).contains("instruction");
        } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
            fail("seed %d: %s%n%s".formatted(seed, e, code), e);
        }
        for (int i = 0; i < 32; i++) {
            assertThat(world[i]).as("seed %d, before the memory", seed).isEqualTo(CANARY);
            assertThat(world[64 + i]).as("seed %d, behind the memory", seed).isEqualTo(CANARY);
        }
        assertThat(maps.get(3).lookup(new byte[4]).orElseThrow())
                .as("seed %d, a read-only map", seed)
                .containsOnly(0);
    }

    private static List<BpfMap> maps() {
        var constants = MapDefinition.of("constants", MapType.ARRAY, 4, 8, 1);
        List<BpfMap> maps = new ArrayList<>();
        maps.add(new ArrayMap(MapDefinition.of("array", MapType.ARRAY, 4, 8, 2)));
        maps.add(new HashMap(MapDefinition.of("hash", MapType.HASH, 4, 8, 4)));
        maps.add(new PercpuArrayMap(MapDefinition.of("percpu", MapType.PERCPU_ARRAY, 4, 8, 2)));
        maps.add(new ArrayMap(constants.withFlags(BpfMap.RDONLY_PROG)));
        var programs =
                new ProgArrayMap<Program>(
                        MapDefinition.of("programs", MapType.PROG_ARRAY, 4, 4, 1));
        programs.set(0, Program.of("other", Fixtures.PLAIN, Assembler.assemble("r0 = 7\nexit")));
        maps.add(programs);
        return maps;
    }
}
