package io.jsockmap.nio;

import io.jsockmap.sockmap.SockmapEngine;
import io.jsockmap.sockmap.socket.Chunk;
import io.jsockmap.sockmap.socket.Egress;
import io.jsockmap.sockmap.socket.ErrnoException;
import io.jsockmap.sockmap.socket.Sock;
import io.jsockmap.sockmap.socket.Transport;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;

/** Carries a socket's bytes over a blocking channel, with a virtual thread for each direction. */
final class BlockingTransport implements Transport {
    private static final int BUFFER = 65536;

    private final SockmapEngine engine;
    private final SocketChannel channel;
    private final Semaphore readable = new Semaphore(0);
    private final Semaphore room = new Semaphore(0);
    private final Semaphore work = new Semaphore(0);
    private final CountDownLatch closed = new CountDownLatch(1);
    private Sock socket;

    BlockingTransport(SockmapEngine engine, SocketChannel channel) {
        this.engine = engine;
        this.channel = channel;
    }

    void start(Sock socket) {
        this.socket = socket;
        Thread.ofVirtual().name("receive " + socket.cookie()).start(this::receive);
        Thread.ofVirtual().name("transmit " + socket.cookie()).start(this::transmit);
    }

    @Override
    public void egressReady() {
        signal(work);
        // The thread that writes may be waiting for a peer that does not read.
        if (socket.isAborting()) Thread.startVirtualThread(this::abort);
    }

    @Override
    public void receiveReady() {
        signal(room);
    }

    @Override
    public void readReady() {
        signal(readable);
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

    boolean isOpen() {
        return closed.getCount() > 0;
    }

    private void receive() {
        var buffer = ByteBuffer.allocateDirect(BUFFER);
        try {
            while (true) {
                int most = Math.min(socket.receiveRoom(), BUFFER);
                if (most == 0) {
                    room.acquireUninterruptibly();
                    continue;
                }
                int count = channel.read(buffer.clear().limit(most));
                if (count < 0) break;
                socket.received(Chunk.copyOf(buffer.flip()));
            }
            socket.receivedEnd();
        } catch (ClosedChannelException _) {
            // Closed from this side: nobody wants to read any more.
        } catch (IOException e) {
            socket.failed(ErrnoException.errnoOf(e));
        }
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
            while (bytes.hasRemaining()) socket.written(channel.write(bytes));
        } catch (IOException e) {
            socket.lost(bytes.remaining());
            socket.failed(ErrnoException.errnoOf(e));
        }
    }

    private void shutdown() {
        try {
            channel.shutdownOutput();
        } catch (IOException _) {
            // The connection is gone already; the reading side says why.
        }
    }

    private void close() {
        try {
            channel.close();
        } catch (IOException _) {
            // There is nothing left that could be done about it.
        }
    }

    private void abort() {
        try {
            channel.setOption(StandardSocketOptions.SO_LINGER, 0);
        } catch (IOException _) {
            // Without it the peer sees an end instead of a reset.
        }
        close();
    }
}
