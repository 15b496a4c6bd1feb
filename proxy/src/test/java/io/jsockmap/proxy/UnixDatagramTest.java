package io.jsockmap.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jsockmap.bpf.Errno;
import io.jsockmap.sockmap.UserEngine;
import io.jsockmap.sockmap.socket.ErrnoException;
import io.jsockmap.sockmap.socket.SocketKind;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.nio.ByteBuffer;
import java.util.Locale;

/** UNIX datagrams, which only Netty has. */
@Timeout(120)
class UnixDatagramTest {
    private UserEngine engine;
    private RealSockets sockets;
    private RealSocket.Netty socket;

    @BeforeEach
    void open() throws Exception {
        engine = Engines.open();
        sockets = new RealSockets();
        socket = sockets.unixDatagram(engine);
    }

    @AfterEach
    void close() {
        if (socket != null) socket.close();
        sockets.close();
        engine.close();
    }

    @Test
    @DisplayName("F17: datagrams keep their limits both ways")
    void datagramsKeepTheirLimits() throws Exception {
        assertThat(socket.socket().kind()).isEqualTo(SocketKind.UNIX_DATAGRAM);
        for (var text : new String[] {"first", "second", "third"}) {
            socket.peerSend(text);
            socket.send(text.toUpperCase(Locale.ROOT));
        }
        var buffer = ByteBuffer.allocate(100);
        assertThat(socket.application().readOnce(buffer)).isTrue();
        assertThat(buffer.position()).isEqualTo(5);
        assertThat(socket.application().readOnce(buffer.clear().limit(2))).isTrue();
        assertThat(socket.read(5)).as("what was cut off is gone").isEqualTo("third");
        assertThat(socket.peer().next()).isEqualTo("FIRST");
        assertThat(socket.peer().next()).isEqualTo("SECOND");
        assertThat(socket.peer().next()).isEqualTo("THIRD");
    }

    @Test
    @DisplayName("F17: a datagram longer than the buffers of streams comes whole")
    void aLongDatagramComesWhole() throws Exception {
        var text = "x".repeat(65507);
        socket.send(text);
        assertThat(socket.peer().next()).isEqualTo(text);
        socket.peerSend("y".repeat(100_000));
        var buffer = ByteBuffer.allocate(200_000);
        assertThat(socket.application().readOnce(buffer)).isTrue();
        assertThat(buffer.position()).isEqualTo(100_000);
    }

    @Test
    @DisplayName("F8: bytes for a peer that is gone are counted, and the application hears of it")
    void aPeerThatIsGoneIsReported() throws Exception {
        socket.peer().close();
        socket.send("anybody?");
        assertThatThrownBy(() -> socket.read(1)).hasMessageContaining(Errno.ECONNREFUSED.name());
        // The platform has disconnected the socket, so that nothing can come of it any more.
        socket.send("nobody");
        assertThatThrownBy(() -> socket.read(1)).isInstanceOf(ErrnoException.class);
        assertThat(socket.socket().account().egress().discarded()).isEqualTo(14);
    }

    @Test
    void closeLeavesNothing() {
        socket.application().close();
        assertThat(engine.sockets()).isEmpty();
    }
}
