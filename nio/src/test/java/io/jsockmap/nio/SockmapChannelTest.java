package io.jsockmap.nio;

import static io.jsockmap.nio.Connections.assertFails;
import static io.jsockmap.nio.Connections.awaitAvailable;
import static io.jsockmap.nio.Connections.buffer;
import static io.jsockmap.nio.Connections.read;
import static io.jsockmap.nio.Connections.result;
import static io.jsockmap.nio.Connections.start;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jsockmap.bpf.Errno;
import io.jsockmap.sockmap.socket.ErrnoException;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;

/** A channel whose socket is in no map behaves as any blocking channel does. */
class SockmapChannelTest {
    private static final int MUCH = 64 << 20;

    private Connections connections;
    private Connections.Peer peer;
    private SockmapChannel channel;

    @BeforeEach
    void connect() throws IOException {
        connections = new Connections();
        peer = connections.accepted();
        channel = peer.channel();
    }

    @AfterEach
    void close() throws IOException {
        connections.close();
    }

    @Test
    void bytesGoBothWays() throws Exception {
        peer.write("hello");
        assertThat(read(channel)).isEqualTo("hello");
        assertThat(channel.write(buffer("good bye"))).isEqualTo(8);
        assertThat(peer.read(8)).isEqualTo("good bye");
    }

    @Test
    void aReaderWaitsForBytes() throws Exception {
        var read = start(() -> read(channel));
        peer.write("at last");
        assertThat(result(read)).isEqualTo("at last");
    }

    @Test
    void aShortReadLeavesTheRest() throws Exception {
        peer.write("abcdef");
        awaitAvailable(channel, 6);
        assertThat(channel.read(ByteBuffer.allocate(2))).isEqualTo(2);
        assertThat(channel.available()).isEqualTo(4);
        assertThat(read(channel)).isEqualTo("cdef");
        assertThat(channel.available()).isZero();
    }

    @Test
    void aReadWithoutRoomReadsNothing() throws Exception {
        assertThat(channel.read(ByteBuffer.allocate(0))).isZero();
    }

    @Test
    void theEndOfStreamComesAfterTheLastByteAndStays() throws Exception {
        peer.write("last");
        peer.socket().shutdownOutput();
        assertThat(read(channel)).isEqualTo("last");
        assertThat(read(channel)).isNull();
        assertThat(read(channel)).isNull();
        // The other direction is open still.
        channel.write(buffer("answer"));
        assertThat(peer.read(6)).isEqualTo("answer");
    }

    @Test
    void shutdownOutputEndsTheStreamAfterTheLastByte() throws Exception {
        channel.write(buffer("last"));
        channel.shutdownOutput();
        assertThat(peer.readToEnd()).isEqualTo("last");
        assertFails(() -> channel.write(buffer("more")), Errno.EPIPE);
        peer.write("still heard");
        assertThat(read(channel)).isEqualTo("still heard");
    }

    @Test
    void shutdownInputLeavesWhatIsThereAndThenEnds() throws Exception {
        peer.write("there");
        awaitAvailable(channel, 5);
        channel.shutdownInput();
        assertThat(read(channel)).isEqualTo("there");
        assertThat(read(channel)).isNull();
    }

    @Test
    void aResetIsReportedOnce() throws Exception {
        peer.socket().setSoLinger(true, 0);
        peer.socket().close();
        assertFails(() -> read(channel), Errno.ECONNRESET);
        assertThat(read(channel)).isNull();
    }

    @Test
    void aResetWakesABlockedReader() throws Exception {
        var read = start(() -> read(channel));
        peer.socket().setSoLinger(true, 0);
        peer.socket().close();
        assertThatThrownBy(() -> result(read)).hasCauseInstanceOf(ErrnoException.class);
    }

    @Test
    void closeSendsWhatWasWrittenAndEndsTheStream() throws Exception {
        channel.write(buffer("last words"));
        channel.close();
        assertThat(channel.isOpen()).isFalse();
        assertThat(peer.readToEnd()).isEqualTo("last words");
        assertThat(connections.engine.sockets()).isEmpty();
        channel.close();
    }

    @Test
    void abortResets() throws Exception {
        channel.abort();
        assertThat(channel.isOpen()).isFalse();
        assertThatThrownBy(() -> peer.read(1)).hasMessageContaining("reset");
    }

    @Test
    void aClosedChannelSaysSo() {
        channel.close();
        assertThatThrownBy(() -> read(channel)).isInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(() -> channel.write(buffer("x")))
                .isInstanceOf(ClosedChannelException.class);
    }

    @Test
    void closeWakesABlockedReader() {
        var read = start(() -> read(channel));
        channel.close();
        assertThatThrownBy(() -> result(read)).hasCauseInstanceOf(ClosedChannelException.class);
    }

    @Test
    void closeWakesReadersAndWritersBeforeThePeerHasTakenAll() throws Exception {
        var read = start(() -> read(channel));
        // More than all buffers on the way hold.
        var written = start(() -> channel.write(ByteBuffer.allocate(MUCH)));
        peer.read(1);
        var closed = start(() -> closed(channel));
        assertThatThrownBy(() -> result(read)).hasCauseInstanceOf(ClosedChannelException.class);
        assertThat(result(written)).isLessThan(MUCH);
        peer.readToEnd();
        assertThat(result(closed)).isEqualTo("closed");
    }

    private static String closed(SockmapChannel channel) {
        channel.close();
        return "closed";
    }

    @Test
    void abortWakesABlockedWriter() throws Exception {
        var written = start(() -> channel.write(ByteBuffer.allocate(MUCH)));
        peer.read(1);
        channel.abort();
        assertThat(result(written)).isLessThan(MUCH);
    }

    @Test
    void aChannelThatIsNotConnectedIsRefused() throws Exception {
        try (var unconnected = SocketChannel.open()) {
            assertFails(
                    () -> SockmapChannel.connected(connections.engine, unconnected),
                    Errno.ENOTCONN);
        }
    }
}
