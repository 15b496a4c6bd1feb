package io.jsockmap.nio;

import io.jsockmap.bpf.Errno;
import io.jsockmap.sockmap.socket.ErrnoException;
import io.jsockmap.sockmap.socket.Ingress;
import io.jsockmap.sockmap.socket.Sock;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/** An end in user space. */
final class UserEndpoint implements Endpoint {
    private final Sock socket;
    private final BlockingTransport transport;
    private final ReentrantLock reading = new ReentrantLock();
    private final ReentrantLock writing = new ReentrantLock();
    private volatile boolean blocking = true;
    private volatile boolean open = true;

    private UserEndpoint(Sock socket, BlockingTransport transport) {
        this.socket = socket;
        this.transport = transport;
    }

    static UserEndpoint start(Sock socket, BlockingTransport transport) {
        transport.start(socket);
        return new UserEndpoint(socket, transport);
    }

    @Override
    public Sock socket() {
        return socket;
    }

    // --- Reading ---------------------------------------------------------------------------------

    @Override
    public int read(ByteBuffer target) throws IOException {
        return look(target, () -> socket.read(target), "read");
    }

    @Override
    public int peek(ByteBuffer target) throws IOException {
        return look(target, () -> peekInto(target), "peek");
    }

    private Ingress peekInto(ByteBuffer target) {
        var seen = socket.peek(target.remaining());
        if (seen instanceof Ingress.Bytes(var chunk)) target.put(chunk.buffer());
        return seen;
    }

    private static long remaining(ByteBuffer[] buffers, int offset, int length) {
        long sum = 0;
        for (int i = offset; i < offset + length; i++) sum += buffers[i].remaining();
        return sum;
    }

    /** Looks until there is something, or once. */
    private int look(ByteBuffer target, Supplier<Ingress> read, String what) throws IOException {
        if (target.isReadOnly()) throw new IllegalArgumentException("can't read into " + target);
        if (!open) throw new ClosedChannelException();
        if (!target.hasRemaining()) return 0;
        reading.lock();
        try {
            while (true) {
                switch (read.get()) {
                    case Ingress.Bytes(var chunk) -> {
                        return chunk.length();
                    }
                    case Ingress.End _ -> {
                        return -1;
                    }
                    case Ingress.Failed(int errno) -> throw failure(errno, what);
                    case Ingress.Nothing _ -> {
                        if (!blocking) return 0;
                        transport.awaitReadable();
                    }
                }
            }
        } finally {
            reading.unlock();
        }
    }

    // --- Writing ---------------------------------------------------------------------------------

    /** Buffers that are written at once are one message, as with writev(2). */
    @Override
    public long write(ByteBuffer[] sources, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, sources.length);
        if (!open) throw new ClosedChannelException();
        if (remaining(sources, offset, length) == 0) return 0;
        writing.lock();
        try {
            var sent = send(sources, offset, length);
            boolean failed = sent.errno != 0 && sent.errno != Errno.EAGAIN.number();
            if (sent.accepted == 0 && failed) throw failure(sent.errno, "write");
            return sent.accepted;
        } finally {
            writing.unlock();
        }
    }

    private record Sent(long accepted, int errno) {}

    private Sent send(ByteBuffer[] sources, int offset, int length) {
        var result = new CompletableFuture<Sent>();
        socket.send(
                sources,
                offset,
                length,
                blocking,
                (accepted, errno) -> result.complete(new Sent(accepted, errno)));
        var sent = result.join();
        consume(sources, offset, sent.accepted);
        return sent;
    }

    private static void consume(ByteBuffer[] sources, int offset, long count) {
        long left = count;
        for (int i = offset; left > 0; i++) {
            int part = (int) Math.min(left, sources[i].remaining());
            sources[i].position(sources[i].position() + part);
            left -= part;
        }
    }

    private IOException failure(int errno, String what) {
        if (errno == Errno.EBADF.number()) return new ClosedChannelException();
        return new ErrnoException(errno, "%s at socket %s".formatted(what, socket));
    }

    // --- State -----------------------------------------------------------------------------------

    @Override
    public long available() {
        return socket.available();
    }

    @Override
    public void shutdownOutput() {
        socket.shutdownOutput();
    }

    @Override
    public void shutdownInput() {
        socket.shutdownInput();
    }

    @Override
    public boolean isConnected() {
        return socket.isConnected();
    }

    @Override
    public void configureBlocking(boolean block) {
        blocking = block;
        // Whoever waits must not any more.
        if (!block) transport.readReady();
    }

    @Override
    public boolean isBlocking() {
        return blocking;
    }

    @Override
    public void whenReady(ReadinessListener listener) {
        transport.tell(listener);
    }

    @Override
    public boolean isOpen() {
        return open;
    }

    /** Waits until what was accepted is on its way, unless the application does not wait at all. */
    @Override
    public void close() {
        open = false;
        socket.close();
        transport.readReady();
        if (blocking) transport.awaitClosed();
    }

    @Override
    public void abort() {
        open = false;
        socket.abort();
        transport.readReady();
        transport.awaitClosed();
    }

    @Override
    public String toString() {
        return socket.toString();
    }
}
