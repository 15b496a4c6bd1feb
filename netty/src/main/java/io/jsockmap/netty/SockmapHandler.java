package io.jsockmap.netty;

import io.jsockmap.sockmap.Admission;
import io.jsockmap.sockmap.socket.Addresses;
import io.jsockmap.sockmap.socket.Sock;
import io.jsockmap.sockmap.socket.Transport;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.FileRegion;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.ChannelInputShutdownReadComplete;
import io.netty.channel.socket.ChannelOutputShutdownEvent;
import io.netty.util.ReferenceCountUtil;

import java.io.IOException;
import java.nio.channels.NotYetConnectedException;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

/**
 * Puts a channel under the engine: programs judge what it receives and what its handlers write, and
 * other sockets are redirected to it. For one channel of TCP, first in its pipeline; behind a TLS
 * handler it would see what TLS carries.
 *
 * <p>Messages whose bytes no program looks at go through as they are, {@link ByteBuf}s and {@link
 * FileRegion}s. Messages of other types are not judged and go on to the transport, which takes
 * none.
 *
 * <p>Handlers find a channel as they know it, with these differences:
 *
 * <ul>
 *   <li>A write fails with an {@link io.jsockmap.sockmap.socket.ErrnoException}: EACCES if its
 *       program dropped it. It succeeds when all bytes that were accepted so far have been written;
 *       those that a program redirected elsewhere, or holds, count as accepted.
 *   <li>A close waits until what was accepted has been written, and is limited by a linger.
 *   <li>A {@code shutdownOutput} of the channel throws away what was not written yet, as always;
 *       {@link #shutdownOutput()} of the handler does not.
 *   <li>What a verdict judges is read without being asked for, as long as there is room.
 * </ul>
 *
 * {@snippet class="io.jsockmap.netty.examples.PipelineExamples" region="handler"}
 */
public final class SockmapHandler extends ChannelDuplexHandler {
    /** How long a close may take, unless another time is given. */
    public static final Duration LINGER = Duration.ofSeconds(5);

    /** Opens a socket: {@link Admission#accepted} or {@link Admission#connected}. */
    private interface Opening {
        Optional<Sock> open(Addresses addresses, Transport transport);
    }

    private final Admission admission;
    private final Opening opening;
    private final Duration linger;
    private final Function<Channel, Addresses> ends;

    /** Null before there is a connection, and if it was refused. */
    private ChannelTransport transport;

    private RuntimeException refusal;

    SockmapHandler(
            Admission admission,
            boolean connecting,
            Duration linger,
            Function<Channel, Addresses> ends) {
        this.admission = Objects.requireNonNull(admission);
        this.opening = connecting ? admission::connected : admission::accepted;
        this.linger = linger;
        this.ends = ends;
    }

    /** For a channel that a server accepted. */
    public static SockmapHandler accepted(Admission admission) {
        return accepted(admission, LINGER);
    }

    /**
     * For a channel that a server accepted.
     *
     * @param linger how long a close waits for bytes to be written, at the most
     */
    public static SockmapHandler accepted(Admission admission, Duration linger) {
        return new SockmapHandler(admission, false, linger, ChannelAddresses::of);
    }

    /** For a channel that a client connects. */
    public static SockmapHandler connected(Admission admission) {
        return connected(admission, LINGER);
    }

    /** For a channel that a client connects; the linger as for {@link #accepted}. */
    public static SockmapHandler connected(Admission admission, Duration linger) {
        return new SockmapHandler(admission, true, linger, ChannelAddresses::of);
    }

    /** The channel's socket; empty before the channel is active, and if it was not admitted. */
    public Optional<Sock> socket() {
        return Optional.ofNullable(transport).map(ChannelTransport::socket);
    }

    /**
     * Ends the stream behind the last byte that was accepted; on the channel's event loop.
     *
     * @throws IllegalStateException if there is no socket
     */
    public ChannelFuture shutdownOutput() {
        if (transport == null) throw new IllegalStateException("the channel has no socket");
        return transport.shutdownOutput();
    }

    // --- The beginning and the end ---------------------------------------------------------------

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        if (!context.executor().equals(context.channel().eventLoop())) {
            throw new IllegalStateException(
                    "the handler must run on the channel's event loop: add it without an executor");
        }
        if (context.channel().isActive()) open(context);
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        if (transport == null && refusal == null) open(context);
        context.fireChannelActive();
    }

    private void open(ChannelHandlerContext context) {
        var carrying = new ChannelTransport(context, admission, linger);
        try {
            var opened = opening.open(ends.apply(context.channel()), carrying);
            if (opened.isPresent()) {
                carrying.carry(opened.get());
                transport = carrying;
            } else {
                context.pipeline().remove(this);
            }
        } catch (RuntimeException e) {
            refuse(context, e);
        }
    }

    /** What a map refuses, or can't be judged, is not carried. */
    private void refuse(ChannelHandlerContext context, RuntimeException cause) {
        refusal = cause;
        // The handlers behind this one may still be on their way into the pipeline.
        context.executor()
                .execute(
                        () -> {
                            context.fireExceptionCaught(cause);
                            var _ = context.close();
                        });
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        if (transport != null) transport.closed();
        context.fireChannelInactive();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        if (transport != null) transport.removed();
    }

    // --- From the channel ------------------------------------------------------------------------

    private boolean isCarrying() {
        return transport != null && !transport.isOver();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (isCarrying() && message instanceof ByteBuf bytes) transport.received(bytes);
        else if (refusal != null) ReferenceCountUtil.release(message);
        else context.fireChannelRead(message);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        if (isCarrying()) transport.readComplete();
        else context.fireChannelReadComplete();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (!isCarrying()) {
            context.fireUserEventTriggered(event);
            return;
        }
        switch (event) {
            case ChannelInputShutdownEvent _ -> transport.inputShut();
            case ChannelInputShutdownReadComplete _ -> transport.shutdownReadComplete();
            case ChannelOutputShutdownEvent _ -> {
                transport.outputShut();
                context.fireUserEventTriggered(event);
            }
            default -> context.fireUserEventTriggered(event);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (isCarrying() && cause instanceof IOException) transport.broke(cause);
        else context.fireExceptionCaught(cause);
    }

    // --- From the handlers -----------------------------------------------------------------------

    @Override
    public void read(ChannelHandlerContext context) {
        if (isCarrying()) transport.read();
        else if (refusal == null) context.read();
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        boolean judged = message instanceof ByteBuf || message instanceof FileRegion;
        if (judged && isCarrying()) {
            transport.write(message, promise);
        } else if (judged && transport == null) {
            // It must not go without having been judged.
            ReferenceCountUtil.release(message);
            promise.tryFailure(refusal != null ? refusal : new NotYetConnectedException());
        } else {
            var _ = context.write(message, promise);
        }
    }

    @Override
    public void flush(ChannelHandlerContext context) {
        if (isCarrying()) transport.flush();
        else context.flush();
    }

    @Override
    public void close(ChannelHandlerContext context, ChannelPromise promise) {
        if (isCarrying()) {
            transport.close(promise);
        } else {
            var _ = context.close(promise);
        }
    }
}
