package io.jsockmap.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.BpfException;
import io.jsockmap.bpf.Errno;
import io.jsockmap.sockmap.Admission;
import io.jsockmap.sockmap.map.AttachType;
import io.jsockmap.sockmap.network.Bytes;
import io.jsockmap.sockmap.socket.Addresses;
import io.jsockmap.sockmap.socket.ErrnoException;
import io.jsockmap.sockmap.socket.Sock;
import io.jsockmap.sockmap.socket.Transport;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

import org.junit.jupiter.api.Test;

import java.util.Optional;

/** What programs decide, as handlers see it. */
class VerdictsTest extends NettyTest {
    private final Recorder recorder = new Recorder();

    private static ByteBuf buffer(String text) {
        return Unpooled.wrappedBuffer(Bytes.of(text));
    }

    @Test
    void whatAVerdictDropsNoHandlerSees() throws Exception {
        judgeBy("map-programs", "drop_received", AttachType.SK_SKB_STREAM_VERDICT);
        var peer = connect(serve(() -> recorder));
        peer.getOutputStream().write(Bytes.of("unwanted"));
        peer.shutdownOutput();
        assertThat(recorder.next()).isEqualTo("inactive");
        assertThat(peer.getInputStream().read()).isEqualTo(-1);
    }

    @Test
    void whatAVerdictRewritesTheHandlersSeeSo() throws Exception {
        judgeBy("rewrite", "shout", AttachType.SK_SKB_STREAM_VERDICT);
        var peer = connect(serve(() -> recorder));
        peer.getOutputStream().write(Bytes.of("loud"));
        assertThat(recorder.next()).isEqualTo("LOUD");
        assertThat(recorder.next()).isEqualTo("complete");
    }

    @Test
    void aWriteThatItsProgramDropsFailsWithEacces() throws Exception {
        judgeBy("msg-verdict", "judge", AttachType.SK_MSG_VERDICT);
        var peer = connect(serve(() -> recorder));
        var channel = accepted();
        var dropped = channel.writeAndFlush(buffer("D no")).await();
        assertThat(dropped.cause())
                .isInstanceOf(ErrnoException.class)
                .hasMessage("EACCES: the sk_msg program dropped it; 0 of 4 bytes were accepted");
        channel.writeAndFlush(buffer("P yes")).sync();
        assertThat(Bytes.text(peer.getInputStream().readNBytes(5))).isEqualTo("P yes");
        assertThat(channel.isActive()).isTrue();
    }

    @Test
    void aWriteOfWhichAPartIsDroppedSaysHowFarItCame() throws Exception {
        judgeBy("msg-frames", "judge", AttachType.SK_MSG_VERDICT);
        var peer = connect(serve(() -> recorder));
        var written = accepted().writeAndFlush(buffer("\0\4P1\0\4D2")).await();
        assertThat(written.cause())
                .hasMessage("EACCES: the sk_msg program dropped it; 4 of 8 bytes were accepted");
        assertThat(Bytes.text(peer.getInputStream().readNBytes(4))).isEqualTo("\0\4P1");
    }

    @Test
    void aWriteWithoutAPromiseTellsThePipelineOfItsFailure() throws Exception {
        judgeBy("map-programs", "drop_sent", AttachType.SK_MSG_VERDICT);
        connect(serve(() -> recorder));
        var channel = accepted();
        channel.writeAndFlush(buffer("no"), channel.voidPromise());
        assertThat(recorder.next()).isEqualTo("errno " + Errno.EACCES.number());
    }

    @Test
    void aStreamThatCantBeFramedEndsTheConnection() throws Exception {
        judgeFrames();
        var peer = connect(serve(() -> recorder));
        peer.getOutputStream().write(Bytes.of("\0\4P1\0\1"));
        assertThat(recorder.next()).isEqualTo("\0\4P1");
        assertThat(recorder.next()).isEqualTo("complete");
        // EPROTO, which the parser gave.
        assertThat(recorder.next()).isEqualTo("errno 71");
        assertThat(recorder.next()).isEqualTo("inactive");
    }

    @Test
    void whoIsNotAdmittedIsLeftAlone() throws Exception {
        var nobody =
                new Admission() {
                    @Override
                    public Optional<Sock> accepted(Addresses addresses, Transport transport) {
                        return Optional.empty();
                    }

                    @Override
                    public Optional<Sock> connected(Addresses addresses, Transport transport) {
                        return Optional.empty();
                    }

                    @Override
                    public Optional<Sock> opened(Addresses addresses, Transport transport) {
                        return Optional.empty();
                    }

                    @Override
                    public void closed(Sock socket) {
                        throw new AssertionError("there is no socket");
                    }
                };
        var peer = connect(serve(new SockmapInitializer<>(nobody, initializer(() -> recorder))));
        peer.getOutputStream().write(Bytes.of("free"));
        assertThat(recorder.next()).isEqualTo("free");
        var channel = accepted();
        assertThat(channel.pipeline().get(SockmapHandler.class)).isNull();
        channel.writeAndFlush(buffer("too")).sync();
        assertThat(Bytes.text(peer.getInputStream().readNBytes(3))).isEqualTo("too");
    }

    @Test
    void whomAMapRefusesIsToldAndClosed() throws Exception {
        var refusing =
                admission()
                        .with(
                                _ -> {
                                    throw new BpfException(Errno.E2BIG, "the map is full");
                                });
        var address = serve(new SockmapInitializer<>(refusing, initializer(() -> recorder)));
        var peer = connect(address);
        assertThat(recorder.next()).isEqualTo("BpfException");
        assertThat(recorder.next()).isEqualTo("inactive");
        assertThat(peer.getInputStream().read()).isEqualTo(-1);
    }
}
