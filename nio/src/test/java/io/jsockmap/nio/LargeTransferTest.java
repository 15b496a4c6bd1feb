package io.jsockmap.nio;

import static io.jsockmap.nio.Connections.result;
import static io.jsockmap.nio.Connections.start;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.sockmap.map.AttachType;
import io.jsockmap.sockmap.socket.Limits;
import io.jsockmap.sockmap.socket.Sock;

import org.junit.jupiter.api.Test;

import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;

/** Streams longer than all buffers, at readers that do not keep up, and many at once. */
class LargeTransferTest {
    private static final int LARGE = 64 << 20;

    @Test
    void aSocketHoldsNoMoreThanItsLimitsWhoeverIsSlow() throws Exception {
        var bytes = random(1, LARGE);
        try (var connections = new Connections()) {
            var peer = connections.accepted();
            var channel = peer.channel();
            var peerWrites =
                    start(
                            () -> {
                                peer.socket().getOutputStream().write(bytes);
                                peer.socket().shutdownOutput();
                                return bytes.length;
                            });
            var channelWrites = start(() -> channel.write(ByteBuffer.wrap(bytes)));

            var received = ByteBuffer.allocate(LARGE);
            while (channel.read(received) >= 0 && received.hasRemaining()) {
                var account = ((Sock) channel.socket()).account();
                assertThat(account.receive().held())
                        .isLessThanOrEqualTo(Limits.DEFAULT.receiveBytes());
                // One message may pass the limit.
                assertThat(account.egress().waiting()).isLessThan(2L * Limits.DEFAULT.sendBytes());
            }
            assertThat(received.array()).isEqualTo(bytes);
            assertThat(result(peerWrites)).isEqualTo(LARGE);

            assertThat(peer.socket().getInputStream().readNBytes(LARGE)).isEqualTo(bytes);
            assertThat(result(channelWrites)).isEqualTo(LARGE);
        }
    }

    @Test
    void manyChannelsAreServedByVirtualThreads() throws Exception {
        int many = 200;
        try (var connections = new Connections()) {
            List<CompletableFuture<?>> all = new ArrayList<>();
            for (int i = 0; i < many; i++) {
                var peer = connections.accepted();
                var question = random(i, 50_000 + i);
                all.add(start(() -> serve(peer.channel())));
                all.add(start(() -> ask(peer.socket(), question)));
                all.add(start(() -> hear(peer.socket(), question)));
            }
            for (var one : all) result(one);
        }
    }

    private static Void ask(Socket socket, byte[] question) throws Exception {
        socket.getOutputStream().write(question);
        socket.shutdownOutput();
        return null;
    }

    private static Void hear(Socket socket, byte[] answer) throws Exception {
        assertThat(socket.getInputStream().readAllBytes()).isEqualTo(answer);
        return null;
    }

    /** An ordinary server's loop: sends back what it reads. */
    private static Void serve(SockmapChannel channel) throws Exception {
        try (channel) {
            var buffer = ByteBuffer.allocate(8192);
            while (channel.read(buffer.clear()) >= 0) channel.write(buffer.flip());
        }
        return null;
    }

    @Test
    void aSpliceOfChannelsIsPacedByItsReader() throws Exception {
        var bytes = random(2, LARGE);
        try (var connections = new Connections()) {
            var object = connections.program("pair");
            var targets = object.sockHash("targets");
            targets.attach(object.program("relay"), AttachType.SK_SKB_STREAM_VERDICT);
            var source = connections.accepted();
            var target = connections.accepted();
            targets.update(
                    key(source.channel().socket().cookie()),
                    target.channel().socket(),
                    UpdateFlag.ANY);
            // The source inherits the verdict by an entry of its own, which nothing is sent to.
            targets.update(key(0), source.channel().socket(), UpdateFlag.ANY);
            var written =
                    start(
                            () -> {
                                source.socket().getOutputStream().write(bytes);
                                return bytes.length;
                            });

            assertThat(target.socket().getInputStream().readNBytes(LARGE)).isEqualTo(bytes);
            assertThat(result(written)).isEqualTo(LARGE);
            var account = ((Sock) source.channel().socket()).account();
            assertThat(account.receive().redirected()).isEqualTo(LARGE);
            assertThat(account.balances()).isTrue();
        }
    }

    private static byte[] key(long cookie) {
        var key = ByteBuffer.allocate(Long.BYTES);
        return key.putLong(Long.reverseBytes(cookie)).array();
    }

    private static byte[] random(long seed, int length) {
        var bytes = new byte[length];
        new SplittableRandom(seed).nextBytes(bytes);
        return bytes;
    }
}
