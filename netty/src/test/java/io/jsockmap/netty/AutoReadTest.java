package io.jsockmap.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.sockmap.map.AttachType;
import io.jsockmap.sockmap.network.Bytes;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;

/** Without auto-read handlers are given what they ask for, whatever comes from where. */
class AutoReadTest extends NettyTest {
    private final Recorder recorder = new Recorder();

    @Test
    void oneReadGivesOneMessage() throws Exception {
        options = Map.of(ChannelOption.AUTO_READ, false);
        var peer = connect(serve(() -> recorder));
        var channel = accepted();
        peer.getOutputStream().write(Bytes.of("one"));
        channel.read();
        assertThat(recorder.next()).isEqualTo("one");
        assertThat(recorder.next()).isEqualTo("complete");
        peer.getOutputStream().write(Bytes.of("two"));
        settle(channel);
        assertThat(recorder.hasHeardNothing()).isTrue();
        channel.read();
        assertThat(recorder.next()).isEqualTo("two");
        assertThat(recorder.next()).isEqualTo("complete");
    }

    @Test
    void messagesThatWereRedirectedHereWaitUntilTheyAreAskedFor() throws Exception {
        options = Map.of(ChannelOption.AUTO_READ, false);
        judgeFrames();
        var recorders = List.of(recorder, new Recorder()).iterator();
        var address = serve(recorders::next);
        connect(address);
        var target = accepted();
        var source = connect(address);
        source.getOutputStream().write(Bytes.of("\0\4I1\0\4I2"));
        // Its verdict runs although no handler asks.
        while (socketOf(target).available() < 8) Thread.onSpinWait();
        settle(target);
        assertThat(recorder.hasHeardNothing()).isTrue();
        target.read();
        assertThat(recorder.next()).isEqualTo("\0\4I1");
        assertThat(recorder.next()).isEqualTo("complete");
        settle(target);
        assertThat(recorder.hasHeardNothing()).isTrue();
        target.read();
        assertThat(recorder.next()).isEqualTo("\0\4I2");
    }

    @Test
    void aReadIsAnsweredByTheFirstMessageThatIsNotDropped() throws Exception {
        options = Map.of(ChannelOption.AUTO_READ, false);
        judgeFrames();
        var peer = connect(serve(() -> recorder));
        var channel = accepted();
        channel.read();
        peer.getOutputStream().write(Bytes.of("\0\4D1"));
        while (socketOf(channel).account().receive().dropped() < 4) Thread.onSpinWait();
        peer.getOutputStream().write(Bytes.of("\0\4P2"));
        assertThat(recorder.next()).isEqualTo("\0\4P2");
    }

    @Test
    void whatIsSwitchedOffWhileBytesWaitStaysOff() throws Exception {
        judgeFrames();
        var peer =
                connect(
                        serve(
                                () ->
                                        new ChannelInboundHandlerAdapter() {
                                            @Override
                                            public void handlerAdded(
                                                    ChannelHandlerContext context) {
                                                context.pipeline().addLast(recorder);
                                            }

                                            @Override
                                            public void channelRead(
                                                    ChannelHandlerContext context, Object message) {
                                                context.channel().config().setAutoRead(false);
                                                context.fireChannelRead(message);
                                            }
                                        }));
        var channel = accepted();
        peer.getOutputStream().write(Bytes.of("\0\4P1\0\4P2"));
        assertThat(recorder.next()).isEqualTo("\0\4P1");
        assertThat(recorder.next()).isEqualTo("complete");
        while (socketOf(channel).available() < 4) Thread.onSpinWait();
        settle(channel);
        assertThat(recorder.hasHeardNothing()).isTrue();
        channel.config().setAutoRead(true);
        assertThat(recorder.next()).isEqualTo("\0\4P2");
    }

    @Test
    void theEndOfTheStreamWaitsToo() throws Exception {
        options = Map.of(ChannelOption.AUTO_READ, false);
        judgeBy("map-programs", "pass_received", AttachType.SK_SKB_STREAM_VERDICT);
        var peer = connect(serve(() -> recorder));
        var channel = accepted();
        peer.getOutputStream().write(Bytes.of("last"));
        peer.close();
        while (socketOf(channel).state() != io.jsockmap.sockmap.socket.TcpState.CLOSE_WAIT) {
            Thread.onSpinWait();
        }
        settle(channel);
        assertThat(recorder.hasHeardNothing()).isTrue();
        channel.read();
        assertThat(recorder.next()).isEqualTo("last");
        assertThat(recorder.next()).isEqualTo("complete");
        assertThat(channel.isActive()).isTrue();
        channel.read();
        assertThat(recorder.next()).isEqualTo("inactive");
    }
}
