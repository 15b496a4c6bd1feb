package io.jsockmap.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.sockmap.map.AttachType;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.Socket;
import java.util.SplittableRandom;

/** What no program stops goes both ways as it came. */
class PassThroughTest extends NettyTest {
    private static final int LENGTH = 8_000_000;

    private static final class Echo extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            context.write(message);
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext context) {
            context.flush();
        }
    }

    private void sendInRandomPieces(Socket peer, byte[] bytes) throws Exception {
        var random = new SplittableRandom(7);
        for (int at = 0; at < bytes.length; ) {
            int piece = Math.min(random.nextInt(1, 100_000), bytes.length - at);
            peer.getOutputStream().write(bytes, at, piece);
            at += piece;
        }
        peer.shutdownOutput();
    }

    private void assertEchoed() throws Exception {
        var bytes = RandomBytes.of(1, LENGTH);
        var peer = connect(serve(Echo::new));
        var sending =
                Thread.startVirtualThread(
                        () -> {
                            try {
                                sendInRandomPieces(peer, bytes);
                            } catch (Exception e) {
                                throw new AssertionError(e);
                            }
                        });
        assertThat(peer.getInputStream().readAllBytes()).isEqualTo(bytes);
        sending.join();
    }

    @Test
    void withoutAProgram() throws Exception {
        assertEchoed();
    }

    @Test
    void throughAVerdictThatLooksAtNothing() throws Exception {
        judgeBy("map-programs", "pass_received", AttachType.SK_SKB_STREAM_VERDICT);
        assertEchoed();
    }

    @Test
    void throughAProgramThatJudgesWhatIsSent() throws Exception {
        judgeBy("msg-policy", "filter", AttachType.SK_MSG_VERDICT);
        assertEchoed();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 1000, 20_000})
    void whateverRoomASocketHas(int bytes) throws Exception {
        limit(bytes, bytes);
        judgeBy("map-programs", "pass_received", AttachType.SK_SKB_STREAM_VERDICT);
        assertEchoed();
    }
}
