package io.jsockmap.sockmap.message;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.insn.Assembler;
import io.jsockmap.bpf.map.MapDefinition;
import io.jsockmap.bpf.map.MapType;
import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.bpf.program.Program;
import io.jsockmap.bpf.program.ProgramType;
import io.jsockmap.sockmap.map.AttachType;
import io.jsockmap.sockmap.map.UserSockMap;
import io.jsockmap.sockmap.network.Connection;
import io.jsockmap.sockmap.network.NetworkTest;
import io.jsockmap.sockmap.program.SocketPrograms;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which helpers leave pointers into the packet as they are, and which programs have them. */
class PointersTest extends NetworkTest {
    private static final String CALL =
            """
            r6 = r1
            r7 = *(u64 *)(r6 + 0)
            r2 = %d
            r3 = %d
            r4 = 0
            call %d
            """;

    private final Connection source = network.connected();

    private void attach(String code, ProgramType type, AttachType at) {
        var map = new UserSockMap(MapDefinition.of("sockets", MapType.SOCKMAP, 4, 8, 1));
        map.attach(Program.of("program", type, Assembler.assemble(code)), at);
        map.update(0, source.socket(), UpdateFlag.ANY);
    }

    private void judgedBy(String code) {
        attach(code, SocketPrograms.SK_MSG, AttachType.SK_MSG_VERDICT);
    }

    @ParameterizedTest
    @DisplayName("S44: pull, push and pop make earlier pointers invalid, also where they fail")
    @CsvSource({
        "0, 1, 63",
        "0, 99, 63",
        "0, 1, 90",
        "99, 1, 90",
        "0, 0, 90",
        "0, 1, 91",
        "99, 1, 91",
        "0, 0, 91"
    })
    void anOldPointer(int start, int end, int helper) {
        judgedBy(CALL.formatted(start, end, helper) + "r0 = *(u8 *)(r7 + 0)\nr0 = 1\nexit");

        source.sends("0123456789").failsWith(Errno.EACCES);

        assertThat(network.faults())
                .singleElement()
                .asString()
                .contains("by a pointer from before it changed");
    }

    @ParameterizedTest
    @DisplayName("S44: a pointer that is read anew is good")
    @CsvSource({"0, 1, 63", "0, 99, 63", "0, 1, 90", "99, 1, 90", "0, 1, 91", "99, 1, 91"})
    void aNewPointer(int start, int end, int helper) {
        judgedBy(
                CALL.formatted(start, end, helper)
                        + "r7 = *(u64 *)(r6 + 0)\nr0 = *(u8 *)(r7 + 0)\nr0 = 1\nexit");

        assertThat(source.sends("0123456789").accepted()).isEqualTo(10);

        assertThat(network.faults()).isEmpty();
    }

    @ParameterizedTest
    @DisplayName("S44: apply and cork leave pointers as they are")
    @ValueSource(ints = {61, 62})
    void requestsMoveNothing(int helper) {
        judgedBy(CALL.formatted(1, 0, helper) + "r0 = *(u8 *)(r7 + 0)\nr0 = 1\nexit");

        source.sends("0123456789").succeeds();

        assertThat(network.faults()).isEmpty();
    }

    @ParameterizedTest
    @DisplayName("D2: apply and cork are not for programs that judge what is received")
    @ValueSource(ints = {61, 62})
    void notForReceivedBytes(int helper) {
        attach(
                "r2 = 1\ncall %d\nr0 = 1\nexit".formatted(helper),
                SocketPrograms.SK_SKB,
                AttachType.SK_SKB_STREAM_VERDICT);

        source.peer().sends("r");

        assertThat(network.faults()).singleElement().asString().contains("cannot use helper");
        assertThat(source.reads()).isEmpty();
    }
}
