package io.jsockmap.netty;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.jsockmap.bpf.map.MapDefinition;
import io.jsockmap.bpf.map.MapType;
import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.sockmap.Admission;
import io.jsockmap.sockmap.UserEngine;
import io.jsockmap.sockmap.map.AttachType;
import io.jsockmap.sockmap.map.UserSockMap;
import io.jsockmap.sockmap.network.Bytes;
import io.jsockmap.sockmap.socket.Addresses;
import io.jsockmap.sockmap.socket.Limits;
import io.jsockmap.sockmap.socket.SkMsg;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.DefaultFileRegion;
import io.netty.channel.embedded.EmbeddedChannel;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** Bytes that no program looks at are not copied: the same buffers come out as went in. */
class UntouchedBuffersTest {
    private static final Addresses ENDS =
            new Addresses(
                    new InetSocketAddress("127.0.0.1", 80),
                    new InetSocketAddress("127.0.0.1", 4000));

    private final UserEngine engine = Engines.open(Limits.DEFAULT);
    private final UserSockMap map =
            new UserSockMap(MapDefinition.of("m", MapType.SOCKMAP, 4, 8, 4));
    private EmbeddedChannel channel = channel();

    private EmbeddedChannel channel() {
        var admission = Admission.to(engine, engine.root());
        return new EmbeddedChannel(new SockmapHandler(admission, false, Duration.ZERO, _ -> ENDS));
    }

    private void judgeBy(String object, String program, AttachType type) {
        var file = "sockmap/src/test/resources/programs/%s.bpf.o".formatted(object);
        map.attach(engine.load(NettyTest.root().resolve(file)).program(program), type);
        map.update(0, socketOf(channel), UpdateFlag.ANY);
    }

    private static io.jsockmap.sockmap.socket.Sock socketOf(EmbeddedChannel channel) {
        return NettyTest.socketOf(channel);
    }

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
        assertThat(engine.sockets()).isEmpty();
    }

    private static ByteBuf buffer(String text) {
        return Unpooled.directBuffer().writeBytes(Bytes.of(text));
    }

    @Test
    void whatIsReceivedAndPassed() {
        judgeBy("map-programs", "pass_received", AttachType.SK_SKB_STREAM_VERDICT);
        var buffer = buffer("question");
        channel.writeInbound(buffer);
        assertThat(channel.<ByteBuf>readInbound()).isSameAs(buffer);
        assertThat(buffer.refCnt()).isEqualTo(1);
        buffer.release();
    }

    @Test
    void whatSomebodyAskedForBeforeTheHandlerWasThere() {
        channel.finishAndReleaseAll();
        channel = new EmbeddedChannel();
        channel.config().setAutoRead(false);
        channel.read();
        var admission = Admission.to(engine, engine.root());
        channel.pipeline().addFirst(new SockmapHandler(admission, false, Duration.ZERO, _ -> ENDS));

        channel.writeInbound(buffer("one"));
        channel.writeInbound(buffer("two"));

        assertThat(text(channel.readInbound())).isEqualTo("one");
        assertThat(channel.<ByteBuf>readInbound()).isNull();
        channel.read();
        assertThat(text(channel.readInbound())).isEqualTo("two");
    }

    private static String text(ByteBuf buffer) {
        var text = buffer.toString(US_ASCII);
        buffer.release();
        return text;
    }

    @Test
    void whatIsWrittenAndJudgedWithoutALook() {
        judgeBy("map-programs", "pass_sent", AttachType.SK_MSG_VERDICT);
        var buffer = buffer("answer");
        channel.writeOutbound(buffer);
        assertThat(channel.<ByteBuf>readOutbound()).isSameAs(buffer);
        assertThat(buffer.refCnt()).isEqualTo(1);
        buffer.release();
    }

    @Test
    void whatIsTooLongForOneMessageComesOutInPiecesOfItself() {
        judgeBy("map-programs", "pass_sent", AttachType.SK_MSG_VERDICT);
        var buffer = Unpooled.directBuffer().writeZero(SkMsg.MAX_SIZE + 3);
        channel.writeOutbound(buffer);
        var first = channel.<ByteBuf>readOutbound();
        var second = channel.<ByteBuf>readOutbound();
        assertThat(first.readableBytes()).isEqualTo(SkMsg.MAX_SIZE);
        assertThat(second.readableBytes()).isEqualTo(3);
        assertThat(second.memoryAddress()).isEqualTo(buffer.memoryAddress() + SkMsg.MAX_SIZE);
        first.release();
        second.release();
        assertThat(buffer.refCnt()).isZero();
    }

    @Test
    void whatIsDroppedIsReleasedAndItsWriterTold() {
        judgeBy("map-programs", "drop_sent", AttachType.SK_MSG_VERDICT);
        var buffer = buffer("answer");
        var written = channel.writeAndFlush(buffer);
        channel.runPendingTasks();
        assertThat(written.cause()).hasMessageContaining("EACCES");
        assertThat(channel.<ByteBuf>readOutbound()).isNull();
        assertThat(buffer.refCnt()).isZero();
    }

    @Test
    void whatIsWritten() {
        var buffer = buffer("answer");
        channel.writeOutbound(buffer);
        assertThat(channel.<ByteBuf>readOutbound()).isSameAs(buffer);
        assertThat(buffer.refCnt()).isEqualTo(1);
        buffer.release();
    }

    @Test
    void aFileRegion(@TempDir Path folder) throws Exception {
        var file = Files.write(folder.resolve("file"), new byte[100]);
        var region = new DefaultFileRegion(file.toFile(), 10, 50);
        channel.writeOutbound(region);
        assertThat(channel.<Object>readOutbound()).isSameAs(region);
        region.release();
    }

    @Test
    void whatIsRedirectedToAnotherChannel() {
        var splice = engine.load(NettyTest.root().resolve("examples/splice/splice.bpf.o"));
        var peers = splice.sockHash("peers");
        peers.attach(splice.program("splice"), AttachType.SK_SKB_STREAM_VERDICT);
        var other = channel();
        peers.update(Bytes.u64(socketOf(channel).cookie()), socketOf(other), UpdateFlag.ANY);
        peers.update(Bytes.u64(socketOf(other).cookie()), socketOf(channel), UpdateFlag.ANY);
        var buffer = buffer("message");
        channel.writeInbound(buffer);
        other.runPendingTasks();
        assertThat(channel.<Object>readInbound()).isNull();
        assertThat(other.<ByteBuf>readOutbound()).isSameAs(buffer);
        buffer.release();
        other.finishAndReleaseAll();
    }

    @Test
    void aProgramThatLooksHasACopyAndTheBufferIsReleased() {
        judgeBy("rewrite", "shout", AttachType.SK_SKB_STREAM_VERDICT);
        var buffer = buffer("loud");
        channel.writeInbound(buffer);
        assertThat(buffer.refCnt()).isZero();
        assertThat(channel.<ByteBuf>readInbound().toString(US_ASCII)).isEqualTo("LOUD");
    }

    @Test
    void whatAProgramDropsIsReleased() {
        judgeBy("map-programs", "drop_received", AttachType.SK_SKB_STREAM_VERDICT);
        var buffer = buffer("unwanted");
        channel.writeInbound(buffer);
        assertThat(channel.<Object>readInbound()).isNull();
        assertThat(buffer.refCnt()).isZero();
    }

    @Test
    void whatNobodyReadIsReleasedWithTheChannel() {
        channel.config().setAutoRead(false);
        var buffer = buffer("unread");
        channel.writeInbound(buffer);
        assertThat(buffer.refCnt()).isEqualTo(1);
        channel.close();
        assertThat(buffer.refCnt()).isZero();
    }

    @Test
    void whatIsWrittenToAChannelThatIsClosedIsReleased() {
        channel.close();
        var buffer = buffer("late");
        assertThat(channel.writeAndFlush(buffer).isSuccess()).isFalse();
        assertThat(buffer.refCnt()).isZero();
    }

    @Test
    void messagesOfOtherTypesGoTheirWay() {
        channel.writeInbound("in");
        channel.writeOutbound("out");
        assertThat(channel.<Object>readInbound()).isEqualTo("in");
        assertThat(channel.<Object>readOutbound()).isEqualTo("out");
    }

    @Test
    void aHandlerThatIsRemovedLeavesNothingBehind() {
        channel.config().setAutoRead(false);
        var buffer = buffer("in between");
        channel.writeInbound(buffer);
        channel.pipeline().remove(SockmapHandler.class);
        assertThat(channel.<ByteBuf>readInbound()).isSameAs(buffer);
        assertThat(engine.sockets()).isEmpty();
        channel.writeInbound("later");
        assertThat(channel.<Object>readInbound()).isEqualTo("later");
        buffer.release();
    }
}
