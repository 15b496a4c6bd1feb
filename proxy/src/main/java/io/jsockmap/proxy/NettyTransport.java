package io.jsockmap.proxy;

import io.jsockmap.bpf.Errno;
import io.jsockmap.proxy.carry.Carrier;
import io.jsockmap.sockmap.UserEngine;
import io.jsockmap.sockmap.socket.Addresses;
import io.jsockmap.sockmap.socket.Chunk;
import io.jsockmap.sockmap.socket.Egress;
import io.jsockmap.sockmap.socket.ErrnoException;
import io.jsockmap.sockmap.socket.Sock;
import io.jsockmap.sockmap.socket.SocketKind;
import io.jsockmap.sockmap.socket.Transport;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufHolder;
import io.netty.buffer.Unpooled;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.ChannelOutputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Carries a socket's bytes over a Netty channel, of a stream or of datagrams. Reads only while the
 * socket has room, and takes from it only what the channel has room for. All of it runs on the
 * channel's event loop.
 */
final class NettyTransport extends ChannelInboundHandlerAdapter implements Carrier, Transport {
    /** A datagram is cut off where the buffer ends. UNIX ones may be longer than those of UDP. */
    private static final int LONGEST_DATAGRAM = 1 << 18;

    private final Channel channel;
    private final UserEngine engine;
    private final AtomicBoolean pumping = new AtomicBoolean();

    /**
     * What came before {@link #startReading}: without being asked, Netty reads what a peer sent
     * that has ended its stream already. A socket that is not in its maps yet must not see it.
     */
    private final Queue<Runnable> early = new ArrayDeque<>();

    private boolean started;
    private Sock socket;
    private Application application = Application.NONE;
    private boolean reading;
    private boolean over;
    private boolean readPending;
    private int writesPending;
    private Egress ending;

    NettyTransport(Channel channel, UserEngine engine) {
        this.channel = channel;
        this.engine = engine;
        // One read at a time: the socket may have no room for a second.
        var buffers =
                channel instanceof DuplexChannel
                        ? new AdaptiveRecvByteBufAllocator()
                        : new FixedRecvByteBufAllocator(LONGEST_DATAGRAM);
        channel.config().setAutoRead(false).setRecvByteBufAllocator(buffers.maxMessagesPerRead(1));
    }

    @Override
    public Sock accept() {
        var addresses = ChannelAddresses.of(channel);
        if (addresses.kind() != SocketKind.TCP) return open(addresses);
        return take(engine.accepted(addresses, this));
    }

    @Override
    public Sock connect() {
        var addresses = ChannelAddresses.of(channel);
        if (addresses.kind() != SocketKind.TCP) return open(addresses);
        return take(engine.connected(addresses, this));
    }

    /** A socket for a channel of another kind than TCP, of which Netty may know less. */
    Sock open(Addresses addresses) {
        return take(engine.opened(addresses, this));
    }

    private Sock take(Sock opened) {
        socket = opened;
        channel.pipeline().addLast(this);
        return opened;
    }

    @Override
    public void serve(Application application) {
        this.application = application;
    }

    @Override
    public void startReading() {
        execute(
                () -> {
                    started = true;
                    reading = true;
                    for (var event = early.poll(); event != null; event = early.poll()) {
                        event.run();
                    }
                    readMore();
                });
    }

    private void onceStarted(Runnable event) {
        if (started) event.run();
        else early.add(event);
    }

    @Override
    public void execute(Runnable task) {
        try {
            channel.eventLoop().execute(task);
        } catch (RejectedExecutionException _) {
            // The loops have stopped, so the channel is closed and there is nothing to do.
        }
    }

    // --- From the socket, on any thread ----------------------------------------------------------

    @Override
    public void egressReady() {
        if (pumping.compareAndSet(false, true)) execute(this::pump);
    }

    @Override
    public void receiveReady() {
        if (channel.eventLoop().inEventLoop() && readPending) return;
        execute(this::readMore);
    }

    @Override
    public void readReady() {
        execute(() -> application.readable());
    }

    // --- On the event loop -----------------------------------------------------------------------

    private void readMore() {
        if (!reading || readPending || socket.receiveRoom() == 0) return;
        readPending = true;
        channel.read();
    }

    private void pump() {
        pumping.set(false);
        if (!channel.isActive()) return;
        // Not in its turn: a peer that does not read would keep it from being reset.
        if (socket.isAborting()) {
            reset();
            return;
        }
        boolean wrote = false;
        while (isReadyForMore() && ending == null) {
            switch (socket.takeEgress()) {
                case Egress.Bytes(var chunk) -> {
                    write(chunk);
                    wrote = true;
                }
                case Egress.Nothing _ -> {
                    if (wrote) channel.flush();
                    return;
                }
                case Egress other -> ending = other;
            }
        }
        if (wrote) channel.flush();
        endIfWritten();
    }

    /**
     * A channel whose output is shut down, or has broken, calls itself not writable, but it can
     * still be closed, and says of each write that it fails.
     */
    private boolean isReadyForMore() {
        return channel.isWritable() || channel.unsafe().outboundBuffer() == null;
    }

    private void write(Chunk chunk) {
        if (chunk.length() == 0) {
            // A datagram, and Netty sends none without bytes.
            socket.lost(0);
            return;
        }
        writesPending++;
        channel.write(Unpooled.wrappedBuffer(chunk.array(), chunk.offset(), chunk.length()))
                .addListener(
                        written -> {
                            writesPending--;
                            if (written.isSuccess()) {
                                socket.written(chunk.length());
                                endIfWritten();
                            } else {
                                socket.lost(chunk.length());
                                report(ErrnoException.errnoOf(written.cause()));
                            }
                        });
    }

    /** Netty throws away what waits when an output is shut down, so that comes after the last. */
    private void endIfWritten() {
        if (writesPending > 0 || ending == null) return;
        switch (ending) {
            case Egress.End _ -> {
                ending = null;
                endOutput();
                egressReady();
            }
            case Egress.Close _ -> close();
            default -> {}
        }
    }

    private void endOutput() {
        if (channel instanceof DuplexChannel stream) {
            stream.shutdownOutput().addListener(_ -> application.outputEnded());
        } else {
            application.outputEnded();
        }
    }

    /** An error breaks a stream; a socket of datagrams goes on. */
    private void report(Errno errno) {
        if (socket.kind().keepsMessages()) {
            socket.receivedError(errno);
            endIfWritten();
        } else {
            socket.failed(errno);
        }
    }

    private void reset() {
        channel.config().setOption(ChannelOption.SO_LINGER, 0);
        close();
    }

    @Override
    public boolean isOpen() {
        return channel.isActive();
    }

    @Override
    public void close() {
        var _ = channel.close();
    }

    EventLoop eventLoop() {
        return channel.eventLoop();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        var bytes =
                message instanceof ByteBufHolder datagram ? datagram.content() : (ByteBuf) message;
        try {
            var chunk = Chunk.copyOf(bytes.nioBuffer());
            onceStarted(() -> socket.received(chunk));
        } finally {
            bytes.release();
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        readPending = false;
        readMore();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (channel.isWritable()) pump();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof ChannelInputShutdownEvent) onceStarted(this::ended);
        // Netty closes the socket of datagrams, and forgets the rest, if it lost its peer.
        if (event instanceof ChannelOutputShutdownEvent && socket.kind().keepsMessages()) close();
    }

    private void ended() {
        reading = false;
        socket.receivedEnd();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        var errno = ErrnoException.errnoOf(cause);
        onceStarted(() -> report(errno));
        // A channel that may be half-closed is not closed by Netty when it breaks.
        if (channel instanceof DuplexChannel) close();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        over();
    }

    /** A socket of datagrams that has lost its peer is not active when it is closed. */
    @Override
    public void channelUnregistered(ChannelHandlerContext context) {
        over();
    }

    private void over() {
        if (over) return;
        over = true;
        reading = false;
        // If this side did not close it, nobody did it in order.
        socket.failed(Errno.ECONNRESET);
        engine.closed(socket);
        application.closed();
    }
}
