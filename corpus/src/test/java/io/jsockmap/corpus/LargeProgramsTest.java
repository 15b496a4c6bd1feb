package io.jsockmap.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jsockmap.bpf.object.LoadOptions;
import io.jsockmap.bpf.object.ObjectReader;
import io.jsockmap.bpf.program.Program;
import io.jsockmap.bpf.verifier.Options;
import io.jsockmap.bpf.verifier.Verifier;
import io.jsockmap.kernel.KernelVerifier;
import io.jsockmap.sockmap.UserEngine;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Of programs of thousands of instructions we look at no more than the kernel does, nearly. */
class LargeProgramsTest {
    private static final Path PROGRAMS =
            Path.of(System.getProperty("jsockmap.root", ".."))
                    .resolve("sockmap/src/test/resources/programs");

    private static final double MOST = 1.5;

    static List<Program> programs() {
        return Stream.of("large-injector", "large-protocols")
                .flatMap(name -> programs(PROGRAMS.resolve(name + ".bpf.o")))
                .toList();
    }

    private static Stream<Program> programs(Path file) {
        try (var engine = UserEngine.open()) {
            var object = engine.load(ObjectReader.read(file), LoadOptions.DEFAULT.unverified());
            return object.programs().values().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("programs")
    void theKernelAcceptsItTooAndWithAboutAsMuchWork(Program program) {
        var availability = KernelVerifier.availability();
        assumeTrue(availability.usable(), availability::reason);

        var ours = Verifier.verify(program, Options.DEFAULT);
        var theirs = KernelVerifier.verify(program, 0);

        assertThat(ours.refusal()).isEmpty();
        assertThat(theirs.accepted()).as(theirs.log()).isTrue();
        var effort = theirs.effort().orElseThrow();
        assertThat((double) ours.statistics().instructions())
                .isLessThan(MOST * effort.instructions());
        assertThat((double) ours.statistics().states()).isLessThan(MOST * effort.totalStates());
    }
}
