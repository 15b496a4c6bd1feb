package io.jsockmap.netty;

import io.jsockmap.sockmap.socket.Chunk;
import io.jsockmap.sockmap.socket.ErrnoException;
import io.jsockmap.sockmap.socket.Ingress;
import io.jsockmap.sockmap.socket.Sock;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.ChannelInputShutdownReadComplete;

/**
 * From the wire to the handlers: what the channel reads is received by the socket, and what the
 * socket has for its application is read by the handlers, as they ask for it. Runs on the event
 * loop.
 *
 * <p>Handlers ask by auto-read, or by a read for each message. The channel is asked while they want
 * something or a verdict judges what comes, and the socket has room.
 */
final class Inbound {
    private final ChannelHandlerContext context;
    private final ChannelTransport transport;
    private final Sock socket;
    private final ChannelConfig config;

    /** Whether the handlers want to hear that the stream ended, or else to have it closed then. */
    private final boolean halfClosure;

    /** Whether a read was asked for that has not been answered; of no account with auto-read. */
    private boolean asked;

    /** Whether the channel was ever asked for bytes: from here, or before this was there. */
    private boolean passedOn;

    /** Whether the channel reads some messages just now. */
    private boolean inBatch;

    private boolean owesComplete;
    private boolean serving;

    /** Whether the socket said that it has nothing, and has not said otherwise since. */
    private boolean nothing;

    /** Whether a read waits for room. */
    private boolean heldBack;

    private boolean inputShut;
    private boolean ended;

    /** Whether the handlers heard that the stream ended. */
    private boolean endTold;

    private boolean over;

    /** What the channel said of a connection that broke; or null. */
    private Throwable broken;

    private boolean shutdownReadComplete;

    Inbound(ChannelHandlerContext context, ChannelTransport transport, Sock socket) {
        this.context = context;
        this.transport = transport;
        this.socket = socket;
        config = context.channel().config();
        halfClosure = Boolean.TRUE.equals(config.getOption(ChannelOption.ALLOW_HALF_CLOSURE));
        // The end of the stream comes behind bytes that may wait; so the channel must survive it.
        config.setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
    }

    /** Lets the channel be as it was. */
    void restore() {
        config.setOption(ChannelOption.ALLOW_HALF_CLOSURE, halfClosure);
    }

    // --- From the wire ---------------------------------------------------------------------------

    void received(ByteBuf bytes) {
        inBatch = true;
        // Somebody asked before this was in the pipeline, and waits for the answer.
        if (!passedOn) asked = true;
        passedOn = true;
        int length = bytes.readableBytes();
        var held = new UnseenMessage(bytes, length);
        boolean stays = socket.mayStayUnseen();
        var chunk = stays ? Chunk.of(held, length) : Chunk.of(held.fetch());
        if (length > 0 && nothing && mayDeliver()) {
            // What it has besides it signals.
            if (socket.receiveAndTake(chunk) instanceof Ingress.Bytes(var own)) deliver(own);
            return;
        }
        socket.received(chunk);
        // What it signalled meanwhile is what is served now.
        transport.forgetInboundSignal();
        serve();
    }

    void readComplete() {
        inBatch = false;
        complete();
        if (!isAutoRead()) readMore();
        else if (socket.receiveRoom() == 0) stopReading();
    }

    /**
     * With auto-read a channel reads on, whoever holds a read back; until it is switched off, by
     * which it forgets that it was asked. Switched on it asks again, and that is held back.
     */
    private void stopReading() {
        config.setAutoRead(false);
        config.setAutoRead(true);
    }

    private void readMore() {
        if (inputShut || over) return;
        heldBack = socket.receiveRoom() == 0;
        if (heldBack) return;
        if (!mayDeliver() && socket.programs().verdict() == null) return;
        passedOn = true;
        context.read();
    }

    /** There may be something for the handlers, or the programs are others now. */
    void signalled() {
        serve();
        if (!isAutoRead()) readMore();
    }

    /** There may be room again. */
    void roomSignalled() {
        if (heldBack || !isAutoRead()) readMore();
    }

    /** The peer sends no more. */
    void inputShut() {
        inputShut = true;
        socket.receivedEnd();
        serve();
    }

    /** Netty tells it once, after the end. */
    void shutdownReadComplete() {
        if (endTold) fireShutdownReadComplete();
        else shutdownReadComplete = true;
    }

    private void fireShutdownReadComplete() {
        context.fireUserEventTriggered(ChannelInputShutdownReadComplete.INSTANCE);
    }

    /** The connection broke: it is told behind what came before and is wanted. */
    void broke(Throwable cause) {
        broken = cause;
        inputShut = true;
        socket.failed(ErrnoException.errnoOf(cause));
        serve();
        if (!ended) fail(cause);
    }

    // --- To the handlers -------------------------------------------------------------------------

    /** A handler asks for a read, or auto-read does. */
    void read() {
        if (!isAutoRead()) asked = true;
        if (!nothing) serve();
        readMore();
    }

    private boolean isAutoRead() {
        return config.isAutoRead();
    }

    private boolean mayDeliver() {
        return (asked || isAutoRead()) && !ended && !transport.isClosing();
    }

    /** Gives the handlers what there is and they want. */
    void serve() {
        nothing = false;
        // Handlers that are called may ask for more: then it goes on there.
        if (serving) return;
        serving = true;
        try {
            while (mayDeliver() && !nothing) deliverBatch();
        } finally {
            serving = false;
        }
    }

    /** Without auto-read a batch is one message. */
    private void deliverBatch() {
        do {
            deliver(socket.take());
        } while (isAutoRead() && mayDeliver() && !nothing);
        if (!inBatch) complete();
    }

    private void deliver(Ingress next) {
        switch (next) {
            case Ingress.Bytes(var chunk) -> deliver(chunk);
            case Ingress.Nothing _ -> nothing = true;
            case Ingress.End _ -> end();
            case Ingress.Failed(int errno) ->
                    fail(broken != null ? broken : Failures.ofReceiving(errno));
        }
    }

    private void deliver(Chunk chunk) {
        asked = false;
        owesComplete = true;
        context.fireChannelRead(
                chunk.source() instanceof UnseenMessage held
                        ? held.message()
                        : Unpooled.wrappedBuffer(chunk.array(), chunk.offset(), chunk.length()));
    }

    private void complete() {
        if (!owesComplete) return;
        owesComplete = false;
        context.fireChannelReadComplete();
    }

    private void end() {
        ended = true;
        complete();
        if (over) return;
        if (!halfClosure) {
            transport.close(context.newPromise());
            return;
        }
        endTold = true;
        context.fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
        if (shutdownReadComplete) fireShutdownReadComplete();
    }

    private void fail(Throwable cause) {
        ended = true;
        complete();
        if (over) return;
        context.fireExceptionCaught(cause);
        transport.close(context.newPromise());
    }

    /** The socket leaves: the handlers have all there is. */
    void leave() {
        over = true;
        inBatch = false;
        for (var next = socket.take(); next instanceof Ingress.Bytes(var chunk); ) {
            deliver(chunk);
            next = socket.take();
        }
        complete();
        if (isAutoRead()) context.read();
    }

    /** The channel is closed: what came before is given to those who still want it. */
    void over() {
        over = true;
        inBatch = false;
        serve();
        complete();
    }
}
