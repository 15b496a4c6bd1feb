package io.jsockmap.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jsockmap.bpf.BpfException;
import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.insn.Assembler;
import io.jsockmap.bpf.map.BpfMap;
import io.jsockmap.bpf.map.MapDefinition;
import io.jsockmap.bpf.map.MapType;
import io.jsockmap.bpf.map.PercpuArrayMap;
import io.jsockmap.bpf.map.SpecialField;
import io.jsockmap.bpf.program.Debug;
import io.jsockmap.bpf.program.Program;
import io.jsockmap.sockmap.program.SocketPrograms;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

class KernelVerifierTest {

    @BeforeEach
    void bpfIsPermitted() {
        var availability = KernelVerifier.availability();
        assumeTrue(availability.usable(), availability::reason);
    }

    @Test
    void whatIsAcceptedHasNoErrno() {
        var answer = KernelVerifier.verify(program("r0 = 1\nexit"), 0);

        assertThat(answer.accepted()).isTrue();
        assertThat(answer.errnoName()).isEmpty();
        assertThat(answer.effort().orElseThrow().instructions()).isEqualTo(2);
        assertThat(answer.nanoseconds()).isPositive();
    }

    @Test
    void whatIsRefusedSaysWhyAtEveryLevel() {
        for (int level = 0; level <= KernelVerifier.MAX_LOG_LEVEL; level++) {
            var answer = KernelVerifier.verify(program("r0 = r5\nexit"), level);

            assertThat(answer.accepted()).isFalse();
            assertThat(answer.errnoName()).isEqualTo("EACCES");
            assertThat(answer.reason()).isEqualTo("R5 !read_ok");
        }
    }

    @Test
    void theReasonOfAnEndlessLoopIsNotTheStateBehindIt() {
        var answer =
                KernelVerifier.verify(
                        program("r0 = *(u32 *)(r1 + 68)\nagain:\nif r0 > 5 goto again\nexit"), 0);

        assertThat(answer.reason()).startsWith("infinite loop detected at insn 1");
    }

    @Test
    void aLongLogIsWhole() {
        var loop =
                "r1 = 0\nr2 = 0\nagain:\nr1 += 1\nr2 += 3\nif r1 < 3000 goto again\nr0 = 1\nexit";

        var answer = KernelVerifier.verify(program(loop), 2);

        assertThat(answer.accepted()).isTrue();
        assertThat(answer.log()).hasSizeGreaterThan(200_000);
        assertThat(answer.log()).contains("\n0: (b7) r1 = 0").contains("processed 9004 insns");
    }

    @Test
    void aCallbackOfAProgramWithoutTypesIsGivenSome() {
        var code =
                """
                r1 = 3
                r2 = subprog[+6]
                r3 = 0
                r4 = 0
                call 181
                r0 = 1
                exit
                r0 = 0
                exit
                """;

        assertThat(KernelVerifier.verify(program(code), 1))
                .matches(KernelAnswer::accepted, "is accepted");
    }

    @Test
    void aMapThatTheKernelRefusesIsNamed() {
        var definition =
                MapDefinition.of("locked", MapType.PERCPU_ARRAY, 4, 8, 1)
                        .withSpecial(List.of(new SpecialField(SpecialField.Kind.SPIN_LOCK, 0)));
        var program = program("r1 = map[fd:0]\nr0 = 1\nexit", new PercpuArrayMap(definition));

        assertThatExceptionOfType(BpfException.class)
                .isThrownBy(() -> KernelVerifier.verify(program, 0))
                .matches(e -> e.errno() == Errno.EOPNOTSUPP)
                .withMessageContaining("locked");
    }

    @Test
    void nothingStaysOpen() throws IOException {
        var map = new PercpuArrayMap(MapDefinition.of("m", MapType.PERCPU_ARRAY, 4, 8, 1));
        var program = program("r1 = map[fd:0]\nr0 = 1\nexit", map);
        KernelVerifier.verify(program, 0);
        long before = mapsAndPrograms();

        for (int i = 0; i < 5; i++) KernelVerifier.verify(program, 2);

        assertThat(mapsAndPrograms()).isEqualTo(before).isZero();
    }

    @Test
    void levelsAreZeroToTwo() {
        var program = program("r0 = 1\nexit");

        assertThatIllegalArgumentException().isThrownBy(() -> KernelVerifier.verify(program, 3));
        assertThatIllegalArgumentException().isThrownBy(() -> KernelVerifier.verify(program, -1));
    }

    private static Program program(String code, BpfMap... maps) {
        return new Program(
                "test", SocketPrograms.SK_MSG, Assembler.assemble(code), List.of(maps), Debug.NONE);
    }

    /** Descriptors of this process that are the kernel's maps or programs. */
    private static long mapsAndPrograms() throws IOException {
        try (var descriptors = Files.list(Path.of("/proc/self/fd"))) {
            return descriptors.filter(KernelVerifierTest::isBpf).count();
        }
    }

    private static boolean isBpf(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString().startsWith("anon_inode:bpf");
        } catch (IOException e) {
            // Somebody closed it meanwhile.
            return false;
        }
    }
}
