package io.jsockmap.sockmap.program;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.insn.Assembler;
import io.jsockmap.bpf.map.MapDefinition;
import io.jsockmap.bpf.map.MapType;
import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.bpf.program.Program;
import io.jsockmap.sockmap.UserObject;
import io.jsockmap.sockmap.map.AttachType;
import io.jsockmap.sockmap.map.UserSockMap;
import io.jsockmap.sockmap.network.Network;
import io.jsockmap.sockmap.network.NetworkTest;
import io.jsockmap.sockmap.socket.Addresses;
import io.jsockmap.sockmap.socket.Chunk;
import io.jsockmap.sockmap.socket.SocketKind;
import io.jsockmap.sockmap.socket.Transport;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import java.net.UnixDomainSocketAddress;

/** bpf_skc_to_*: a pointer for a socket of the kind, NULL for another. */
@DisplayName("skc_to_*")
class CastTest extends NetworkTest {
    private static final int TCP6 = 1;
    private static final int TCP = 2;
    private static final int UDP6 = 16;
    private static final int UNIX = 32;
    private static final int ASKED = 128;

    private final UserObject object = network.load("ops-casts");
    private final UserSockMap map =
            new UserSockMap(MapDefinition.of("m", MapType.SOCKMAP, 4, 8, 1));

    private long casts() {
        return object.variable("casts").value();
    }

    private long castsOfReceived(SocketKind kind, Addresses ends) {
        map.attach(object.program("of_buffer"), AttachType.SK_SKB_STREAM_VERDICT);
        var socket =
                network.engine()
                        .opened(new Addresses(kind, ends.local(), ends.remote()), Transport.NONE);
        map.update(0, socket, UpdateFlag.ANY);
        socket.received(Chunk.of(new byte[] {1}));
        return casts();
    }

    @Test
    @DisplayName("a message over IPv4: tcp_sock only")
    void message() {
        map.attach(object.program("of_message"), AttachType.SK_MSG_VERDICT);
        var connection = network.connected();
        map.update(0, connection.socket(), UpdateFlag.ANY);

        connection.sends("x").succeeds();

        assertThat(casts()).isEqualTo(ASKED | TCP);
        assertThat(object.variable("netns").value()).as("get_netns_cookie in sk_msg").isNotZero();
    }

    @Test
    @DisplayName("a connection over IPv6, or on an IPv6 descriptor: tcp6_sock too")
    void connection() {
        network.engine().attach(object.program("of_connection"));
        network.connected(Network.addresses("::1", 1, "::1", 2));
        assertThat(casts()).isEqualTo(ASKED | TCP | TCP6);

        object.variable("casts").set(0);
        network.connected(Network.addresses("10.0.0.1", 1, "10.0.0.2", 2).asMapped());
        assertThat(casts()).isEqualTo(ASKED | TCP | TCP6);

        network.connected(Network.addresses("10.0.0.1", 1, "10.0.0.2", 2));
        assertThat(casts()).isEqualTo(ASKED | TCP);
    }

    @Test
    @DisplayName("datagrams: udp6_sock over IPv6, nothing over IPv4")
    void datagrams() {
        assertThat(castsOfReceived(SocketKind.UDP, Network.addresses("::1", 1, "::1", 2)))
                .isEqualTo(ASKED | UDP6);
        assertThat(castsOfReceived(SocketKind.UDP, Network.addresses("10.0.0.1", 1, "10.0.0.2", 2)))
                .isEqualTo(ASKED);
    }

    @Test
    @DisplayName("UNIX sockets: unix_sock")
    void unix() {
        var ends =
                new Addresses(
                        SocketKind.UNIX_STREAM,
                        UnixDomainSocketAddress.of("/a"),
                        UnixDomainSocketAddress.of("/b"));

        assertThat(castsOfReceived(SocketKind.UNIX_STREAM, ends)).isEqualTo(ASKED | UNIX);
    }

    @Test
    @DisplayName(
            "what the pointer shows is the kernel's business: a load ends the run, with a hint")
    void opaque() {
        var text =
                """
                r1 = *(u64 *)(r1 + 184)
                if r1 == 0 goto +2
                call 137
                r0 = *(u32 *)(r0 + 16)
                r0 = 1
                exit
                """;
        network.engine()
                .attach(Program.of("peek", SocketPrograms.SOCK_OPS, Assembler.assemble(text)));

        network.connected();

        assertThat(network.faults().getFirst())
                .hasMessageContaining("struct tcp_sock")
                .hasMessageContaining("use bpf_tcp_sock");
    }
}
