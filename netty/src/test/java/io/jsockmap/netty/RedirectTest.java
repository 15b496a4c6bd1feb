package io.jsockmap.netty;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.sockmap.UserEngine;
import io.jsockmap.sockmap.map.AttachType;
import io.jsockmap.sockmap.map.UserSockHash;
import io.jsockmap.sockmap.network.Bytes;
import io.jsockmap.sockmap.socket.Chunk;
import io.jsockmap.sockmap.socket.Judgement;
import io.jsockmap.sockmap.socket.Limits;
import io.jsockmap.sockmap.socket.SockListener;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;

/** Bytes go from one channel to another, past all handlers and over the limits of event loops. */
class RedirectTest extends NettyTest {
    private static final int LENGTH = 10_000_000;

    private UserSockHash peers() {
        var splice = loadExample("splice");
        var peers = splice.sockHash("peers");
        peers.attach(splice.program("splice"), AttachType.SK_SKB_STREAM_VERDICT);
        return peers;
    }

    private static void join(UserSockHash peers, Channel one, Channel two) {
        peers.update(Bytes.u64(socketOf(one).cookie()), socketOf(two), UpdateFlag.ANY);
        peers.update(Bytes.u64(socketOf(two).cookie()), socketOf(one), UpdateFlag.ANY);
    }

    private static Void send(Socket peer, byte[] bytes) throws IOException {
        peer.getOutputStream().write(bytes);
        peer.shutdownOutput();
        return null;
    }

    private void assertSpliced() throws Exception {
        options = Map.of(ChannelOption.ALLOW_HALF_CLOSURE, true);
        var peers = peers();
        List<Recorder> recorders = new ArrayList<>();
        var address =
                serve(
                        () -> {
                            recorders.add(new Recorder());
                            return recorders.getLast();
                        });
        var left = connect(address);
        var one = accepted();
        var right = connect(address);
        var two = accepted();
        assertThat(one.eventLoop()).isNotSameAs(two.eventLoop());
        join(peers, one, two);
        var there = RandomBytes.of(1, LENGTH);
        var back = RandomBytes.of(2, LENGTH);
        try (var tasks = Executors.newVirtualThreadPerTaskExecutor()) {
            var sent = tasks.submit(() -> send(left, there));
            var sentBack = tasks.submit(() -> send(right, back));
            var heard = tasks.submit(() -> right.getInputStream().readNBytes(LENGTH));
            var heardBack = tasks.submit(() -> left.getInputStream().readNBytes(LENGTH));
            sent.get();
            sentBack.get();
            assertThat(heard.get()).isEqualTo(there);
            assertThat(heardBack.get()).isEqualTo(back);
        }
        for (var recorder : recorders) {
            assertThat(recorder.bytesUntil("ChannelInputShutdownEvent")).isEmpty();
        }
    }

    @Test
    void betweenTwoEventLoopsBothWaysAtOnce() throws Exception {
        assertSpliced();
    }

    @Test
    void alsoWhereSocketsHaveLittleRoom() throws Exception {
        limit(5000, 3000);
        assertSpliced();
    }

    @Test
    void aTargetWhosePeerDoesNotReadHoldsTheSourceUp() throws Exception {
        limit(100_000, 100_000);
        var peers = peers();
        var address = serve(Recorder::new);
        var left = connect(address);
        var one = accepted();
        var right = connect(address);
        var two = accepted();
        join(peers, one, two);
        var bytes = RandomBytes.of(3, 50_000_000);
        try (var tasks = Executors.newVirtualThreadPerTaskExecutor()) {
            var sent = tasks.submit(() -> send(left, bytes));
            // The kernel's buffers take some megabytes; without back-pressure all would be here.
            while (socketOf(one).receiveRoom() > 0) Thread.onSpinWait();
            assertThat(one.config().isAutoRead()).isTrue();
            assertThat(socketOf(two).account().egress().waiting()).isLessThan(2_000_000);
            assertThat(right.getInputStream().readNBytes(bytes.length)).isEqualTo(bytes);
            sent.get();
        }
    }

    /**
     * The thread that writes sends what was redirected meanwhile, and nobody flushes what it
     * writes.
     */
    @Test
    void toAChannelWhoseHandlerIsWritingAndDoesNotFlush() throws Exception {
        var redirecting = new AtomicReference<Runnable>(() -> {});
        engine =
                UserEngine.open(
                        Engines.settings(Limits.DEFAULT)
                                .with(
                                        new SockListener() {
                                            @Override
                                            public void judged(Judgement judgement) {
                                                if (!judgement.received()) redirecting.get().run();
                                            }
                                        }));
        judgeFrames();
        judgeBy("map-programs", "pass_sent", AttachType.SK_MSG_VERDICT);
        var address = serve(Recorder::new);
        var peer = connect(address);
        var writing = accepted();
        connect(address);
        var other = socketOf(accepted());
        redirecting.set(
                () -> {
                    redirecting.set(() -> {});
                    var thread =
                            Thread.ofPlatform()
                                    .start(() -> other.received(Chunk.of(Bytes.of("\0\7Rhere"))));
                    join(thread);
                });

        writing.eventLoop().execute(() -> writing.write(Unpooled.copiedBuffer("own", US_ASCII)));

        assertThat(peer.getInputStream().readNBytes(10)).isEqualTo(Bytes.of("own\0\7Rhere"));
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void toTheHandlersOfAnotherChannel() throws Exception {
        judgeFrames();
        var recorder = new Recorder();
        var recorders = List.of(recorder, new Recorder()).iterator();
        var address = serve(recorders::next);
        connect(address);
        accepted();
        var other = connect(address);
        other.getOutputStream().write(Bytes.of("\0\7Ihere"));
        assertThat(recorder.next()).isEqualTo("\0\7Ihere");
        assertThat(recorder.next()).isEqualTo("complete");
    }

    @Test
    void fromAChannelThatTheServerAcceptedToOneThatItConnected() throws Exception {
        var peers = peers();
        var upstream = new Recorder();
        var origin = serve(() -> upstream);
        var client = connect(serve(Recorder::new));
        var front = accepted();
        var back = connectChannel(origin, Recorder::new);
        accepted();
        join(peers, front, back);
        client.getOutputStream().write(Bytes.of("through"));
        assertThat(Bytes.text(upstream.bytes(7))).isEqualTo("through");
    }
}
