package io.jsockmap.nio;

import static io.jsockmap.nio.Connections.assertFails;
import static io.jsockmap.nio.Connections.buffer;
import static io.jsockmap.nio.Connections.read;
import static io.jsockmap.nio.Connections.result;
import static io.jsockmap.nio.Connections.start;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.sockmap.UserEngine;
import io.jsockmap.sockmap.map.AttachType;
import io.jsockmap.sockmap.socket.ErrnoException;
import io.jsockmap.sockmap.socket.SocketKind;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;

/** A UNIX stream is a stream like any other; only sk_msg programs do not run on it. */
@Timeout(120)
class UnixStreamTest {
    private static final int MUCH = 64 << 20;

    private Connections connections;
    private UserEngine engine;
    private UnixStreams stream;
    private SockmapChannel channel;

    @BeforeEach
    void open() throws IOException {
        connections = new Connections();
        engine = connections.engine;
        stream = UnixStreams.open(engine);
        channel = stream.channel();
    }

    @AfterEach
    void close() throws IOException {
        stream.close();
        connections.close();
    }

    @Test
    void bytesAndTheirEndsGoBothWays() throws Exception {
        assertThat(channel.socket().addresses().kind()).isEqualTo(SocketKind.UNIX_STREAM);
        stream.write("hello");
        assertThat(read(channel)).isEqualTo("hello");
        assertThat(channel.write(buffer("good bye"))).isEqualTo(8);
        channel.shutdownOutput();
        assertThat(stream.readToEnd()).isEqualTo("good bye");
        // The other direction is open still.
        stream.write("last");
        stream.peer().shutdownOutput();
        assertThat(read(channel)).isEqualTo("last");
        assertThat(read(channel)).isNull();
        assertFails(() -> channel.write(buffer("more")), Errno.EPIPE);
    }

    @Test
    void aPeerThatClosesWithBytesUnreadBreaksTheConnectionOnce() throws Exception {
        channel.write(buffer("nobody reads this"));
        stream.read(6);
        stream.peer().close();
        assertFails(() -> read(channel), Errno.ECONNRESET);
        assertThat(read(channel)).isNull();
    }

    @Test
    void aWriterLearnsThatThePeerIsGone() throws Exception {
        var written = start(() -> channel.write(ByteBuffer.allocate(MUCH)));
        stream.read(1);
        stream.peer().close();
        assertThat(result(written)).isLessThan(MUCH);
    }

    @Test
    void closeWakesReadersAndWritersBeforeThePeerHasTakenAll() throws Exception {
        var read = start(() -> read(channel));
        var written = start(() -> channel.write(ByteBuffer.allocate(MUCH)));
        stream.read(1);
        var closed =
                start(
                        () -> {
                            channel.close();
                            return "closed";
                        });
        assertThatThrownBy(() -> result(read)).hasCauseInstanceOf(ClosedChannelException.class);
        assertThat(result(written)).isLessThan(MUCH);
        stream.readToEnd();
        assertThat(result(closed)).isEqualTo("closed");
        assertThat(engine.sockets()).isEmpty();
    }

    @Test
    void abortWakesABlockedWriterAndThePeerSeesAnEnd() throws Exception {
        var written = start(() -> channel.write(ByteBuffer.allocate(MUCH)));
        stream.read(1);
        channel.abort();
        assertThat(result(written)).isLessThan(MUCH);
        assertThat(stream.readToEnd().length()).isLessThan(MUCH);
    }

    @Test
    @DisplayName("P19, K28: a verdict runs on a UNIX stream, and may send its bytes back")
    void aVerdictRuns() throws Exception {
        var object = connections.program("echo-hash");
        var sockets = object.sockHash("sockets");
        sockets.attach(object.program("echo"), AttachType.SK_SKB_STREAM_VERDICT);
        sockets.update(
                MappedChannelTest.cookie(channel.socket()), channel.socket(), UpdateFlag.NOEXIST);
        stream.write("ping");
        assertThat(stream.read(4)).isEqualTo("ping");
    }

    @Test
    @DisplayName("P18: an sk_msg program that would drop it does not see what a UNIX stream sends")
    void aSendVerdictDoesNotRun() throws Exception {
        var object = connections.program("msg-verdict");
        var targets = object.sockMap("targets");
        targets.attach(object.program("judge"), AttachType.SK_MSG_VERDICT);
        targets.update(0, channel.socket(), UpdateFlag.ANY);
        channel.write(buffer("Dropped, if it were TCP"));
        assertThat(stream.read(7)).isEqualTo("Dropped");
    }

    @Test
    @DisplayName("M22: a map with parser and verdict refuses a UNIX stream with EOPNOTSUPP")
    void framingIsRefused() throws Exception {
        var object = connections.program("frames");
        var targets = object.sockMap("targets");
        targets.attach(object.program("parse"), AttachType.SK_SKB_STREAM_PARSER);
        targets.attach(object.program("judge"), AttachType.SK_SKB_STREAM_VERDICT);
        assertThatThrownBy(() -> targets.update(0, channel.socket(), UpdateFlag.ANY))
                .hasMessageContaining("EOPNOTSUPP");
    }

    @Test
    void aChannelOfTheWrongKindIsRefused() throws Exception {
        try (var unconnected = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            assertFails(() -> SockmapChannel.opened(engine, unconnected), Errno.ENOTCONN);
        }
        assertThatThrownBy(() -> SockmapChannel.accepted(engine, stream.peer()))
                .isInstanceOf(ErrnoException.class)
                .hasMessageContaining("is a UNIX stream: take it over by opened()");
    }
}
