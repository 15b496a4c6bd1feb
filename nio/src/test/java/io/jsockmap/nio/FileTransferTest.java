package io.jsockmap.nio;

import static io.jsockmap.nio.Connections.awaitAvailable;
import static io.jsockmap.nio.Connections.buffer;
import static io.jsockmap.nio.Connections.bytes;
import static io.jsockmap.nio.Connections.result;
import static io.jsockmap.nio.Connections.start;

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
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.IllegalBlockingModeException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.SplittableRandom;

/** Files and streams at mapped sockets: they see the same bytes as any read and write. */
@Timeout(120)
class FileTransferTest {
    @TempDir private Path folder;

    private Connections connections;
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

    private FileChannel file(byte[] content) throws IOException {
        return FileChannel.open(Files.write(folder.resolve("from"), content));
    }

    private FileChannel newFile() throws IOException {
        return FileChannel.open(
                folder.resolve("to"), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    }

    @Test
    @DisplayName("S7: a program sees the bytes of a file that is transferred, without pulling")
    void aTransferredFileIsJudged() throws Exception {
        try (var file = file(bytes("P" + "D".repeat(4999)))) {
            assertThat(file.transferTo(0, 5000, sender.channel())).isEqualTo(5000);
            assertThat(sender.read(5000)).startsWith("PDDD").hasSize(5000);
            // From the second byte on it would be dropped.
            assertThatThrownBy(() -> file.transferTo(1, 100, sender.channel()))
                    .hasMessageContaining(Errno.EACCES.name());
        }
    }

    @Test
    @DisplayName(
            "F19: a file longer than all buffers is transferred whole, however long that takes")
    void aLargeFileIsTransferred() throws Exception {
        var content = new byte[20 << 20];
        new SplittableRandom(3).nextBytes(content);
        var other = connections.accepted();
        try (var file = file(content)) {
            var sent = start(() -> file.transferTo(0, content.length, other.channel()));
            assertThat(other.socket().getInputStream().readNBytes(content.length))
                    .isEqualTo(content);
            assertThat(result(sent)).isEqualTo(content.length);
        }
    }

    @Test
    @DisplayName(
            "C21, R18, F21: a transfer from a socket takes what was redirected in, then its own"
                    + " bytes")
    void aTransferTakesRedirectedBytes() throws Exception {
        sender.channel().write(buffer("Inside"));
        awaitAvailable(reader.channel(), 6);
        reader.write(" and outside");
        reader.socket().shutdownOutput();
        try (var file = newFile()) {
            assertThat(file.transferFrom(reader.channel(), 0, 1000)).isEqualTo(18);
        }
        assertThat(folder.resolve("to")).hasContent("Inside and outside");
    }

    @Test
    @DisplayName("C21: a transfer takes no more than it is asked for, and the rest stays")
    void aTransferLeavesTheRest() throws Exception {
        sender.channel().write(buffer("Inside"));
        try (var file = newFile()) {
            assertThat(file.transferFrom(reader.channel(), 0, 4)).isEqualTo(4);
        }
        assertThat(folder.resolve("to")).hasContent("Insi");
        assertThat(reader.channel().available()).isEqualTo(2);
    }

    @Test
    @DisplayName("C22, F20: a stream's available() counts what was redirected in")
    void aStreamKnowsWhatIsAvailable() throws Exception {
        sender.channel().write(buffer("I".repeat(5000)));
        awaitAvailable(reader.channel(), 5000);
        try (var stream = reader.channel().inputStream()) {
            assertThat(stream.readNBytes(1024)).hasSize(1024);
            assertThat(stream.available()).isEqualTo(3976);
            assertThat(stream.read()).isEqualTo('I');
            reader.write("\u00ff");
            awaitAvailable(reader.channel(), 3976);
            assertThat(stream.available()).isEqualTo(3976);
            assertThat(stream.skip(3975)).isEqualTo(3975);
            assertThat(stream.read()).as("a byte is no end").isEqualTo(0xff);
            reader.socket().shutdownOutput();
            assertThat(stream.read()).isEqualTo(-1);
        }
        assertThat(reader.channel().isOpen()).isFalse();
    }

    @Test
    void aStreamNeedsAChannelThatBlocks() {
        reader.channel().configureBlocking(false);
        assertThatThrownBy(() -> reader.channel().inputStream().read())
                .isInstanceOf(IllegalBlockingModeException.class);
    }
}
