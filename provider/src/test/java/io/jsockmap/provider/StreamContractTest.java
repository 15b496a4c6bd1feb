package io.jsockmap.provider;

import static io.jsockmap.provider.World.buffer;
import static io.jsockmap.provider.World.read;
import static io.jsockmap.provider.World.result;
import static io.jsockmap.provider.World.start;
import static io.jsockmap.provider.World.text;
import static io.jsockmap.provider.World.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.NotYetConnectedException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;

/** What code may expect of a SocketChannel, wherever its bytes go. */
@Timeout(120)
@ParameterizedClass
@EnumSource(World.Kind.class)
class StreamContractTest {
    @Parameter World.Kind kind;
    @TempDir Path folder;

    private World world;

    @BeforeEach
    void open() throws IOException {
        world = new World(kind);
    }

    @AfterEach
    void close() throws Exception {
        world.close();
    }

    private void assertJudged(long received, long sent) {
        if (kind != World.Kind.JUDGED) return;
        assertThat(world.policy.received()).isEqualTo(received);
        assertThat(world.policy.sent()).isEqualTo(sent);
    }

    @Test
    void bytesGoBothWaysOverAnAcceptedConnection() throws Exception {
        var pair = world.accepted();
        write(pair.plain(), "question");
        assertThat(read(pair.ours(), 8)).isEqualTo("question");
        write(pair.ours(), "answer");
        assertThat(read(pair.plain(), 6)).isEqualTo("answer");
        assertJudged(8, 6);
    }

    @Test
    void bytesGoBothWaysOverAConnectionThatWasAskedFor() throws Exception {
        var pair = world.connected();
        write(pair.ours(), "question");
        assertThat(read(pair.plain(), 8)).isEqualTo("question");
        write(pair.plain(), "answer");
        assertThat(read(pair.ours(), 6)).isEqualTo("answer");
        assertJudged(6, 8);
    }

    @Test
    void aReaderThatBlocksGetsWhatComesLater() throws Exception {
        var pair = world.accepted();
        var reading = start(() -> read(pair.ours()));
        write(pair.plain(), "late");
        assertThat(result(reading)).isEqualTo("late");
    }

    @Test
    void aReadThatDoesNotBlockFindsNothingBeforeItComes() throws Exception {
        var pair = world.accepted();
        pair.ours().configureBlocking(false);
        assertThat(read(pair.ours())).isEmpty();
        write(pair.plain(), "now");
        var found = new StringBuilder();
        World.await(() -> found.append(readNow(pair.ours())).length() == 3);
        assertThat(found).hasToString("now");
    }

    private static String readNow(SocketChannel channel) {
        try {
            return read(channel);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aLargeStreamArrivesWholeAndInOrder() throws Exception {
        var pair = world.accepted();
        var bytes = new byte[20_000_000];
        new Random(1).nextBytes(bytes);
        var echoing = start(() -> echo(pair.ours()));
        var sending =
                start(
                        () -> {
                            for (var rest = ByteBuffer.wrap(bytes); rest.hasRemaining(); ) {
                                pair.plain().write(rest);
                            }
                            return pair.plain().shutdownOutput();
                        });
        var back = ByteBuffer.allocate(bytes.length + 1);
        while (pair.plain().read(back) >= 0) {}
        result(echoing);
        result(sending);
        assertThat(back.position()).isEqualTo(bytes.length);
        assertThat(Arrays.equals(Arrays.copyOf(back.array(), bytes.length), bytes)).isTrue();
        assertJudged(bytes.length, bytes.length);
    }

    private static Void echo(SocketChannel channel) throws IOException {
        var buffer = ByteBuffer.allocate(100_000);
        while (channel.read(buffer.clear()) >= 0) {
            buffer.flip();
            while (buffer.hasRemaining()) channel.write(buffer);
        }
        channel.close();
        return null;
    }

    @Test
    void theEndOfStreamComesBehindTheLastByteAndTheOtherDirectionGoesOn() throws Exception {
        var pair = world.accepted();
        write(pair.plain(), "last");
        pair.plain().shutdownOutput();
        assertThat(read(pair.ours(), 4)).isEqualTo("last");
        assertThat(read(pair.ours())).isNull();
        assertThat(read(pair.ours())).isNull();
        write(pair.ours(), "still");
        assertThat(read(pair.plain(), 5)).isEqualTo("still");
    }

    @Test
    void aShutDownOutputEndsThePeersStreamAndTakesNoMore() throws Exception {
        var pair = world.accepted();
        write(pair.ours(), "last");
        pair.ours().shutdownOutput();
        assertThat(read(pair.plain(), 4)).isEqualTo("last");
        assertThat(read(pair.plain())).isNull();
        assertThatThrownBy(() -> pair.ours().write(buffer("more")))
                .isInstanceOf(ClosedChannelException.class);
        write(pair.plain(), "back");
        assertThat(read(pair.ours(), 4)).isEqualTo("back");
    }

    @Test
    void aShutDownInputFindsTheEnd() throws Exception {
        var pair = world.accepted();
        pair.ours().shutdownInput();
        assertThat(read(pair.ours())).isNull();
        write(pair.ours(), "on");
        assertThat(read(pair.plain(), 2)).isEqualTo("on");
    }

    @Test
    void aCloseSendsWhatWasWrittenAndThenTheEnd() throws Exception {
        var pair = world.accepted();
        write(pair.ours(), "bye");
        pair.ours().close();
        assertThat(read(pair.plain(), 3)).isEqualTo("bye");
        assertThat(read(pair.plain())).isNull();
        assertThatThrownBy(() -> pair.ours().read(buffer("x")))
                .isInstanceOf(ClosedChannelException.class);
    }

    @Test
    void aCloseWithoutBlockingStillSendsWhatWasAccepted() throws Exception {
        var pair = world.accepted();
        pair.ours().configureBlocking(false);
        // More than the platform takes at once, from a peer that does not read.
        long accepted = 0;
        var much = ByteBuffer.allocate(1 << 16);
        for (int taken = 1; taken > 0; accepted += taken) taken = pair.ours().write(much.clear());
        pair.ours().close();
        long arrived = 0;
        for (int count = 0; count >= 0; arrived += Math.max(0, count)) {
            count = pair.plain().read(much.clear());
        }
        assertThat(arrived).isEqualTo(accepted);
    }

    @Test
    void aReaderFindsTheChannelClosedByAnotherThread() throws Exception {
        var pair = world.accepted();
        var reading = start(() -> read(pair.ours()));
        write(pair.plain(), "first");
        assertThat(result(reading)).isEqualTo("first");
        var waiting = start(() -> read(pair.ours()));
        pair.ours().close();
        assertThatThrownBy(() -> result(waiting))
                .cause()
                .isInstanceOf(ClosedChannelException.class);
        assertThat(read(pair.plain())).isNull();
    }

    @Test
    void anInterruptClosesTheChannelThatAReaderWaitsFor() throws Exception {
        var pair = world.accepted();
        Thread.currentThread().interrupt();
        try {
            assertThatThrownBy(() -> read(pair.ours()))
                    .isInstanceOf(ClosedByInterruptException.class);
            assertThat(Thread.currentThread().isInterrupted()).isTrue();
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
        assertThat(pair.ours().isOpen()).isFalse();
    }

    @Test
    void aWriterThatWaitsForRoomFindsTheChannelClosed() throws Exception {
        var pair = world.accepted();
        var writing =
                start(
                        () -> {
                            var much = ByteBuffer.allocate(1 << 20);
                            while (true) pair.ours().write(much.clear());
                        });
        // It has written more than any buffer takes when it waits, or has closed before.
        pair.plain().read(ByteBuffer.allocate(1));
        pair.ours().close();
        assertThatThrownBy(() -> result(writing)).hasCauseInstanceOf(ClosedChannelException.class);
    }

    @Test
    void aResetIsAnErrorOfTheReader() throws Exception {
        var pair = world.accepted();
        pair.plain().setOption(StandardSocketOptions.SO_LINGER, 0);
        pair.plain().close();
        assertThatThrownBy(() -> read(pair.ours()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("Connection reset");
    }

    @Test
    void aCloseThatDoesNotLingerResetsTheConnection() throws Exception {
        var pair = world.accepted();
        pair.ours().setOption(StandardSocketOptions.SO_LINGER, 0);
        pair.ours().close();
        assertThatThrownBy(() -> read(pair.plain()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("Connection reset");
    }

    @Test
    void buffersAreGatheredAndScattered() throws Exception {
        var pair = world.accepted();
        long written =
                pair.ours().write(new ByteBuffer[] {buffer("one "), buffer(""), buffer("two")});
        assertThat(written).isEqualTo(7);
        assertThat(read(pair.plain(), 7)).isEqualTo("one two");
        write(pair.plain(), "one two");
        var first = ByteBuffer.allocate(4);
        var second = ByteBuffer.allocate(9);
        var targets = new ByteBuffer[] {first, second};
        long count = 0;
        while (count < 7) count += pair.ours().read(targets);
        assertThat(text(first) + text(second)).isEqualTo("one two");
    }

    @Test
    void aFileIsTransferredWhole() throws Exception {
        var pair = world.accepted();
        var file = folder.resolve("file");
        var content = new byte[300_000];
        new Random(2).nextBytes(content);
        Files.write(file, content);
        var sending =
                start(
                        () -> {
                            try (var source = FileChannel.open(file)) {
                                long sent = 0;
                                while (sent < content.length) {
                                    sent += source.transferTo(sent, content.length, pair.ours());
                                }
                                pair.ours().shutdownOutput();
                                return sent;
                            }
                        });
        var copy = pair.plain().socket().getInputStream().readAllBytes();
        assertThat(result(sending)).isEqualTo(content.length);
        assertThat(Arrays.equals(copy, content)).isTrue();
    }

    @Test
    void itsSocketReadsWritesAndTimesOut() throws Exception {
        var pair = world.accepted();
        var socket = pair.ours().socket();
        assertThat(socket.getChannel()).isSameAs(pair.ours());
        assertThat(socket.isConnected()).isTrue();
        assertThat(socket.getRemoteSocketAddress()).isEqualTo(pair.plain().getLocalAddress());
        write(pair.plain(), "in");
        assertThat(socket.getInputStream().readNBytes(2)).isEqualTo("in".getBytes());
        socket.getOutputStream().write("out".getBytes());
        assertThat(read(pair.plain(), 3)).isEqualTo("out");
        socket.setSoTimeout(1);
        assertThatThrownBy(() -> socket.getInputStream().read())
                .isInstanceOf(SocketTimeoutException.class);
        write(pair.plain(), "!");
        socket.setSoTimeout(0);
        assertThat(socket.getInputStream().read()).isEqualTo('!');
        socket.close();
        assertThat(pair.ours().isOpen()).isFalse();
    }

    @Test
    void optionsAreThoseOfTheDescriptor() throws Exception {
        var pair = world.accepted();
        pair.ours().setOption(StandardSocketOptions.TCP_NODELAY, true);
        assertThat(pair.ours().getOption(StandardSocketOptions.TCP_NODELAY)).isTrue();
        assertThat(pair.ours().socket().getTcpNoDelay()).isTrue();
    }

    @Test
    void aChannelThatIsNotConnectedSaysSo() throws Exception {
        try (var channel = world.provider.openSocketChannel()) {
            assertThat(channel.isConnected()).isFalse();
            assertThatThrownBy(() -> read(channel)).isInstanceOf(NotYetConnectedException.class);
        }
    }

    @Test
    void aConnectionThatIsRefusedClosesTheChannel() throws Exception {
        var unused = ServerSocketChannel.open().bind(World.loopback());
        var address = unused.getLocalAddress();
        unused.close();
        var channel = world.keep(world.provider.openSocketChannel());
        assertThatThrownBy(() -> channel.connect(address))
                .isInstanceOf(java.net.ConnectException.class);
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void unixStreamsAreCarriedToo() throws Exception {
        var address = UnixDomainSocketAddress.of(folder.resolve("socket"));
        try (var server =
                        world.provider
                                .openServerSocketChannel(StandardProtocolFamily.UNIX)
                                .bind(address);
                var client = world.provider.openSocketChannel(StandardProtocolFamily.UNIX)) {
            client.connect(address);
            try (var accepted = server.accept()) {
                write(client, "question");
                assertThat(read(accepted, 8)).isEqualTo("question");
                write(accepted, "answer");
                assertThat(read(client, 6)).isEqualTo("answer");
                accepted.shutdownOutput();
                assertThat(read(client)).isNull();
            }
        }
        // An sk_msg program takes effect on TCP only.
        assertJudged(14, 0);
    }

    @Test
    void aServerSocketAcceptsChannelsOfTheProvider() throws Exception {
        try (var server = world.provider.openServerSocketChannel()) {
            server.socket().bind(World.loopback());
            try (var plain = SocketChannel.open(server.getLocalAddress());
                    var socket = server.socket().accept()) {
                assertThat(socket.getChannel()).isInstanceOf(StreamChannel.class);
                write(plain, "hi");
                assertThat(socket.getInputStream().readNBytes(2)).isEqualTo("hi".getBytes());
            }
            server.socket().setSoTimeout(1);
            assertThatThrownBy(() -> server.socket().accept())
                    .isInstanceOf(SocketTimeoutException.class);
        }
    }

    @Test
    void anAcceptIsEndedByAClose() throws Exception {
        var server = world.provider.openServerSocketChannel().bind(World.loopback());
        var accepting = start(server::accept);
        server.close();
        assertThatThrownBy(() -> result(accepting))
                .hasCauseInstanceOf(ClosedChannelException.class);
    }
}
