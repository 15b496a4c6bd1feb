package io.jsockmap.nio;

import static io.jsockmap.nio.Connections.buffer;
import static io.jsockmap.nio.Connections.read;
import static io.jsockmap.nio.Connections.result;
import static io.jsockmap.nio.Connections.start;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ReadableByteChannel;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;

/** Channels that do not block, and tell when to look again. */
@Timeout(120)
class NonBlockingTest {
    private static final int LENGTH = 3 << 20;

    private Connections connections;

    @BeforeEach
    void open() throws IOException {
        connections = new Connections();
    }

    @AfterEach
    void close() throws IOException {
        connections.close();
    }

    @Test
    void aReadFindsNothingAndDoesNotWait() throws Exception {
        var peer = connections.accepted();
        peer.channel().configureBlocking(false);
        assertThat(peer.channel().read(ByteBuffer.allocate(8))).isZero();
        assertThat(peer.channel().peek(ByteBuffer.allocate(8))).isZero();
    }

    @Test
    void aWriteTakesWhatThereIsRoomForAndNoMore() throws Exception {
        var channel = connections.accepted().channel();
        channel.configureBlocking(false);
        var much = ByteBuffer.allocate(64 << 20);
        while (channel.write(much) > 0) {}
        assertThat(much.hasRemaining()).isTrue();
        assertThat(much.position()).isPositive();
    }

    @Test
    @DisplayName(
            "R13: whoever waits for a channel is told, and is told once when it begins to listen")
    void aListenerIsTold() throws Exception {
        var peer = connections.accepted();
        peer.channel().configureBlocking(false);
        BlockingQueue<String> told = new LinkedBlockingQueue<>();
        peer.channel().whenReady(listener(() -> told.add("read"), () -> told.add("write")));
        assertThat(List.of(told.take(), told.take())).containsExactly("read", "write");
        peer.write("hello");
        assertThat(nextRead(peer.channel(), told)).isEqualTo("hello");
    }

    /** Reads again whenever it is told to. */
    private static String nextRead(ReadableByteChannel channel, BlockingQueue<String> told)
            throws Exception {
        var text = "";
        while (text.isEmpty()) {
            while (!told.take().equals("read")) {}
            text = read(channel);
        }
        return text;
    }

    @Test
    void aReaderThatWaitsIsLetGoWhenItMustNotWaitAnyMore() throws Exception {
        var channel = connections.accepted().channel();
        var read = start(() -> channel.read(ByteBuffer.allocate(8)));
        channel.configureBlocking(false);
        assertThat(result(read)).isZero();
    }

    @Test
    void aCloseDoesNotWaitForAPeerThatDoesNotRead() throws Exception {
        var peer = connections.accepted();
        peer.channel().configureBlocking(false);
        var much = ByteBuffer.allocate(64 << 20);
        while (peer.channel().write(much) > 0) {}
        peer.channel().close();
        assertThat(peer.channel().isOpen()).isFalse();
        assertThatThrownBy(() -> peer.channel().write(much))
                .isInstanceOf(ClosedChannelException.class);
        assertThat(peer.readToEnd()).hasSize(much.position());
    }

    @Test
    void oneThreadServesManyChannels() throws Exception {
        int many = 20;
        BlockingQueue<Echo> ready = new LinkedBlockingQueue<>();
        var loop = start(() -> serve(ready, many));
        Map<Socket, byte[]> questions = new HashMap<>();
        List<CompletableFuture<?>> answers = new ArrayList<>();
        for (int i = 0; i < many; i++) {
            var peer = connections.accepted();
            peer.channel().configureBlocking(false);
            var echo = new Echo(peer.channel());
            peer.channel().whenReady(listener(() -> ready.add(echo), () -> ready.add(echo)));
            var question = new byte[LENGTH];
            new SplittableRandom(i).nextBytes(question);
            questions.put(peer.socket(), question);
        }
        questions.forEach(
                (socket, question) -> {
                    answers.add(start(() -> ask(socket, question)));
                    answers.add(
                            start(
                                    () ->
                                            assertThat(socket.getInputStream().readAllBytes())
                                                    .isEqualTo(question)));
                });
        for (var answer : answers) result(answer);
        assertThat(result(loop)).isEqualTo(many);
    }

    private static Void ask(Socket socket, byte[] question) throws IOException {
        socket.getOutputStream().write(question);
        socket.shutdownOutput();
        return null;
    }

    private static int serve(BlockingQueue<Echo> ready, int many) throws Exception {
        int ended = 0;
        while (ended < many) {
            if (ready.take().turn()) ended++;
        }
        return ended;
    }

    /** Sends back what comes, as far as it can without waiting. */
    private static final class Echo {
        private final SockmapChannel channel;
        private final ByteBuffer buffer = ByteBuffer.allocate(8192);
        private boolean ended;
        private boolean over;

        Echo(SockmapChannel channel) {
            this.channel = channel;
        }

        /** True once: when all that came has gone. */
        boolean turn() throws IOException {
            while (!over) {
                int read = ended ? -1 : channel.read(buffer);
                ended = read < 0;
                int written = channel.write(buffer.flip());
                buffer.compact();
                if (ended && buffer.position() == 0) {
                    over = true;
                    channel.shutdownOutput();
                    return true;
                }
                if (written == 0 && read <= 0) return false;
            }
            return false;
        }
    }

    private static ReadinessListener listener(Runnable readable, Runnable writable) {
        return new ReadinessListener() {
            @Override
            public void mayBeReadable() {
                readable.run();
            }

            @Override
            public void mayBeWritable() {
                writable.run();
            }
        };
    }

    @Test
    void aDatagramChannelDoesNotBlockEither() throws Exception {
        try (var datagrams = Datagrams.connected(connections.engine, StandardProtocolFamily.INET)) {
            var channel = datagrams.channel();
            channel.configureBlocking(false);
            assertThat(channel.read(ByteBuffer.allocate(8))).isZero();
            BlockingQueue<String> told = new LinkedBlockingQueue<>();
            channel.whenReady(listener(() -> told.add("read"), () -> {}));
            told.take();
            datagrams.peer().write(buffer("hello"));
            assertThat(nextRead(channel, told)).isEqualTo("hello");
        }
    }
}
