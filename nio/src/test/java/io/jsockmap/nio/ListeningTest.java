package io.jsockmap.nio;

import static io.jsockmap.nio.Connections.bytes;
import static io.jsockmap.nio.Connections.read;
import static io.jsockmap.nio.Connections.result;
import static io.jsockmap.nio.Connections.start;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.sockmap.map.AttachType;
import io.jsockmap.sockmap.socket.Addresses;
import io.jsockmap.sockmap.socket.Sock;
import io.jsockmap.sockmap.socket.SocketKind;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.channels.ServerSocketChannel;

/** A listening socket of the platform whose entry is in a map of the engine. */
class ListeningTest {
    private static final InetSocketAddress ANY_PORT =
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    @Test
    @DisplayName(
            "F32, M50: with a verdict in its map accept is woken, and what it gives inherits"
                    + " nothing")
    void acceptIsWoken() throws Exception {
        try (var connections = new Connections();
                var server = ServerSocketChannel.open().bind(ANY_PORT)) {
            var object = connections.program("rewrite");
            var map = object.sockMap("sockets");
            var listening =
                    connections.engine.listening(
                            new Addresses(SocketKind.TCP, server.getLocalAddress(), null));
            map.attach(object.program("shout"), AttachType.SK_SKB_VERDICT);
            map.update(0, listening, UpdateFlag.ANY);

            var accepted = start(server::accept);
            try (var client = new Socket(ANY_PORT.getAddress(), server.socket().getLocalPort());
                    var channel = SockmapChannel.accepted(connections.engine, result(accepted))) {
                client.getOutputStream().write(bytes("as it came"));
                assertThat(read(channel)).isEqualTo("as it came");
                var sock = (Sock) channel.socket();
                assertThat(sock.isMapped()).isFalse();
                assertThat(sock.programs().isEmpty()).isTrue();
            }
            assertThat(listening.programs().isEmpty()).isFalse();
            assertThat(map.socket(0)).contains(listening);
            assertThat(map.size()).isEqualTo(1);
        }
    }
}
