package io.jsockmap.conformance.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jsockmap.bpf.BpfException;
import io.jsockmap.bpf.Errno;
import io.jsockmap.nio.SockmapChannel;
import io.jsockmap.sockmap.socket.ErrnoException;
import io.jsockmap.sockmap.socket.SockmapSocket;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/** A connection: the engine's end, and the far end, a plain socket. */
public record Stream(SockmapChannel near, SocketChannel far) implements AutoCloseable {
    /**
     * How long nothing must come before it is believed that nothing comes. Too short a time lets a
     * scenario pass that should not; it never fails one.
     */
    private static final int QUIET_MILLISECONDS = Integer.getInteger("jsockmap.quiet", 50);

    /** What maps take. */
    public SockmapSocket socket() {
        return near.socket();
    }

    // --- The engine's end ------------------------------------------------------------------------

    /** The application sends, and all is accepted. */
    public void sends(String text) throws IOException {
        assertThat(send(text)).as("bytes accepted of %s", text).isEqualTo(text.length());
    }

    /** The application sends; how much was accepted. */
    public int send(String text) throws IOException {
        return send(bytes(text));
    }

    public int send(byte[] bytes) throws IOException {
        return Waiting.within(() -> near.write(ByteBuffer.wrap(bytes)));
    }

    /** The application sends, and is told that. */
    public void sendFails(String text, Errno errno) {
        assertFails(() -> send(text), errno);
    }

    /** The application reads exactly that; how it comes in pieces does not matter. */
    public void receives(String text) throws IOException {
        assertThat(readAll(near, text.length())).isEqualTo(text);
    }

    /** One read gives that. */
    public void readsAtOnce(String text) throws IOException {
        assertThat(
                        Waiting.within(
                                () -> {
                                    var buffer = ByteBuffer.allocate(1 << 16);
                                    near.read(buffer);
                                    return text(buffer.flip());
                                }))
                .isEqualTo(text);
    }

    public void receivesEnd() throws IOException {
        assertThat(Waiting.within(() -> near.read(ByteBuffer.allocate(1)))).isEqualTo(-1);
    }

    public void receiveFails(Errno errno) {
        assertFails(() -> Waiting.within(() -> near.read(ByteBuffer.allocate(1))), errno);
    }

    /** Nothing can be read there, and nothing comes. */
    public void receivesNothing() throws IOException {
        near.configureBlocking(false);
        var buffer = ByteBuffer.allocate(64);
        quiet();
        assertThat(near.read(buffer)).as("read %s", text(buffer.flip())).isZero();
        near.configureBlocking(true);
    }

    /** A look at so many bytes gives that, and takes nothing. */
    public void peeks(int most, String text) throws IOException {
        Waiting.until(
                () -> {
                    var buffer = ByteBuffer.allocate(most);
                    near.peek(buffer);
                    return text(buffer.flip()).equals(text);
                });
    }

    /** So many bytes can be read without waiting, once they have come. */
    public void hasAvailable(long bytes) throws IOException {
        Waiting.until(() -> near.available() == bytes);
    }

    /** The application reads that many bytes; gives them. */
    public String take(int length) throws IOException {
        return readAll(near, length);
    }

    // --- The far end -----------------------------------------------------------------------------

    public void farSends(String text) throws IOException {
        farSends(bytes(text));
    }

    public void farSends(byte[] bytes) throws IOException {
        Waiting.within(
                () -> {
                    var buffer = ByteBuffer.wrap(bytes);
                    while (buffer.hasRemaining()) far.write(buffer);
                    return buffer;
                });
    }

    /** The far end gets exactly that; how it comes in pieces does not matter. */
    public void farReceives(String text) throws IOException {
        assertThat(readAll(far, text.length())).isEqualTo(text);
    }

    public void farReceivesEnd() throws IOException {
        assertThat(Waiting.within(() -> far.read(ByteBuffer.allocate(1)))).isEqualTo(-1);
    }

    /** Nothing has come to the far end, and nothing comes. */
    public void farReceivesNothing() throws IOException {
        quiet();
        far.configureBlocking(false);
        var buffer = ByteBuffer.allocate(64);
        assertThat(far.read(buffer)).as("read %s", text(buffer.flip())).isZero();
        far.configureBlocking(true);
    }

    public void farCloses() throws IOException {
        far.close();
    }

    public void farShutsDown() throws IOException {
        far.shutdownOutput();
    }

    public void farResets() throws IOException {
        far.setOption(StandardSocketOptions.SO_LINGER, 0);
        far.close();
    }

    // --- Both ------------------------------------------------------------------------------------

    static void quiet() {
        try {
            Thread.sleep(QUIET_MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    static String readAll(ReadableByteChannel channel, int length) throws IOException {
        var buffer = ByteBuffer.allocate(length);
        Waiting.within(
                () -> {
                    while (buffer.hasRemaining() && channel.read(buffer) >= 0) {
                        // Until all is there, or the end.
                    }
                    return buffer;
                });
        return text(buffer.flip());
    }

    /** A call fails with that errno, whether it is one of bpf(2) or of a socket. */
    public static void assertFails(ThrowingCallable call, Errno expected) {
        assertThatThrownBy(call)
                .satisfies(
                        e ->
                                assertThat(
                                                switch (e) {
                                                    case ErrnoException socket ->
                                                            Errno.nameOf(socket.number());
                                                    case BpfException bpf -> bpf.errno().name();
                                                    default -> e.toString();
                                                })
                                        .as(e.getMessage())
                                        .isEqualTo(expected.name()));
    }

    public static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    public static String text(ByteBuffer buffer) {
        return StandardCharsets.ISO_8859_1.decode(buffer).toString();
    }

    @Override
    public void close() throws IOException {
        far.close();
        near.abort();
    }
}
