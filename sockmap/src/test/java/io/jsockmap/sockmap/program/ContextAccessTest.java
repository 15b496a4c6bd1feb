package io.jsockmap.sockmap.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jsockmap.bpf.insn.Assembler;
import io.jsockmap.bpf.program.ContextLayout;
import io.jsockmap.bpf.program.ContextRegion;
import io.jsockmap.bpf.program.Environment;
import io.jsockmap.bpf.program.Program;
import io.jsockmap.bpf.program.ProgramFault;
import io.jsockmap.bpf.program.ProgramType;
import io.jsockmap.sockmap.network.Connection;
import io.jsockmap.sockmap.network.Engines;
import io.jsockmap.sockmap.network.NetworkTest;
import io.jsockmap.sockmap.socket.TcpState;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which loads and stores of a context are legal; the others end the run and name the place. */
@DisplayName("S1, K1, O10, C35, C36, C55: access to contexts")
class ContextAccessTest extends NetworkTest {
    private final Connection connection = network.connected();

    /** Runs an access of a sock_ops context directly; its other contexts live in the engine. */
    private long runsOps(String access) {
        var type = SocketPrograms.SOCK_OPS;
        var program = Program.of("access", type, Assembler.assemble(access + "\nexit"));
        @SuppressWarnings("unchecked")
        var layout = (ContextLayout<SockOps>) type.context();
        var ops =
                SockOps.stateChange(connection.socket(), TcpState.ESTABLISHED, TcpState.CLOSE_WAIT);
        return Engines.tested()
                .run(program, Environment.system(), new ContextRegion<>("context", layout, ops))
                .value();
    }

    /** Runs an access on a message that is sent or received; the fault it makes, or null. */
    private ProgramFault faultOf(ProgramType type, String access) {
        int before = network.faults().size();
        Access.on(connection, type, access);
        return network.faults().size() == before ? null : network.faults().getLast();
    }

    @ParameterizedTest
    @DisplayName("S1: sk_msg_md loads that are legal")
    @CsvSource({
        "64, 0", "64, 8", "32, 16", "32, 20", "32, 24", "32, 28", "32, 40", "32, 44", "32, 56",
        "32, 60", "32, 64", "32, 68", "64, 72"
    })
    void msgLoads(int bits, int offset) {
        assertThat(faultOf(SocketPrograms.SK_MSG, load(bits, offset))).isNull();
    }

    @ParameterizedTest
    @DisplayName("S1: sk_msg_md loads that are not")
    @CsvSource({
        "32, 0", "32, 4", "32, 8", "8, 68", "64, 68", "16, 66", "64, 24", "16, 16", "8, 60",
        "32, 72", "32, 76", "64, 28", "32, 30"
    })
    void msgLoadsRefused(int bits, int offset) {
        assertThat(faultOf(SocketPrograms.SK_MSG, load(bits, offset)))
                .hasMessageContaining(
                        "invalid bpf_context access off=%d size=%d".formatted(offset, bits / 8));
    }

    @ParameterizedTest
    @DisplayName("S1: nothing is stored through sk_msg_md")
    @CsvSource({"64, 0", "32, 16", "32, 68"})
    void msgStoresRefused(int bits, int offset) {
        assertThat(faultOf(SocketPrograms.SK_MSG, store(bits, offset)))
                .hasMessageContaining("invalid bpf_context access off=" + offset);
    }

    @ParameterizedTest
    @DisplayName("K1: __sk_buff loads that are legal, narrow ones too")
    @CsvSource({
        "32, 0", "16, 0", "8, 0", "8, 3", "16, 2", "32, 4", "32, 16", "16, 16", "32, 32", "32, 44",
        "64, 48", "8, 67", "16, 50", "32, 68", "32, 76", "32, 80", "32, 84", "32, 88", "32, 92",
        "32, 96", "32, 100", "32, 112", "32, 116", "32, 128", "32, 132", "32, 136", "32, 164",
        "64, 168", "32, 176", "16, 88", "8, 132", "16, 138"
    })
    void skbLoads(int bits, int offset) {
        assertThat(faultOf(SocketPrograms.SK_SKB, load(bits, offset))).isNull();
    }

    @ParameterizedTest
    @DisplayName("K1: __sk_buff loads that are not")
    @CsvSource({
        "32, 8", "8, 8", "32, 72", "32, 140", "64, 144", "64, 152", "32, 160", "64, 76", "16, 76",
        "8, 80", "16, 92", "8, 96", "64, 132", "16, 137", "64, 100", "32, 168", "64, 0", "8, 180",
        "64, 184"
    })
    void skbLoadsRefused(int bits, int offset) {
        assertThat(faultOf(SocketPrograms.SK_SKB, load(bits, offset)))
                .hasMessageContaining(
                        "invalid bpf_context access off=%d size=%d".formatted(offset, bits / 8));
    }

    @Test
    @DisplayName("K1: priority and tc_index are the fields that take stores, whole ones")
    void skbStores() {
        assertThat(faultOf(SocketPrograms.SK_SKB, store(32, 32))).isNull();
        assertThat(faultOf(SocketPrograms.SK_SKB, store(32, 44))).isNull();
    }

    @ParameterizedTest
    @DisplayName("K1: any other store is refused")
    @CsvSource({"32, 0", "16, 32", "8, 44", "32, 48", "64, 48", "32, 76", "64, 32", "32, 8"})
    void skbStoresRefused(int bits, int offset) {
        assertThat(faultOf(SocketPrograms.SK_SKB, store(bits, offset)))
                .hasMessageContaining(
                        "invalid bpf_context access off=%d size=%d".formatted(offset, bits / 8));
    }

    @ParameterizedTest
    @DisplayName("O5, O10: bpf_sock_ops loads that are legal, and what they read")
    @CsvSource({
        "32, 0, 10",
        "32, 4, 1",
        "32, 8, 8",
        "32, 20, 2",
        "32, 72, 1",
        "32, 88, 1",
        "32, 84, 0",
        "64, 168, 0",
        "64, 176, 0",
        "32, 164, 0"
    })
    void opsLoads(int bits, int offset, long expected) {
        assertThat(runsOps(load(bits, offset))).isEqualTo(expected);
    }

    @ParameterizedTest
    @DisplayName("C35, C36: bpf_sock_ops loads of another size are refused")
    @CsvSource({"16, 66", "64, 24", "8, 0", "16, 4", "64, 0", "32, 168", "32, 184", "16, 68"})
    void opsLoadsRefused(int bits, int offset) {
        assertThatThrownBy(() -> runsOps(load(bits, offset)))
                .isInstanceOf(ProgramFault.class)
                .hasMessageContaining(
                        "invalid bpf_context access off=%d size=%d".formatted(offset, bits / 8));
    }

    @Test
    @DisplayName("O10: reply and sk_txhash are the fields of bpf_sock_ops that take stores")
    void opsStores() {
        assertThat(runsOps("*(u32 *)(r1 + 4) = 7\nr0 = *(u32 *)(r1 + 4)")).isEqualTo(7);
        assertThat(runsOps("*(u32 *)(r1 + 164) = 9\nr0 = *(u32 *)(r1 + 164)")).isEqualTo(9);
        assertThatThrownBy(() -> runsOps("*(u32 *)(r1 + 8) = 7\nr0 = 1"))
                .hasMessageContaining("invalid bpf_context access off=8 size=4");
        assertThatThrownBy(() -> runsOps("*(u32 *)(r1 + 88) = 7\nr0 = 1"))
                .hasMessageContaining("invalid bpf_context access off=88 size=4");
    }

    @ParameterizedTest
    @DisplayName("what a socket pointer shows: struct bpf_sock")
    @CsvSource({
        "0, 0",
        "4, 2",
        "8, 1",
        "12, 6",
        "16, 0",
        "20, 0",
        "24, 0x0100000a",
        "28, 0",
        "44, 40000",
        "48, 36895",
        "52, 0x0300000a",
        "68, 0",
        "72, 1",
        "76, 0xffffffff"
    })
    void socketFields(int offset, String number) {
        long expected = Long.decode(number);
        // dst_port is 16 bits in network order: 8080 is 0x1f90, read as 0x901f.
        var bits = offset == 48 ? 16 : 32;

        assertThat(runsOps("r1 = *(u64 *)(r1 + 184)\n" + load(bits, offset))).isEqualTo(expected);
    }

    private static String load(int bits, int offset) {
        return "r0 = *(u%d *)(r1 + %d)".formatted(bits, offset);
    }

    private static String store(int bits, int offset) {
        return "*(u%d *)(r1 + %d) = 1".formatted(bits, offset);
    }
}
