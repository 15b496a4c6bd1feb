package io.jsockmap.nio;

import static io.jsockmap.nio.Connections.assertFails;
import static io.jsockmap.nio.Connections.awaitAvailable;
import static io.jsockmap.nio.Connections.buffer;
import static io.jsockmap.nio.Connections.read;
import static io.jsockmap.nio.Connections.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.sockmap.map.AttachType;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Several buffers at once, several messages at once, and looking without taking. */
@Timeout(120)
class GatheringAndScatteringTest {
    private Connections connections;

    /** The sender's first byte decides what a message does; I leads to the reader's application. */
    private Connections.Peer sender;

    private Connections.Peer reader;

    @BeforeEach
    void open() throws IOException {
        connections = new Connections();
        sender = connections.accepted();
        reader = connections.accepted();
        var object = connections.program("msg-verdict");
        var targets = object.sockMap("targets");
        targets.attach(object.program("judge"), AttachType.SK_MSG_VERDICT);
        targets.update(0, reader.channel().socket(), UpdateFlag.ANY);
        targets.update(1, sender.channel().socket(), UpdateFlag.ANY);
    }

    @AfterEach
    void close() throws IOException {
        connections.close();
    }

    @Test
    @DisplayName("S13: a gathering write is one message, and judged once")
    void aGatheringWriteIsOneMessage() throws Exception {
        // Judged one by one, the second and the third would be dropped.
        ByteBuffer[] parts = {buffer("Pass"), buffer("Drop"), buffer(""), buffer("Drop")};
        assertThat(sender.channel().write(parts)).isEqualTo(12);
        assertThat(sender.read(12)).isEqualTo("PassDropDrop");
        assertThat(parts).noneMatch(ByteBuffer::hasRemaining);
    }

    @Test
    @DisplayName("S26: a gathering write that is dropped takes nothing from any buffer")
    void aDroppedGatheringWriteTakesNothing() {
        ByteBuffer[] parts = {buffer("Drop"), buffer("Pass")};
        assertFails(() -> sender.channel().write(parts), Errno.EACCES);
        assertThat(parts).extracting(ByteBuffer::position).containsExactly(0, 0);
        ByteBuffer[] some = {buffer("not this"), buffer("Drop"), buffer("Pass")};
        assertFails(() -> sender.channel().write(some, 1, 2), Errno.EACCES);
    }

    @Test
    void aPartOfTheBuffersIsWritten() throws Exception {
        ByteBuffer[] parts = {buffer("not this"), buffer("Pass"), buffer("ed"), buffer("nor that")};
        assertThat(sender.channel().write(parts, 1, 2)).isEqualTo(6);
        assertThat(sender.read(6)).isEqualTo("Passed");
        assertThat(parts[0].position()).isZero();
        assertThat(parts[3].position()).isZero();
        assertThatThrownBy(() -> sender.channel().write(parts, 3, 2))
                .isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    @DisplayName("R6: a read takes bytes over message limits, and leaves the rest of the last one")
    void aReadTakesSeveralMessages() throws Exception {
        for (int i = 0; i < 40; i++) sender.channel().write(buffer("I23456789."));
        awaitAvailable(reader.channel(), 400);
        assertThat(reader.channel().read(ByteBuffer.allocate(15))).isEqualTo(15);
        var rest = ByteBuffer.allocateDirect(1000);
        assertThat(reader.channel().read(rest)).isEqualTo(385);
        assertThat(rest.get(0)).isEqualTo((byte) '6');
    }

    @Test
    @DisplayName("C21: a scattering read finds what was redirected in, over message limits")
    void aScatteringReadFindsRedirectedBytes() throws Exception {
        sender.channel().write(buffer("Into"));
        sender.channel().write(buffer("In"));
        awaitAvailable(reader.channel(), 6);
        ByteBuffer[] parts = {buffer("_"), ByteBuffer.allocate(3), ByteBuffer.allocate(8)};
        assertThat(reader.channel().read(parts, 1, 2)).isEqualTo(6);
        assertThat(parts[0].position()).isZero();
        assertThat(text(parts[1].array())).isEqualTo("Int");
        assertThat(text(parts[2].array())).startsWith("oIn");
        assertThat(parts[2].position()).isEqualTo(3);
    }

    @Test
    @DisplayName("R1: one read never mixes redirected bytes with the connection's own")
    void aReadDoesNotMix() throws Exception {
        reader.write("own");
        awaitAvailable(reader.channel(), 3);
        sender.channel().write(buffer("Inside"));
        awaitAvailable(reader.channel(), 9);
        assertThat(read(reader.channel())).isEqualTo("Inside");
        assertThat(read(reader.channel())).isEqualTo("own");
    }

    @Test
    @DisplayName("R7: a peek shows the same bytes again, over message limits, and takes none")
    void aPeekTakesNothing() throws Exception {
        sender.channel().write(buffer("Iabc"));
        sender.channel().write(buffer("Idef"));
        awaitAvailable(reader.channel(), 8);
        for (int most : new int[] {2, 6, 100}) {
            var seen = ByteBuffer.allocate(most);
            assertThat(reader.channel().peek(seen)).isEqualTo(Math.min(most, 8));
            assertThat("IabcIdef").startsWith(text(seen.array()).trim());
        }
        assertThat(reader.channel().available()).isEqualTo(8);
        assertThat(read(reader.channel())).isEqualTo("IabcIdef");
    }

    @Test
    void aPeekSeesAnErrorThatTheNextReadReports() throws Exception {
        reader.socket().setSoLinger(true, 0);
        reader.socket().close();
        assertFails(() -> reader.channel().peek(ByteBuffer.allocate(1)), Errno.ECONNRESET);
        assertFails(() -> read(reader.channel()), Errno.ECONNRESET);
        assertThat(reader.channel().peek(ByteBuffer.allocate(1))).isEqualTo(-1);
    }

    @Test
    @DisplayName("R9: a read of no bytes gives 0, whatever is there")
    void aReadOfNothing() throws Exception {
        assertThat(reader.channel().read(ByteBuffer.allocate(0))).isZero();
        reader.socket().shutdownOutput();
        assertThat(read(reader.channel())).isNull();
        assertThat(reader.channel().read(ByteBuffer.allocate(0))).isZero();
        assertThat(reader.channel().read(new ByteBuffer[0])).isZero();
    }

    @Test
    @DisplayName("S8: a write of no bytes gives 0 and runs nothing, also after the end of stream")
    void aWriteOfNothing() throws Exception {
        assertThat(sender.channel().write(buffer(""))).isZero();
        sender.channel().shutdownOutput();
        assertThat(sender.channel().write(new ByteBuffer[] {buffer("")})).isZero();
    }

    @Test
    void aReadOnlyBufferIsRefusedAndCostsNothing() throws Exception {
        reader.write("kept");
        var target = ByteBuffer.allocate(10).asReadOnlyBuffer();
        assertThatThrownBy(() -> reader.channel().read(target))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(read(reader.channel())).isEqualTo("kept");
    }
}
