package io.jsockmap.sockmap.program;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.sockmap.network.Connection;
import io.jsockmap.sockmap.network.Network;
import io.jsockmap.sockmap.network.NetworkTest;
import io.jsockmap.sockmap.socket.Delivery;
import io.jsockmap.sockmap.socket.Limits;
import io.jsockmap.sockmap.socket.SocketKind;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the fields of __sk_buff hold that say nothing of addresses. */
class BufferValuesTest extends NetworkTest {
    BufferValuesTest() {
        // The message comes in one piece.
        super(Limits.DEFAULT, Delivery.WHOLE);
    }

    /** Whether a load, of seven bytes that came, gives a value. */
    private static boolean gives(Connection connection, String load, long expected) {
        var text =
                """
                %s
                r0 = 0
                r3 = %d ll
                if r2 != r3 goto +1
                r0 = 1
                exit
                """
                        .formatted(load, expected);
        Verdicts.on(connection, text);
        return connection.reads().equals("message");
    }

    @ParameterizedTest
    @DisplayName("K1: len is the buffer's length, and what there is not is 0")
    @CsvSource({
        "u32, 0, 7",
        "u8, 0, 7",
        "u8, 1, 0",
        "u16, 0, 7",
        "u32, 4, 0",
        "u32, 12, 0",
        "u32, 20, 0",
        "u32, 24, 0",
        "u32, 28, 0",
        "u32, 32, 0",
        "u32, 36, 0",
        "u32, 40, 0",
        "u32, 44, 0",
        "u64, 48, 0",
        "u64, 56, 0",
        "u32, 52, 0",
        "u32, 64, 0",
        "u32, 84, 0",
        "u32, 164, 0",
        "u32, 176, 0"
    })
    void fields(String type, int offset, long value) {
        var load = "r2 = *(%s *)(r1 + %d)".formatted(type, offset);

        assertThat(gives(network.accepted(), load, value)).isTrue();
        assertThat(network.faults()).isEmpty();
    }

    @ParameterizedTest
    @DisplayName("K1: protocol is the family's ethertype in network order, if it has one")
    @CsvSource({"TCP, 0x0008", "UDP, 0x0008", "UNIX_STREAM, 0", "VSOCK_STREAM, 0"})
    void protocol(SocketKind kind, String value) {
        var load = "r2 = *(u32 *)(r1 + 16)";

        assertThat(gives(network.connected(kind), load, Long.decode(value))).isTrue();
    }

    @ParameterizedTest
    @DisplayName("K1: protocol over IPv6, of a socket with IPv4 addresses too")
    @ValueSource(booleans = {false, true})
    void protocolOverIpv6(boolean mapped) {
        var ends =
                mapped
                        ? Network.addresses("10.0.0.1", 1, "10.0.0.2", 2).asMapped()
                        : Network.addresses("::1", 1, "::1", 2);

        assertThat(gives(network.accepted(ends), "r2 = *(u32 *)(r1 + 16)", 0xdd86)).isTrue();
    }

    @ParameterizedTest
    @DisplayName("K1: priority and tc_index hold what was stored, for the run")
    @ValueSource(ints = {32, 44})
    void stored(int offset) {
        var connection = network.accepted();
        var load = "r2 = *(u32 *)(r1 + %d)".formatted(offset);
        var store = "*(u32 *)(r1 + %d) = 7\n".formatted(offset);

        assertThat(gives(connection, store + load, 7)).isTrue();
        assertThat(gives(network.accepted(), load, 0)).isTrue();
    }
}
