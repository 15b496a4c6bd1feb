package io.jsockmap.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jsockmap.bpf.BpfException;
import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.insn.Assembler;
import io.jsockmap.bpf.map.BpfMap;
import io.jsockmap.bpf.map.HashMap;
import io.jsockmap.bpf.map.MapDefinition;
import io.jsockmap.bpf.map.MapType;
import io.jsockmap.bpf.program.ContextLayout;
import io.jsockmap.bpf.program.Debug;
import io.jsockmap.bpf.program.Program;
import io.jsockmap.bpf.program.ProgramType;
import io.jsockmap.sockmap.program.SocketPrograms;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;
import java.util.Map;

class KernelRunTest {
    private static final byte[] PACKET = new byte[60];

    @BeforeEach
    void bpfIsPermitted() {
        var availability = KernelVerifier.availability();
        assumeTrue(availability.usable(), availability::reason);
    }

    @ParameterizedTest
    @CsvSource({"socket_filter, 1", "sched_cls, 3", "xdp, 6"})
    void aProgramRunsAndReturnsItsResult(String type, int number) {
        try (var run = KernelRun.open(program(type, number, "r0 = 7\nexit"))) {
            assertThat(run.run(PACKET, 1).value()).isEqualTo(7);
        }
    }

    @Test
    void theTimeIsThatOfOneRun() {
        var loop = "r0 = 0\nagain:\nr0 += 1\nif r0 < 3000 goto again\nexit";

        try (var run = KernelRun.open(program("sched_cls", 3, loop))) {
            var result = run.run(PACKET, 100);

            assertThat(result.value()).isEqualTo(3000);
            assertThat(result.nanoseconds()).isPositive();
        }
    }

    @Test
    void itSeesThePacketFromItsFirstByte() {
        var packet = PACKET.clone();
        packet[0] = 42;
        var code =
                """
                r2 = *(u32 *)(r1 + 76)
                r3 = *(u32 *)(r1 + 80)
                r0 = 0
                r4 = r2
                r4 += 1
                if r4 > r3 goto end
                r0 = *(u8 *)(r2 + 0)
                end:
                exit
                """;

        try (var run = KernelRun.open(program("sched_cls", 3, code))) {
            assertThat(run.run(packet, 1).value()).isEqualTo(42);
        }
    }

    @Test
    void itFindsWhatWasPutIntoItsMap() {
        var map = new HashMap(MapDefinition.of("numbers", MapType.HASH, 4, 4, 8));

        try (var run = KernelRun.open(lookup(map))) {
            assertThat(run.run(PACKET, 1).value()).isZero();
            run.update(map, new byte[] {5, 0, 0, 0}, new byte[] {9, 0, 0, 0});

            assertThat(run.run(PACKET, 1).value()).isEqualTo(9);
            assertThat(map.lookup(new byte[] {5, 0, 0, 0})).isEmpty();
        }
    }

    @Test
    void onlyMapsOfTheProgramCanBeFilled() {
        var map = new HashMap(MapDefinition.of("numbers", MapType.HASH, 4, 4, 8));
        var other = new HashMap(MapDefinition.of("other", MapType.HASH, 4, 4, 8));
        var element = new byte[4];

        try (var run = KernelRun.open(lookup(map))) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> run.update(other, element, element))
                    .withMessageContaining("other")
                    .withMessageContaining("it has: numbers");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> run.update(map, element, new byte[3]))
                    .withMessageContaining("a value of 3 bytes");
        }
    }

    @Test
    void aPacketThatIsNoneIsRefusedWithTheBytesItTakes() {
        try (var run = KernelRun.open(program("sched_cls", 3, "r0 = 0\nexit"))) {
            assertThatExceptionOfType(BpfException.class)
                    .isThrownBy(() -> run.run(new byte[3], 1))
                    .matches(e -> e.errno() == Errno.EINVAL)
                    .withMessageContaining("on 3 bytes")
                    .withMessageContaining("14 bytes");
        }
    }

    @Test
    void aTypeThatCannotBeRunSoIsNamed() {
        var program =
                Program.of("message", SocketPrograms.SK_MSG, Assembler.assemble("r0 = 1\nexit"));

        try (var run = KernelRun.open(program)) {
            assertThatExceptionOfType(BpfException.class)
                    .isThrownBy(() -> run.run(PACKET, 1))
                    .matches(e -> e.errno() == Errno.ENOTSUPP)
                    .withMessageContaining("message (sk_msg)")
                    .withMessageContaining("such as sched_cls");
        }
    }

    @Test
    void aProgramThatTheKernelRefusesSaysWhy() {
        assertThatExceptionOfType(BpfException.class)
                .isThrownBy(() -> KernelRun.open(program("sched_cls", 3, "r0 = r5\nexit")))
                .matches(e -> e.errno() == Errno.EACCES)
                .withMessageContaining("R5 !read_ok");
    }

    @Test
    void aRunIsOneAtLeast() {
        try (var run = KernelRun.open(program("sched_cls", 3, "r0 = 0\nexit"))) {
            assertThatIllegalArgumentException().isThrownBy(() -> run.run(PACKET, 0));
        }
    }

    /** Returns the element 5, or 0. */
    private static Program lookup(BpfMap map) {
        var code =
                """
                *(u32 *)(r10 - 4) = 5
                r2 = r10
                r2 += -4
                r1 = map[fd:0]
                call 1
                if r0 == 0 goto end
                r0 = *(u32 *)(r0 + 0)
                end:
                exit
                """;
        return new Program(
                "lookup", type("sched_cls", 3), Assembler.assemble(code), List.of(map), Debug.NONE);
    }

    private static Program program(String type, int number, String code) {
        return Program.of("test", type(type, number), Assembler.assemble(code));
    }

    private static ProgramType type(String name, int number) {
        return new ProgramType(
                name, number, ContextLayout.of("struct __sk_buff", 192).build(), Map.of());
    }
}
