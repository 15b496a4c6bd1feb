package io.jsockmap.bpf.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jsockmap.bpf.Engines;
import io.jsockmap.bpf.Fixtures;
import io.jsockmap.bpf.memory.ByteRegion;
import io.jsockmap.bpf.program.Environment;
import io.jsockmap.bpf.program.Machine;
import io.jsockmap.bpf.program.Program;
import io.jsockmap.bpf.program.ProgramFault;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The public eBPF conformance vectors, which lie beside the repository where they are at hand. */
class ConformanceTest {
    private static final Path FOLDER =
            Fixtures.ROOT.resolveSibling("shared").resolve("conformance");
    private static final Machine MACHINE = Engines.tested();

    @BeforeAll
    static void theVectorsAreAtHand() {
        assumeTrue(
                Files.isDirectory(FOLDER),
                () -> "the conformance vectors are not at " + FOLDER + ": skipped");
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void aVectorRunsAsItSays(Vector vector) {
        var code = SuiteDialect.assemble(vector.assembly());
        var program = Program.of(vector.name(), Fixtures.PLAIN, code);
        var memory = ByteRegion.of("memory", MemorySegment.ofArray(vector.memory()));

        if (vector.result().isEmpty()) {
            assertThatThrownBy(() -> run(program, memory)).isInstanceOf(ProgramFault.class);
        } else {
            assertThat(run(program, memory)).isEqualTo(vector.result().get());
        }
    }

    private static long run(Program program, ByteRegion memory) {
        return MACHINE.run(program, Environment.system(), memory, memory.size()).value();
    }

    static List<Vector> vectors() throws IOException {
        try (var files = Files.list(FOLDER)) {
            return files.filter(f -> f.toString().endsWith(".data"))
                    .sorted()
                    .map(Vector::read)
                    .toList();
        }
    }
}
