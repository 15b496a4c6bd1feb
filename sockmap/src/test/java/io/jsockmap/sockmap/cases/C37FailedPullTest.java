package io.jsockmap.sockmap.cases;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.insn.Assembler;
import io.jsockmap.bpf.map.MapDefinition;
import io.jsockmap.bpf.map.MapType;
import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.bpf.program.Program;
import io.jsockmap.sockmap.map.AttachType;
import io.jsockmap.sockmap.map.UserSockMap;
import io.jsockmap.sockmap.network.Bytes;
import io.jsockmap.sockmap.network.Connection;
import io.jsockmap.sockmap.network.NetworkTest;
import io.jsockmap.sockmap.program.SocketPrograms;
import io.jsockmap.sockmap.socket.Delivery;
import io.jsockmap.sockmap.socket.Limits;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Programs that go on as if a pull had succeeded. The pull fails as it does in the kernel: the
 * range is longer than any piece of memory, as 4 MiB were pushed in front of the sender's bytes.
 */
@DisplayName("C37: bytes beyond the window")
class C37FailedPullTest extends NetworkTest {
    private static final String PUSH_AND_PULL =
            """
            r6 = r1
            r2 = 4
            r3 = 4194304
            r4 = 0
            call 90
            r1 = r6
            r2 = 0
            r3 = *(u32 *)(r6 + 68)
            r4 = 0
            call 63
            r7 = r0
            r1 = *(u64 *)(r6 + 0)
            """;

    private Connection source;

    C37FailedPullTest() {
        super(Limits.DEFAULT, Delivery.KERNEL);
    }

    @BeforeEach
    void open() {
        source = network.connected();
    }

    private void judgedBy(String code) {
        var map = new UserSockMap(MapDefinition.of("senders", MapType.SOCKMAP, 4, 8, 1));
        map.attach(
                Program.of("careless", SocketPrograms.SK_MSG, Assembler.assemble(code)),
                AttachType.SK_MSG_VERDICT);
        map.update(0, source.socket(), UpdateFlag.ANY);
    }

    @ParameterizedTest
    @DisplayName("C37, S39: a read beyond data_end ends the run, and the message is dropped")
    @ValueSource(ints = {4, 100, 8191, 8192, 32767})
    void readBeyondTheWindow(int offset) {
        judgedBy(PUSH_AND_PULL + "r0 = *(u8 *)(r1 + %d)\nr0 = 1\nexit".formatted(offset));

        source.sends(Bytes.pattern(8192)).failsWith(Errno.EACCES);

        assertThat(network.faults()).hasSize(1);
    }

    @Test
    @DisplayName(
            "C37, S38, S39: the failed pull says ENOMEM, and leaves a window of the first element")
    void theFailureIsTold() {
        judgedBy(
                PUSH_AND_PULL
                        + """
                        r2 = *(u64 *)(r6 + 8)
                        r2 -= r1
                        r0 = 1
                        if r2 != 4 goto +2
                        if r7 != -12 goto +1
                        exit
                        r0 = 0
                        exit
                        """);

        source.sends("0123456789").succeeds();

        assertThat(network.faults()).isEmpty();
        assertThat(source.peer().received()).hasSize((4 << 20) + 10).startsWith("0123\0");
    }
}
