package io.jsockmap.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jsockmap.sockmap.map.AttachType;
import io.jsockmap.sockmap.network.Bytes;
import io.jsockmap.sockmap.socket.ErrnoException;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.SocketChannel;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.SocketException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.Map;

/** How streams and connections end, from either side. */
class EndsTest extends NettyTest {
    private static final int LENGTH = 3_000_000;

    private final Recorder recorder = new Recorder();

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void thePeersEndComesBehindItsLastByteAndTheOtherDirectionGoesOn(boolean judged)
            throws Exception {
        options = Map.of(ChannelOption.ALLOW_HALF_CLOSURE, true);
        if (judged) judgeBy("rewrite", "shout", AttachType.SK_SKB_STREAM_VERDICT);
        var bytes = RandomBytes.of(1, LENGTH);
        var peer = connect(serve(() -> recorder));
        peer.getOutputStream().write(bytes);
        peer.shutdownOutput();
        assertThat(recorder.bytesUntil("ChannelInputShutdownEvent")).hasSize(LENGTH);
        assertThat(recorder.next()).isEqualTo("ChannelInputShutdownReadComplete");
        var channel = accepted();
        channel.writeAndFlush(Unpooled.wrappedBuffer(bytes)).sync();
        channel.close();
        assertThat(peer.getInputStream().readAllBytes()).isEqualTo(bytes);
    }

    @Test
    void whoDoesNotAllowHalfClosureIsClosedBehindTheLastByte() throws Exception {
        var bytes = RandomBytes.of(1, LENGTH);
        var peer = connect(serve(() -> recorder));
        peer.getOutputStream().write(bytes);
        peer.shutdownOutput();
        assertThat(recorder.bytesUntil("inactive")).isEqualTo(bytes);
        assertThat(peer.getInputStream().read()).isEqualTo(-1);
    }

    @Test
    void theHandlersShutdownComesBehindAllThatWasWritten() throws Exception {
        limit(100_000, 1000);
        var bytes = RandomBytes.of(1, LENGTH);
        var peer = connect(serve(() -> recorder));
        var channel = accepted();
        var handler = channel.pipeline().get(SockmapHandler.class);
        for (int at = 0; at < LENGTH; at += LENGTH / 3) {
            channel.write(Unpooled.wrappedBuffer(bytes, at, LENGTH / 3));
        }
        var shutdown = channel.eventLoop().submit(handler::shutdownOutput).get();
        assertThat(peer.getInputStream().readAllBytes()).isEqualTo(bytes);
        assertThat(shutdown.await().isSuccess()).isTrue();
        assertThat(channel.writeAndFlush(Unpooled.wrappedBuffer(bytes)).await().cause())
                .isInstanceOf(ErrnoException.class)
                .hasMessageStartingWith("EPIPE");
        peer.getOutputStream().write(Bytes.of("and back"));
        recorder.bytesUntil("ChannelOutputShutdownEvent");
        assertThat(Bytes.text(recorder.bytes(8))).isEqualTo("and back");
    }

    @Test
    void theChannelsOwnShutdownIsHeardByTheSocket() throws Exception {
        var peer = connect(serve(() -> recorder));
        var channel = (SocketChannel) accepted();
        channel.shutdownOutput().sync();
        assertThat(peer.getInputStream().read()).isEqualTo(-1);
        assertThat(recorder.next()).isEqualTo("ChannelOutputShutdownEvent");
        assertThat(channel.writeAndFlush(Unpooled.wrappedBuffer(new byte[1])).await().cause())
                .isInstanceOf(ErrnoException.class)
                .hasMessageStartingWith("EPIPE");
        peer.getOutputStream().write(Bytes.of("still read"));
        assertThat(Bytes.text(recorder.bytes(10))).isEqualTo("still read");
    }

    @Test
    void aCloseWritesWhatWasAccepted() throws Exception {
        var bytes = RandomBytes.of(1, 200_000);
        var peer = connect(serve(() -> recorder));
        var channel = accepted();
        var written = channel.write(Unpooled.wrappedBuffer(bytes));
        channel.close();
        assertThat(peer.getInputStream().readAllBytes()).isEqualTo(bytes);
        assertThat(written.await().isSuccess()).isTrue();
        assertThat(channel.write(Unpooled.wrappedBuffer(bytes)).await().cause())
                .isInstanceOf(ClosedChannelException.class);
    }

    @Test
    void aCloseDoesNotWaitForEverForAPeerThatDoesNotRead() throws Exception {
        var address =
                serve(
                        SockmapInitializer.with(
                                () -> SockmapHandler.accepted(admission(), Duration.ofMillis(20)),
                                initializer(() -> recorder)));
        connect(address);
        var channel = accepted();
        var written = channel.writeAndFlush(Unpooled.wrappedBuffer(new byte[50_000_000]));
        channel.close().sync();
        assertThat(written.await().cause()).isInstanceOf(ClosedChannelException.class);
        recorder.bytesUntil("inactive");
    }

    @Test
    void aSecondCloseIsDoneWithTheFirst() throws Exception {
        connect(serve(() -> recorder));
        var channel = accepted();
        channel.close();
        channel.close().sync();
        assertThat(channel.isOpen()).isFalse();
        channel.close().sync();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aResetIsToldAndClosesTheChannel(boolean halfClosure) throws Exception {
        options = Map.of(ChannelOption.ALLOW_HALF_CLOSURE, halfClosure);
        var peer = connect(serve(() -> recorder));
        var channel = accepted();
        peer.getOutputStream().write(Bytes.of("x"));
        assertThat(recorder.next()).isEqualTo("x");
        assertThat(recorder.next()).isEqualTo("complete");
        peer.setSoLinger(true, 0);
        peer.close();
        assertThat(recorder.next()).isEqualTo("SocketException");
        assertThat(recorder.next()).isEqualTo("inactive");
        assertThat(channel.closeFuture().await().isSuccess()).isTrue();
    }

    @Test
    void anEngineThatIsClosedResetsItsChannels() throws Exception {
        var peer = connect(serve(() -> recorder));
        accepted();
        engine.close();
        assertThatThrownBy(() -> peer.getInputStream().read())
                .isInstanceOf(SocketException.class)
                .hasMessageContaining("reset");
        assertThat(recorder.next()).isEqualTo("inactive");
    }

    @Test
    void whatWaitedForAPeerThatIsGoneFails() throws Exception {
        limit(100_000, 1000);
        var peer = connect(serve(() -> recorder));
        var channel = accepted();
        var first = channel.writeAndFlush(Unpooled.wrappedBuffer(new byte[50_000_000]));
        var second = channel.writeAndFlush(Unpooled.wrappedBuffer(new byte[1000]));
        peer.setSoLinger(true, 0);
        peer.close();
        assertThat(first.await().cause()).isNotNull();
        assertThat(second.await().cause()).isNotNull();
    }
}
