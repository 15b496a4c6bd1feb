package io.jsockmap.nio.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.nio.Engines;
import io.jsockmap.nio.ReadinessListener;
import io.jsockmap.nio.SockmapChannel;
import io.jsockmap.nio.SockmapDatagramChannel;
import io.jsockmap.sockmap.UserEngine;
import io.jsockmap.sockmap.map.AttachType;
import io.jsockmap.sockmap.map.SockMap;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** How channels come under the engine; the program gives what is received capitals. */
@Timeout(120)
class ChannelExamples {
    private static final Path SHOUT =
            Path.of(System.getProperty("jsockmap.root", ".."))
                    .resolve("sockmap/src/test/resources/programs/rewrite.bpf.o");
    private static final InetSocketAddress ANY_PORT =
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    private final UserEngine engine = Engines.open();
    private final SockMap sockets = load();
    private ServerSocketChannel server;
    private SocketChannel peer;
    private SocketChannel socketChannel;

    private SockMap load() {
        var object = engine.load(SHOUT);
        var map = object.sockMap("sockets");
        map.attach(object.program("shout"), AttachType.SK_SKB_STREAM_VERDICT);
        return map;
    }

    @BeforeEach
    void connect() throws IOException {
        server = ServerSocketChannel.open().bind(ANY_PORT);
        peer = SocketChannel.open(server.getLocalAddress());
        socketChannel = server.accept();
    }

    @AfterEach
    void close() throws IOException {
        peer.close();
        server.close();
        engine.close();
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
    }

    @Test
    void aChannelsBytesAreJudgedOnceItIsInAMap() throws IOException {
        peer.write(bytes("hello"));

        // @start region="channel"
        // A connection that was accepted; from now on it is read and written here alone.
        try (SockmapChannel channel = SockmapChannel.accepted(engine, socketChannel)) {
            sockets.update(0, channel.socket(), UpdateFlag.NOEXIST);
            ByteBuffer buffer = ByteBuffer.allocate(5);
            while (buffer.hasRemaining()) channel.read(buffer); // waits for what a verdict passed
            assertThat(buffer.flip()).isEqualTo(bytes("HELLO"));
            channel.write(buffer); // an sk_msg program would judge it
        }
        // @end

        var answer = ByteBuffer.allocate(5);
        while (answer.hasRemaining()) peer.read(answer);
        assertThat(answer.flip()).isEqualTo(bytes("HELLO"));
    }

    @Test
    void aChannelThatDoesNotBlockSaysWhenToLookAgain() throws Exception {
        var channel = SockmapChannel.accepted(engine, socketChannel);
        var buffer = ByteBuffer.allocate(5);

        // @start region="ready"
        BlockingQueue<SockmapChannel> readable = new LinkedBlockingQueue<>();
        ReadinessListener listener =
                new ReadinessListener() {
                    @Override
                    public void mayBeReadable() {
                        readable.add(channel); // and wake whoever serves the queue
                    }

                    @Override
                    public void mayBeWritable() {}
                };
        channel.configureBlocking(false);
        channel.whenReady(listener);
        peer.write(bytes("hello"));
        while (buffer.hasRemaining()) readable.take().read(buffer);
        // @end

        assertThat(buffer.flip()).isEqualTo(bytes("hello"));
        channel.close();
    }

    @Test
    void datagramsAreJudgedOneByOne() throws IOException {
        try (var other = DatagramChannel.open().bind(ANY_PORT)) {
            var address = other.getLocalAddress();

            // @start region="datagrams"
            DatagramChannel socket = DatagramChannel.open().connect(address);
            try (SockmapDatagramChannel channel = SockmapDatagramChannel.opened(engine, socket)) {
                sockets.update(0, channel.socket(), UpdateFlag.NOEXIST);
                channel.write(bytes("ping"));
                answerPing(other);
                ByteBuffer answer = ByteBuffer.allocate(100);
                assertThat(channel.read(answer)).isEqualTo(4); // one datagram, whole
                assertThat(answer.flip()).isEqualTo(bytes("PONG"));
            }
            // @end
        }
    }

    private static void answerPing(DatagramChannel other) throws IOException {
        var ping = ByteBuffer.allocate(100);
        var sender = other.receive(ping);
        assertThat(ping.flip()).isEqualTo(bytes("ping"));
        other.send(bytes("pong"), sender);
    }
}
