package io.jsockmap.conformance.ops;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.map.IndexKey;
import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.bpf.object.LoadOptions;
import io.jsockmap.conformance.lab.EngineTest;
import io.jsockmap.conformance.lab.Lab;
import io.jsockmap.conformance.lab.Stream;
import io.jsockmap.conformance.lab.Waiting;
import io.jsockmap.conformance.map.Cookies;
import io.jsockmap.nio.SockmapChannel;
import io.jsockmap.sockmap.map.AttachType;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/** Sockets that a sock_ops program puts into a map: the object c01, by the peer's port. */
@EngineTest
class MapUpdateTest {
    private static byte[] key(Stream stream) throws IOException {
        return IndexKey.of(((InetSocketAddress) stream.far().getLocalAddress()).getPort());
    }

    private static void sends(SockmapChannel from, String text, SockmapChannel to)
            throws IOException {
        var buffer = ByteBuffer.allocate(text.length());
        Waiting.within(
                () -> {
                    from.write(ByteBuffer.wrap(Stream.bytes(text)));
                    while (buffer.hasRemaining()) assertThat(to.read(buffer)).isPositive();
                    return buffer;
                });
        assertThat(Stream.text(buffer.flip())).isEqualTo(text);
    }

    @Test
    @DisplayName("M30: bpf_sock_hash_update works at PASSIVE_ESTABLISHED")
    void accepted(Lab lab) throws Exception {
        var object = lab.load("c01-send-to-local");
        try (var _ = lab.engine().attach(object.program("remember"))) {
            var connection = lab.tcp();

            assertThat(Cookies.at(object.sockHash("peers"), key(connection)))
                    .hasValue(connection.socket().cookie());
        }
    }

    @Test
    @DisplayName("M30: bpf_sock_hash_update works at ACTIVE_ESTABLISHED")
    void connected(Lab lab) throws Exception {
        var object = lab.load("c01-send-to-local");
        try (var _ = lab.engine().attach(object.program("remember"))) {
            var connection = lab.connectedTcp();

            assertThat(Cookies.at(object.sockHash("peers"), key(connection)))
                    .hasValue(connection.socket().cookie());
        }
    }

    @Test
    @DisplayName("M29: a program writes to a frozen map")
    void frozen(Lab lab) throws Exception {
        var object = lab.load("c01-send-to-local");
        object.sockHash("peers").freeze();
        try (var _ = lab.engine().attach(object.program("remember"))) {
            var connection = lab.tcp();

            assertThat(Cookies.at(object.sockHash("peers"), key(connection)))
                    .hasValue(connection.socket().cookie());
        }
    }

    @Test
    @DisplayName("M46: what a program put into a map leaves it by closing")
    void closes(Lab lab) throws Exception {
        var object = lab.load("c01-send-to-local");
        try (var _ = lab.engine().attach(object.program("remember"))) {
            var connection = lab.tcp();
            var key = key(connection);

            connection.near().close();

            assertThat(Cookies.at(object.sockHash("peers"), key)).isEmpty();
        }
    }

    @Test
    @DisplayName("P13: a socket that a program inserts inherits the map's programs")
    void inherits(Lab lab) throws Exception {
        var object = lab.load("c01-send-to-local");
        var peers = object.sockHash("peers");
        peers.attach(lab.load("map-programs").program("drop_sent"), AttachType.SK_MSG_VERDICT);
        try (var _ = lab.engine().attach(object.program("remember"))) {
            lab.tcp().sendFails("dropped", Errno.EACCES);
        }
    }

    @Test
    @DisplayName("O9: an update that fails has no effect on the connection")
    void failedUpdate(Lab lab) throws Exception {
        var options = LoadOptions.DEFAULT.withMaxEntries("peers", 1);
        var object = lab.load("c01-send-to-local", options);
        var peers = object.sockHash("peers");
        peers.update(IndexKey.of(0), lab.tcp().socket(), UpdateFlag.ANY);
        try (var _ = lab.engine().attach(object.program("remember"))) {
            var connection = lab.tcp();

            connection.sends("out");
            connection.farSends("in");

            connection.farReceives("out");
            connection.receives("in");
            assertThat(peers.keys()).containsExactly(IndexKey.of(0));
        }
    }

    @Test
    @DisplayName("C01: both ends of a local connection hand each other their bytes")
    void sendToLocal(Lab lab) throws Exception {
        var object = lab.load("c01-send-to-local");
        object.sockHash("peers").attach(object.program("shortcut"), AttachType.SK_MSG_VERDICT);
        try (var _ = lab.engine().attach(object.program("remember"))) {
            var wire = lab.wire();

            sends(wire.client(), "ping", wire.server());
            sends(wire.server(), "pong", wire.client());
        }
    }
}
