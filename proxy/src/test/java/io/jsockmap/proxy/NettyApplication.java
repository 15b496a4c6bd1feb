package io.jsockmap.proxy;

import io.jsockmap.proxy.carry.Carrier;
import io.jsockmap.sockmap.UserEngine;
import io.jsockmap.sockmap.socket.Addresses;
import io.jsockmap.sockmap.socket.ErrnoException;
import io.jsockmap.sockmap.socket.Ingress;
import io.jsockmap.sockmap.socket.Sock;
import io.netty.channel.Channel;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** An application that blocks, at a socket that Netty carries. */
final class NettyApplication implements AutoCloseable, Carrier.Application {
    private final Sock socket;
    private final Semaphore readable = new Semaphore(0);
    private final CountDownLatch closed = new CountDownLatch(1);

    /** Takes over a channel whose kind Netty knows. */
    static NettyApplication of(Channel channel, UserEngine engine) throws Exception {
        return on(channel, new NettyTransport(channel, engine), NettyTransport::accept);
    }

    /** Takes over a channel of which Netty knows less. */
    static NettyApplication of(Channel channel, UserEngine engine, Addresses addresses)
            throws Exception {
        var transport = new NettyTransport(channel, engine);
        return on(channel, transport, opening -> opening.open(addresses));
    }

    private interface Opening {
        Sock open(NettyTransport transport);
    }

    /** As the proxy does: all that is done to a channel is done on its loop. */
    private static NettyApplication on(Channel channel, NettyTransport transport, Opening opening)
            throws Exception {
        return channel.eventLoop()
                .submit(() -> new NettyApplication(transport, opening.open(transport)))
                .get(Loopback.HANG_SECONDS, TimeUnit.SECONDS);
    }

    private NettyApplication(NettyTransport transport, Sock socket) {
        this.socket = socket;
        transport.serve(this);
        transport.startReading();
    }

    @Override
    public void readable() {
        readable.release();
    }

    @Override
    public void closed() {
        closed.countDown();
    }

    Sock socket() {
        return socket;
    }

    void send(String text) throws IOException {
        var done = new CompletableFuture<Integer>();
        var bytes = StandardCharsets.US_ASCII.encode(text);
        socket.send(bytes, true, (_, errno) -> done.complete(errno));
        try {
            int errno = done.get(Loopback.HANG_SECONDS, TimeUnit.SECONDS);
            if (errno != 0) throw new ErrnoException(errno, "send at socket " + socket);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new AssertionError("a send does not end", e);
        }
    }

    /** Reads so many bytes, or fewer if the stream ends. */
    String read(int length) throws Exception {
        var buffer = ByteBuffer.allocate(length);
        while (buffer.hasRemaining() && readOnce(buffer)) {}
        return StandardCharsets.US_ASCII.decode(buffer.flip()).toString();
    }

    /** Waits for bytes, or one datagram; false at the end of stream. */
    boolean readOnce(ByteBuffer buffer) throws Exception {
        while (true) {
            switch (socket.read(buffer)) {
                case Ingress.Bytes _ -> {
                    return true;
                }
                case Ingress.End _ -> {
                    return false;
                }
                case Ingress.Failed(int errno) ->
                        throw new ErrnoException(errno, "read at socket " + socket);
                case Ingress.Nothing _ -> await();
            }
        }
    }

    private void await() throws InterruptedException {
        if (!readable.tryAcquire(Loopback.HANG_SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError("nothing comes to " + socket);
        }
    }

    /** Closes, and waits until the channel is closed. */
    @Override
    public void close() {
        socket.close();
        awaitClosed();
    }

    void abort() {
        socket.abort();
        awaitClosed();
    }

    private void awaitClosed() {
        try {
            if (!closed.await(Loopback.HANG_SECONDS, TimeUnit.SECONDS)) {
                throw new AssertionError("it does not close: " + socket);
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
