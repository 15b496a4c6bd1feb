package io.jsockmap.netty;

import io.jsockmap.bpf.Errno;
import io.jsockmap.sockmap.Admission;
import io.jsockmap.sockmap.socket.Sock;
import io.jsockmap.sockmap.socket.Transport;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.util.concurrent.Future;

import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Carries a socket's bytes over a channel. All of it runs on the channel's event loop, except for
 * the socket's signals.
 *
 * <p>Signals come while the socket is at work, and must not call it back. What calls the socket on
 * the event loop is therefore a part of {@link #work}, at whose end it is looked what has been
 * signalled meanwhile; signals of other threads, and of other sockets, have the event loop look.
 */
final class ChannelTransport implements Transport {
    private final ChannelHandlerContext context;
    private final Admission admission;
    private final Duration linger;
    private final AtomicBoolean scheduled = new AtomicBoolean();
    private volatile boolean inboundSignalled;
    private volatile boolean roomSignalled;

    /** On the event loop: a signal of another thread has it look anyway. */
    private boolean egressSignalled;

    private int depth;
    private Sock socket;
    private Inbound inbound;
    private Outbound outbound;
    private ChannelPromise closing;
    private Future<?> lingering;

    /** Whether the channel was told to close, by which what waits there is lost. */
    private boolean shut;

    private boolean leaving;
    private boolean over;

    ChannelTransport(ChannelHandlerContext context, Admission admission, Duration linger) {
        this.context = context;
        this.admission = admission;
        this.linger = linger;
    }

    /** Goes on with the socket that was opened for it. */
    void carry(Sock opened) {
        socket = opened;
        inbound = new Inbound(context, this, opened);
        outbound = new Outbound(context, this, opened);
        // It may have been a target as it was opened.
        inboundSignalled = true;
        schedule();
    }

    Sock socket() {
        return socket;
    }

    /** Whether the channel is closed, or the socket has left it. */
    boolean isOver() {
        return over;
    }

    boolean isClosing() {
        return closing != null;
    }

    // --- From the socket, on any thread ----------------------------------------------------------

    @Override
    public void egressReady() {
        if (isAtWork()) egressSignalled = true;
        else schedule();
    }

    @Override
    public void readReady() {
        inboundSignalled = true;
        if (!isAtWork()) schedule();
    }

    @Override
    public void receiveReady() {
        roomSignalled = true;
        if (!isAtWork()) schedule();
    }

    /** The outbound side has something to hear. */
    void hear() {
        if (!isAtWork()) schedule();
    }

    private boolean isAtWork() {
        return context.executor().inEventLoop() && depth > 0;
    }

    private void schedule() {
        if (!scheduled.compareAndSet(false, true)) return;
        try {
            context.executor().execute(this::look);
        } catch (RejectedExecutionException _) {
            // The loops have stopped, so the channel is closed and there is nothing to do.
        }
    }

    // --- On the event loop -----------------------------------------------------------------------

    private void look() {
        scheduled.set(false);
        if (socket == null) return;
        if (over) outbound.over();
        else work(() -> egressSignalled = true);
    }

    /** Does what calls the socket, and then what was signalled, unless it is a part of more. */
    void work(Runnable part) {
        begin();
        try {
            part.run();
        } finally {
            end();
        }
    }

    /** As {@link #work}, without an object for each message; to be ended by {@link #end}. */
    void begin() {
        depth++;
    }

    void end() {
        try {
            if (depth == 1) catchUp();
        } finally {
            depth--;
        }
    }

    /** Handlers that are called here may cause more. */
    private void catchUp() {
        while (!over && hasNews()) {
            if (egressSignalled) {
                egressSignalled = false;
                outbound.pump();
                context.flush();
            }
            if (outbound.hasNews()) outbound.settle();
            if (inboundSignalled) {
                inboundSignalled = false;
                inbound.signalled();
            }
            if (roomSignalled) {
                roomSignalled = false;
                inbound.roomSignalled();
            }
        }
    }

    /** The inbound side looks now at what may have been signalled. */
    void forgetInboundSignal() {
        inboundSignalled = false;
    }

    private boolean hasNews() {
        return egressSignalled || inboundSignalled || roomSignalled || outbound.hasNews();
    }

    /** Writes without a flush: what was signalled otherwise is still to be flushed. */
    void write(Object message, ChannelPromise promise) {
        begin();
        boolean owed = egressSignalled;
        try {
            outbound.write(message, promise);
        } finally {
            egressSignalled = owed;
            end();
        }
    }

    /** Flushes what was written, and what gets room by that. */
    void flush() {
        begin();
        try {
            context.flush();
        } finally {
            end();
        }
    }

    void received(ByteBuf bytes) {
        begin();
        try {
            inbound.received(bytes);
        } finally {
            end();
        }
    }

    void readComplete() {
        begin();
        try {
            inbound.readComplete();
        } finally {
            end();
        }
    }

    void read() {
        begin();
        try {
            inbound.read();
        } finally {
            end();
        }
    }

    void inputShut() {
        work(inbound::inputShut);
    }

    void shutdownReadComplete() {
        inbound.shutdownReadComplete();
    }

    void broke(Throwable cause) {
        work(() -> inbound.broke(cause));
    }

    void outputShut() {
        work(outbound::outputShut);
    }

    ChannelFuture shutdownOutput() {
        work(
                () -> {
                    outbound.shutdown();
                    outbound.pump();
                    context.flush();
                });
        return outbound.shutdownFuture();
    }

    // --- The end ---------------------------------------------------------------------------------

    /** Closes behind what was accepted, or when its time is over. */
    void close(ChannelPromise promise) {
        if (over) {
            var _ = context.close(promise);
            return;
        }
        if (closing != null) {
            tellWhenClosed(promise);
            return;
        }
        closing = promise.unvoid();
        outbound.closing();
        work(
                () -> {
                    socket.close();
                    outbound.pump();
                    context.flush();
                });
        if (!over && context.channel().isOpen()) lingerFor();
    }

    private void tellWhenClosed(ChannelPromise promise) {
        if (!promise.isVoid()) {
            context.channel().closeFuture().addListener(_ -> promise.trySuccess());
        }
    }

    private void lingerFor() {
        if (linger.isZero()) {
            closeNow();
            return;
        }
        lingering =
                context.executor()
                        .schedule(this::closeNow, linger.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Closes whatever waits. */
    void closeNow() {
        if (leaving || shut) return;
        shut = true;
        if (closing == null) closing = context.newPromise();
        var _ = context.close(closing);
    }

    /** The channel is closed. */
    void closed() {
        if (over) return;
        work(
                () -> {
                    // If this side did not close it, nobody did it in order.
                    socket.failed(Errno.ECONNRESET);
                    inbound.over();
                    giveUp();
                    outbound.over();
                });
    }

    /** The socket leaves the channel, which goes on without: nothing of it stays behind. */
    void removed() {
        if (over) return;
        leaving = true;
        work(
                () -> {
                    inbound.leave();
                    socket.close();
                    outbound.pump();
                    context.flush();
                    giveUp();
                    outbound.removed();
                    inbound.restore();
                });
    }

    private void giveUp() {
        over = true;
        if (lingering != null) lingering.cancel(false);
        // What nobody reads is thrown away by a close only.
        socket.close();
        admission.closed(socket);
    }
}
