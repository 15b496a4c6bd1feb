package io.jsockmap.bpf.object;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.jsockmap.bpf.BpfException;
import io.jsockmap.bpf.Engines;
import io.jsockmap.bpf.Fixtures;
import io.jsockmap.bpf.insn.Disassembler;
import io.jsockmap.bpf.map.MapKinds;
import io.jsockmap.bpf.memory.ByteRegion;
import io.jsockmap.bpf.program.Environment;
import io.jsockmap.bpf.program.ProgramFault;

import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** Whatever bytes of an object are wrong: it is refused, or loaded and run without harm. */
class RandomDamageTest {
    private static final int SEEDS = 150 * Integer.getInteger("random.factor", 1);
    private static final Environment QUIET = new Environment(() -> 1, () -> 2, _ -> {});

    private static ObjectLoader loader() {
        return new ObjectLoader(
                MapKinds.plain(), _ -> Optional.of(Fixtures.PLAIN), new PinnedMaps());
    }

    static List<String> objects() throws IOException {
        try (var files = Files.list(Fixtures.path("x").getParent())) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".bpf.o"))
                    .map(name -> name.replace(".bpf.o", ""))
                    .sorted()
                    .toList();
        }
    }

    // Far more than it takes: only so that a loop without an end ends the build.
    @Timeout(300)
    @ParameterizedTest
    @MethodSource("objects")
    void aDamagedObjectIsRefusedOrHarmless(String object) {
        for (long seed = 0; seed < SEEDS; seed++) {
            var bytes = damaged(ObjectBytes.of(object).array(), new Random(seed));
            try {
                loadAndRun(bytes);
            } catch (BpfException refused) {
                assertThat(refused.getMessage())
                        .as("%s, seed %d", object, seed)
                        .doesNotContain("\n");
            } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
                fail("%s, seed %d: %s".formatted(object, seed, e), e);
            }
        }
    }

    private static byte[] damaged(byte[] bytes, Random random) {
        int changes = 1 + random.nextInt(4);
        for (int i = 0; i < changes; i++) {
            int at = random.nextInt(bytes.length);
            bytes[at] =
                    switch (random.nextInt(4)) {
                        case 0 -> 0;
                        case 1 -> -1;
                        case 2 -> (byte) (bytes[at] ^ 1 << random.nextInt(8));
                        default -> (byte) random.nextInt();
                    };
        }
        return bytes;
    }

    private static void loadAndRun(byte[] bytes) {
        var spec = ObjectReader.read("damaged.o", bytes);
        var options = LoadOptions.DEFAULT;
        for (var variable : spec.variables()) options = options.withVariable(variable.name(), 1);
        var object = loader().load(spec, options);
        for (var program : object.programs().values()) {
            assertThat(new Disassembler(Disassembler.Style.LLVM).print(program.code()))
                    .isNotEmpty();
            try {
                Engines.tested(1000).run(program, QUIET, ByteRegion.allocate("context", 0));
            } catch (ProgramFault fault) {
                assertThat(fault).hasMessageContaining("instruction");
            }
        }
        for (var variable : spec.variables()) object.variable(variable.name()).bytes();
    }
}
