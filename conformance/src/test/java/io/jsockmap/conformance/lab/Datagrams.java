package io.jsockmap.conformance.lab;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.nio.SockmapDatagramChannel;
import io.jsockmap.sockmap.socket.SockmapSocket;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;

/** Two UDP sockets connected to each other: the engine's, and the far one, a plain socket. */
public record Datagrams(SockmapDatagramChannel near, DatagramChannel far) implements AutoCloseable {

    /** What maps take. */
    public SockmapSocket socket() {
        return near.socket();
    }

    public void sends(String text) throws IOException {
        Waiting.within(() -> near.write(ByteBuffer.wrap(Stream.bytes(text))));
    }

    /** The next datagram that the application reads. */
    public void receives(String text) throws IOException {
        var buffer = ByteBuffer.allocate(1 << 16);
        Waiting.within(() -> near.read(buffer));
        assertThat(Stream.text(buffer.flip())).isEqualTo(text);
    }

    public void receivesNothing() throws IOException {
        near.configureBlocking(false);
        Stream.quiet();
        assertThat(near.read(ByteBuffer.allocate(64))).isZero();
        near.configureBlocking(true);
    }

    public void farSends(String text) throws IOException {
        Waiting.within(() -> far.write(ByteBuffer.wrap(Stream.bytes(text))));
    }

    /** The next datagram that the far end reads. */
    public void farReceives(String text) throws IOException {
        var buffer = ByteBuffer.allocate(1 << 16);
        Waiting.within(() -> far.read(buffer));
        assertThat(Stream.text(buffer.flip())).isEqualTo(text);
    }

    public void farReceivesNothing() throws IOException {
        Stream.quiet();
        far.configureBlocking(false);
        assertThat(far.read(ByteBuffer.allocate(64))).isZero();
        far.configureBlocking(true);
    }

    /** An empty datagram, which a connected channel does not send. */
    public void farSendsEmpty() throws IOException {
        var to = far.getRemoteAddress();
        far.disconnect();
        far.send(ByteBuffer.allocate(0), to);
        far.connect(to);
    }

    /**
     * The next datagram that the application finds, looking again and again: what is redirected to
     * it does not wake a reader that waits in the kernel (F36).
     */
    public void finds(String text) throws IOException {
        var buffer = ByteBuffer.allocate(1 << 16);
        near.configureBlocking(false);
        Waiting.until(() -> near.read(buffer) > 0);
        near.configureBlocking(true);
        assertThat(Stream.text(buffer.flip())).isEqualTo(text);
    }

    @Override
    public void close() throws IOException {
        far.close();
        near.abort();
    }
}
