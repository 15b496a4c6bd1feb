package io.jsockmap.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.sockmap.map.AttachType;
import io.jsockmap.sockmap.network.Bytes;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.DefaultFileRegion;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Writes, their promises, and what a channel that can't write any more says. */
class WritingTest extends NettyTest {
    private static final int LENGTH = 4_000_000;

    private final Recorder recorder = new Recorder();
    private final byte[] content = RandomBytes.of(5, LENGTH);
    @TempDir private Path folder;
    private Path file;

    @BeforeEach
    void write() throws IOException {
        file = Files.write(folder.resolve("file"), content);
    }

    private void judge(boolean judged) {
        if (judged) judgeBy("map-programs", "pass_sent", AttachType.SK_MSG_VERDICT);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aFileRegionStandsBetweenTheBuffersAroundIt(boolean judged) throws Exception {
        judge(judged);
        var peer = connect(serve(() -> recorder));
        var channel = accepted();
        var region = new DefaultFileRegion(file.toFile(), 1000, LENGTH - 2000);
        channel.write(Unpooled.wrappedBuffer(Bytes.of("head")));
        var written = channel.write(region);
        var last = channel.writeAndFlush(Unpooled.wrappedBuffer(Bytes.of("tail")));
        var in = peer.getInputStream();
        assertThat(Bytes.text(in.readNBytes(4))).isEqualTo("head");
        assertThat(in.readNBytes(LENGTH - 2000))
                .isEqualTo(Arrays.copyOfRange(content, 1000, LENGTH - 1000));
        assertThat(Bytes.text(in.readNBytes(4))).isEqualTo("tail");
        assertThat(written.await().isSuccess()).isTrue();
        assertThat(last.await().isSuccess()).isTrue();
        assertThat(region.refCnt()).isZero();
    }

    @Test
    void aFileThatIsShorterThanItsRegionFailsTheWrite() throws Exception {
        judge(true);
        connect(serve(() -> recorder));
        var region = new DefaultFileRegion(file.toFile(), 0, LENGTH + 1);
        var written = accepted().writeAndFlush(region).await();
        assertThat(written.cause()).isInstanceOf(IOException.class);
        assertThat(region.refCnt()).isZero();
    }

    @Test
    void aRegionOfAChannelThatClosesFails() throws Exception {
        limit(1000, 1000);
        judge(true);
        connect(serve(() -> recorder));
        var channel = accepted();
        var region = new DefaultFileRegion(file.toFile(), 0, LENGTH);
        ChannelFuture written = channel.write(region);
        var behind = channel.write(Unpooled.wrappedBuffer(new byte[10]));
        channel.close().sync();
        assertThat(written.await().isSuccess()).isFalse();
        assertThat(behind.await().isSuccess()).isFalse();
        assertThat(region.refCnt()).isZero();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void promisesAreKeptInTheOrderOfTheWrites(boolean judged) throws Exception {
        limit(2000, 2000);
        judge(judged);
        var peer = connect(serve(() -> recorder));
        var channel = accepted();
        List<Integer> kept = new ArrayList<>();
        ChannelFuture last = null;
        for (int i = 0; i < 100; i++) {
            int number = i;
            var promise = channel.newPromise();
            promise.addListener(_ -> kept.add(number));
            last = channel.write(Unpooled.wrappedBuffer(content, i * 500, 500), promise);
        }
        channel.flush();
        assertThat(peer.getInputStream().readNBytes(50_000))
                .isEqualTo(Arrays.copyOf(content, 50_000));
        last.sync();
        settle(channel);
        assertThat(kept).hasSize(100).isSorted();
    }

    @Test
    void nothingIsFlushedBeforeItsTime() throws Exception {
        var peer = connect(serve(() -> recorder));
        var channel = accepted();
        var written = channel.write(Unpooled.wrappedBuffer(Bytes.of("early")));
        channel.eventLoop().submit(() -> {}).sync();
        assertThat(written.isDone()).isFalse();
        assertThat(peer.getInputStream().available()).isZero();
        channel.flush();
        written.sync();
        assertThat(Bytes.text(peer.getInputStream().readNBytes(5))).isEqualTo("early");
    }

    @ParameterizedTest
    @ValueSource(ints = {1000, 10_000_000})
    void aChannelWhosePeerDoesNotReadIsNotWritableUntilItDoes(int room) throws Exception {
        limit(1000, room);
        var peer = connect(serve(() -> recorder));
        var channel = accepted();
        int count = 0;
        List<ChannelFuture> writes = new ArrayList<>();
        while (channel.isWritable() || count < 10) {
            writes.add(channel.writeAndFlush(Unpooled.wrappedBuffer(content)));
            count++;
        }
        for (int i = 0; i < count; i++) {
            assertThat(peer.getInputStream().readNBytes(LENGTH)).isEqualTo(content);
        }
        for (var write : writes) write.sync();
        while (!channel.isWritable()) Thread.onSpinWait();
        assertThat(recorder.bytesUntil("writable")).isEmpty();
    }

    @Test
    void aWriteThatIsCancelledIsNotWritten() throws Exception {
        var peer = connect(serve(() -> recorder));
        var channel = accepted();
        var cancelled = channel.write(Unpooled.wrappedBuffer(Bytes.of("never")));
        assertThat(cancelled.cancel(false)).isTrue();
        channel.writeAndFlush(Unpooled.wrappedBuffer(Bytes.of("this"))).sync();
        assertThat(Bytes.text(peer.getInputStream().readNBytes(4))).isEqualTo("this");
    }

    @Test
    void anEmptyBufferIsWrittenBehindWhatCameBefore() throws Exception {
        connect(serve(() -> recorder));
        var channel = accepted();
        var first = channel.write(Unpooled.wrappedBuffer(Bytes.of("x")));
        var empty = channel.write(Unpooled.EMPTY_BUFFER);
        channel.eventLoop().submit(() -> {}).sync();
        assertThat(empty.isDone()).isFalse();
        channel.flush();
        assertThat(empty.await().isSuccess()).isTrue();
        assertThat(first.isSuccess()).isTrue();
    }
}
