package io.jsockmap.sockmap.map;

import static io.jsockmap.sockmap.map.Errnos.assertErrno;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.map.MapDefinition;
import io.jsockmap.bpf.map.MapType;
import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.bpf.program.Program;
import io.jsockmap.sockmap.network.Bytes;
import io.jsockmap.sockmap.network.Connection;
import io.jsockmap.sockmap.network.Network;
import io.jsockmap.sockmap.network.NetworkTest;
import io.jsockmap.sockmap.socket.Addresses;
import io.jsockmap.sockmap.socket.SocketKind;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A socket has one program of each kind; a refusal tells who has brought it. */
class ConflictTest extends NetworkTest {
    private UserSockMap first;
    private UserSockMap second;
    private Connection connection;

    @BeforeEach
    void open() {
        first = map("first");
        second = map("second");
        connection = network.accepted();
    }

    private static UserSockMap map(String name) {
        return new UserSockMap(MapDefinition.of(name, MapType.SOCKMAP, 4, 8, 4));
    }

    private Program program(AttachType type) {
        return switch (type) {
            case SK_MSG_VERDICT -> network.load("msg-verdict").program("judge");
            case SK_SKB_STREAM_PARSER -> network.load("frames").program("parse");
            default -> network.load("frames").program("judge");
        };
    }

    @ParameterizedTest
    @DisplayName("M23: EBUSY for a second program of a kind, naming both maps, program and socket")
    @CsvSource({
        "SK_MSG_VERDICT, SK_MSG_VERDICT, an sk_msg program (judge)",
        "SK_SKB_STREAM_PARSER, SK_SKB_STREAM_PARSER, a parser (parse)",
        "SK_SKB_STREAM_VERDICT, SK_SKB_STREAM_VERDICT, a verdict (judge)",
        "SK_SKB_STREAM_VERDICT, SK_SKB_VERDICT, a verdict (judge)",
        "SK_SKB_VERDICT, SK_SKB_STREAM_VERDICT, a verdict (judge)",
        "SK_SKB_VERDICT, SK_SKB_VERDICT, a verdict (judge)"
    })
    void sameKind(AttachType held, AttachType brought, String named) {
        first.attach(program(held), held);
        second.attach(program(brought), brought);
        first.update(2, connection.socket(), UpdateFlag.ANY);

        assertErrno(Errno.EBUSY, () -> second.update(3, connection.socket(), UpdateFlag.ANY))
                .hasMessageContaining("map second, key 03000000")
                .hasMessageContaining("map first, key 02000000")
                .hasMessageContaining(named)
                .hasMessageContaining("socket %s, in state ESTABLISHED", connection.socket());
        assertThat(second.size()).isZero();
    }

    @Test
    @DisplayName("M23, M50: a listening socket has them, too")
    void listening() {
        var local = Network.addresses("10.0.0.1", 80, "10.0.0.1", 1).local();
        var socket = network.engine().listening(new Addresses(SocketKind.TCP, local, null));
        first.attach(program(AttachType.SK_MSG_VERDICT), AttachType.SK_MSG_VERDICT);
        first.update(0, socket, UpdateFlag.ANY);

        assertErrno(Errno.EBUSY, () -> first.update(1, socket, UpdateFlag.ANY));
    }

    @Test
    @DisplayName("C32: two tools with a table and an sk_msg program each")
    void twoTools() {
        var cilium = new UserSockHash(MapDefinition.of("cilium", MapType.SOCKHASH, 8, 8, 9));
        var beyla = new UserSockHash(MapDefinition.of("beyla", MapType.SOCKHASH, 8, 8, 9));
        cilium.attach(program(AttachType.SK_MSG_VERDICT), AttachType.SK_MSG_VERDICT);
        beyla.attach(program(AttachType.SK_MSG_VERDICT), AttachType.SK_MSG_VERDICT);
        var key = Bytes.u64(connection.cookie());
        cilium.update(key, connection.socket(), UpdateFlag.ANY);

        assertErrno(Errno.EBUSY, () -> beyla.update(key, connection.socket(), UpdateFlag.ANY))
                .hasMessageContaining("map beyla")
                .hasMessageContaining("map cilium")
                .hasMessageContaining("judge");
        connection.sends("Pass").succeeds();
        assertThat(connection.peer().received()).isEqualTo("Pass");
    }
}
