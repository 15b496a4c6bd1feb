package io.jsockmap.nio;

import io.jsockmap.bpf.Errno;
import io.jsockmap.sockmap.SockmapEngine;
import io.jsockmap.sockmap.socket.Addresses;
import io.jsockmap.sockmap.socket.ErrnoException;
import io.jsockmap.sockmap.socket.Ingress;
import io.jsockmap.sockmap.socket.Sock;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A TCP connection under the engine, for code that blocks: made for virtual threads.
 *
 * <p>The application reads and writes here instead of at the {@link SocketChannel}, which it gives
 * away. Insert {@link #socket()} into maps to have programs judge what comes and goes. Reading and
 * writing may be done by two threads at once; two readers, or two writers, take turns.
 */
public final class SockmapChannel implements ByteChannel {
    private final Sock socket;
    private final BlockingTransport transport;
    private final ReentrantLock reading = new ReentrantLock();
    private final ReentrantLock writing = new ReentrantLock();

    private SockmapChannel(Sock socket, BlockingTransport transport) {
        this.socket = socket;
        this.transport = transport;
    }

    /**
     * Takes over a connection that this side asked for. Programs that hear of connections have run
     * when this returns.
     *
     * @param channel connected; must not be used elsewhere from now on
     * @throws IOException if it is not connected
     */
    public static SockmapChannel connected(SockmapEngine engine, SocketChannel channel)
            throws IOException {
        return open(engine, channel, engine::connected);
    }

    /** Takes over a connection that was accepted; otherwise as {@link #connected}. */
    public static SockmapChannel accepted(SockmapEngine engine, SocketChannel channel)
            throws IOException {
        return open(engine, channel, engine::accepted);
    }

    private interface Opening {
        Sock open(Addresses addresses, BlockingTransport transport);
    }

    private static SockmapChannel open(SockmapEngine engine, SocketChannel channel, Opening opening)
            throws IOException {
        channel.configureBlocking(true);
        if (!(channel.getRemoteAddress() instanceof InetSocketAddress remote)) {
            throw new ErrnoException(Errno.ENOTCONN.number(), channel + " is not connected");
        }
        var local = (InetSocketAddress) channel.getLocalAddress();
        var transport = new BlockingTransport(engine, channel);
        var socket = opening.open(new Addresses(local, remote), transport);
        transport.start(socket);
        return new SockmapChannel(socket, transport);
    }

    /** The socket as maps know it. */
    public Sock socket() {
        return socket;
    }

    /**
     * Reads at least one byte, waiting for it if need be: what a verdict passed or another socket
     * redirected here comes first.
     *
     * @return how many bytes, 0 only for a buffer without room, or -1 at the end of stream
     * @throws ErrnoException the socket's error, once, such as ECONNRESET
     * @throws ClosedChannelException if the channel is closed
     */
    @Override
    public int read(ByteBuffer target) throws IOException {
        if (!target.hasRemaining()) return 0;
        reading.lock();
        try {
            while (true) {
                switch (socket.read(target.remaining())) {
                    case Ingress.Bytes(var chunk) -> {
                        target.put(chunk.buffer());
                        return chunk.length();
                    }
                    case Ingress.End _ -> {
                        return -1;
                    }
                    case Ingress.Failed(int errno) -> throw failure(errno, "read");
                    case Ingress.Nothing _ -> transport.awaitReadable();
                }
            }
        } finally {
            reading.unlock();
        }
    }

    /**
     * Writes all that remains in the buffer, waiting for room if need be. The sk_msg program, if
     * there is one, judges the bytes first.
     *
     * @return how many bytes were accepted: fewer than remained if a program dropped, or the
     *     connection broke, after some
     * @throws ErrnoException if none were: EACCES for a program's drop, EPIPE after the end of
     *     stream or for a redirect to a socket that is gone, ECONNRESET
     * @throws ClosedChannelException if the channel is closed
     */
    @Override
    public int write(ByteBuffer source) throws IOException {
        writing.lock();
        try {
            var result = new CompletableFuture<Sent>();
            socket.send(
                    source.duplicate(),
                    true,
                    (accepted, errno) -> result.complete(new Sent((int) accepted, errno)));
            var sent = result.join();
            source.position(source.position() + sent.accepted);
            if (sent.accepted == 0 && sent.errno != 0) throw failure(sent.errno, "write");
            return sent.accepted;
        } finally {
            writing.unlock();
        }
    }

    private record Sent(int accepted, int errno) {}

    private IOException failure(int errno, String what) {
        if (errno == Errno.EBADF.number()) return new ClosedChannelException();
        return new ErrnoException(errno, "%s at socket %s".formatted(what, socket));
    }

    /** Bytes that can be read without waiting, redirected ones included (FIONREAD). */
    public long available() {
        return socket.available();
    }

    /** Sends the end of stream after the last byte that was written. */
    public void shutdownOutput() {
        socket.shutdownOutput();
    }

    /** Later reads find what has been queued, and then the end of stream. */
    public void shutdownInput() {
        socket.shutdownInput();
    }

    @Override
    public boolean isOpen() {
        return transport.isOpen();
    }

    /**
     * Closes: the socket leaves all maps, and a reader that waits finds it closed. Returns when the
     * bytes that were accepted have been given to the platform, or can't be; {@link #abort()}
     * throws them away. Twice is harmless.
     */
    @Override
    public void close() {
        socket.close();
        transport.readReady();
        transport.awaitClosed();
    }

    /** Closes with a reset: bytes that wait are thrown away. */
    public void abort() {
        socket.abort();
        transport.readReady();
        transport.awaitClosed();
    }

    @Override
    public String toString() {
        return "SockmapChannel " + socket;
    }
}
