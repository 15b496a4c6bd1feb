package io.jsockmap.nio;

import io.jsockmap.bpf.Errno;
import io.jsockmap.sockmap.UserEngine;
import io.jsockmap.sockmap.socket.Chunk;
import io.jsockmap.sockmap.socket.Egress;
import io.jsockmap.sockmap.socket.ErrnoException;
import io.jsockmap.sockmap.socket.Sock;
import io.jsockmap.sockmap.socket.Transport;

import java.io.IOException;
import java.net.PortUnreachableException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;

/** Carries a socket's bytes over a blocking channel, with a virtual thread for each direction. */
final class BlockingTransport implements Transport {
    private static final int BUFFER = 65536;

    private static final ReadinessListener NOBODY =
            new ReadinessListener() {
                @Override
                public void mayBeReadable() {}

                @Override
                public void mayBeWritable() {}
            };

    private final UserEngine engine;
    private final Wire wire;
    private final Semaphore readable = new Semaphore(0);
    private final Semaphore room = new Semaphore(0);
    private final Semaphore work = new Semaphore(0);
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile ReadinessListener listener = NOBODY;

    /** Null as long as the engine is still opening it: it may be a target already. */
    private volatile Sock socket;

    BlockingTransport(UserEngine engine, Wire wire) {
        this.engine = engine;
        this.wire = wire;
    }

    void start(Sock socket) {
        this.socket = socket;
        Thread.ofVirtual().name("receive " + socket.cookie()).start(this::receive);
        Thread.ofVirtual().name("transmit " + socket.cookie()).start(this::transmit);
    }

    /** Tells somebody else too when the application may find something. */
    void tell(ReadinessListener listener) {
        this.listener = listener;
        listener.mayBeReadable();
        listener.mayBeWritable();
    }

    @Override
    public void egressReady() {
        signal(work);
        // The thread that writes may be waiting for a peer that does not read.
        var opened = socket;
        if (opened != null && opened.isAborting()) Thread.startVirtualThread(this::abort);
    }

    @Override
    public void receiveReady() {
        signal(room);
    }

    @Override
    public void readReady() {
        signal(readable);
        listener.mayBeReadable();
    }

    @Override
    public void sendReady() {
        listener.mayBeWritable();
    }

    /** Waiters look again at each signal, so more than one that nobody took says nothing more. */
    private static void signal(Semaphore semaphore) {
        if (semaphore.availablePermits() == 0) semaphore.release();
    }

    void awaitReadable() {
        readable.acquireUninterruptibly();
    }

    void awaitClosed() {
        try {
            closed.await();
        } catch (InterruptedException _) {
            // Whoever interrupts does not want to wait; the bytes go on by themselves.
            Thread.currentThread().interrupt();
        }
    }

    private void receive() {
        var buffer = ByteBuffer.allocateDirect(BUFFER);
        try {
            boolean more = true;
            while (more) more = receive(buffer);
            socket.receivedEnd();
        } catch (ClosedChannelException _) {
            // Closed from this side: nobody wants to read any more.
        } catch (IOException e) {
            socket.failed(ErrnoException.errnoOf(e));
        }
    }

    /** Receives once, or waits until there is room for it; false at the end of stream. */
    private boolean receive(ByteBuffer buffer) throws IOException {
        int most = socket.receiveRoom();
        if (most == 0) {
            room.acquireUninterruptibly();
            return true;
        }
        try {
            if (!wire.receive(buffer.clear(), most)) return false;
            socket.received(Chunk.copyOf(buffer.flip()));
        } catch (IOException e) {
            if (!wire.survives(e)) throw e;
            socket.receivedError(ErrnoException.errnoOf(e));
        }
        return true;
    }

    private void transmit() {
        try {
            boolean open = true;
            while (open) open = transmit(socket.takeEgress());
        } finally {
            engine.closed(socket);
            closed.countDown();
            // Whoever receives waits for room that no longer matters.
            signal(room);
            listener.mayBeWritable();
        }
    }

    private boolean transmit(Egress next) {
        switch (next) {
            case Egress.Bytes(var chunk) -> write(chunk);
            case Egress.End _ -> shutdown();
            case Egress.Nothing _ -> work.acquireUninterruptibly();
            case Egress.Close _ -> {
                close();
                return false;
            }
            case Egress.Abort _ -> {
                abort();
                return false;
            }
        }
        return true;
    }

    private void write(Chunk chunk) {
        var bytes = chunk.buffer();
        try {
            write(bytes);
        } catch (IOException e) {
            socket.lost(bytes.remaining());
            var errno = ErrnoException.errnoOf(e);
            if (wire.survives(e)) socket.receivedError(errno);
            else socket.failed(errno);
        }
        listener.mayBeWritable();
    }

    private void write(ByteBuffer bytes) throws IOException {
        // A datagram, and a JDK's channel that is connected sends none without bytes.
        if (!bytes.hasRemaining()) socket.lost(0);
        while (bytes.hasRemaining()) {
            try {
                socket.written(wire.send(bytes));
            } catch (PortUnreachableException _) {
                // It tells of an earlier datagram; this one has not been sent.
                socket.receivedError(Errno.ECONNREFUSED);
                socket.written(wire.send(bytes));
            }
        }
    }

    private void shutdown() {
        try {
            wire.shutdownOutput();
        } catch (IOException _) {
            // The connection is gone already; the reading side says why.
        }
    }

    private void close() {
        try {
            wire.close();
        } catch (IOException _) {
            // There is nothing left that could be done about it.
        }
    }

    private void abort() {
        try {
            wire.resetOnClose();
        } catch (IOException _) {
            // Without it the peer sees an end instead of a reset.
        }
        close();
    }
}
