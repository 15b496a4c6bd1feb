package io.jsockmap.netty;

import io.jsockmap.sockmap.socket.Chunk;
import io.jsockmap.sockmap.socket.Egress;
import io.jsockmap.sockmap.socket.ErrnoException;
import io.jsockmap.sockmap.socket.Sock;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPromise;
import io.netty.channel.FileRegion;
import io.netty.channel.socket.ChannelOutputShutdownException;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * From the handlers to the wire: what they write is sent on the socket, and what the socket has for
 * the wire is written to the channel. Runs on the event loop, except where it says otherwise.
 *
 * <p>All that the socket has is given to the channel at once. There it waits to be flushed, and
 * makes the channel unwritable, as without the engine; only once it is written has the socket room
 * for more. What waits for that makes the channel unwritable too.
 */
final class Outbound {
    /**
     * Of the channel's 31 conditions of being writable; the traffic shapers of Netty have 1 to 3.
     */
    private static final int WRITABILITY = 17;

    private record Promised(long end, ChannelPromise promise) {}

    private record Later(Object message, ChannelPromise promise) {}

    private final ChannelHandlerContext context;
    private final ChannelTransport transport;
    private final Sock socket;

    /** Sends without a result. From any thread, as are those that follow. */
    private final AtomicInteger waiting = new AtomicInteger();

    /** What is to be told on the event loop. */
    private final Queue<Runnable> heard = new ConcurrentLinkedQueue<>();

    private volatile boolean unwritable;

    /** What was accepted and is to be written before its promise is kept. */
    private final Queue<Promised> promised = new ArrayDeque<>();

    private RegionInPieces region;
    private final Queue<Later> behindRegion = new ArrayDeque<>();

    private int writesPending;
    private long settledBytes;

    /** Why all further bytes are lost; or null. */
    private Throwable lost;

    private Egress ending;
    private boolean outputShut;
    private ChannelPromise shutdown;

    Outbound(ChannelHandlerContext context, ChannelTransport transport, Sock socket) {
        this.context = context;
        this.transport = transport;
        this.socket = socket;
    }

    // --- What handlers write ---------------------------------------------------------------------

    void write(Object message, ChannelPromise promise) {
        if (region == null) send(message, promise.unvoid());
        else behindRegion.add(new Later(message, promise.unvoid()));
    }

    private void send(Object message, ChannelPromise promise) {
        int longest = socket.longestUnseen();
        if (message instanceof FileRegion file) {
            long length = file.count() - file.transferred();
            boolean whole = longest == Integer.MAX_VALUE && length > 0 && length <= longest;
            if (whole) send(message, (int) length, longest, promise);
            else sendInPieces(file, promise);
        } else {
            send(message, ((ByteBuf) message).readableBytes(), longest, promise);
        }
    }

    private void send(Object message, int length, int longest, ChannelPromise promise) {
        var sending = new Sending(this, message, length, promise);
        begin();
        if (length > 0 && length <= longest) {
            // A program may redirect them to another channel, which has promises of its own.
            boolean judged = longest < Integer.MAX_VALUE;
            if (judged) sending.see();
            pass(Chunk.of(judged ? new UnseenMessage(message, length) : sending, length), sending);
        } else {
            sending.keep();
            sendToBeJudged((ByteBuf) message, longest, sending);
            pump();
        }
        tellWritability();
    }

    private void pass(Chunk bytes, Sending sending) {
        if (socket.sendAndTake(bytes, true, sending) instanceof Egress.Bytes(var own)) {
            ended();
            written(own, context.write(messageOf(own), sending.promise()));
        } else {
            pump();
        }
    }

    /** What no program looks at stays where it is. */
    private void sendToBeJudged(ByteBuf bytes, int longest, Sending sending) {
        if (longest == 0) {
            var parts = bytes.nioBuffers();
            socket.send(parts, 0, parts.length, true, sending);
            return;
        }
        List<Chunk> pieces = new ArrayList<>(1);
        int whole = bytes.readableBytes();
        for (int left = whole; left > 0; ) {
            int length = Math.min(left, longest);
            int start = bytes.writerIndex() - left;
            var piece = length == whole ? bytes.retain() : bytes.retainedSlice(start, length);
            pieces.add(Chunk.of(new UnseenMessage(piece, length), length));
            left -= length;
        }
        socket.send(pieces, true, sending);
    }

    /** A send begins. */
    void begin() {
        waiting.incrementAndGet();
    }

    private void sendInPieces(FileRegion file, ChannelPromise promise) {
        region = new RegionInPieces(this, socket, file, promise);
        goOnWithRegion();
    }

    /** A piece of the region has its result; on any thread. */
    void goOn() {
        hear(this::goOnWithRegion);
    }

    private void goOnWithRegion() {
        if (region == null) return;
        boolean over = region.goOn();
        if (over) region = null;
        pump();
        tellWritability();
        if (over) sendWhatWaited();
    }

    private void sendWhatWaited() {
        for (var next = behindRegion.poll(); next != null; next = behindRegion.poll()) {
            send(next.message, next.promise);
            if (region != null) return;
        }
    }

    /** A send has its result; on any thread. */
    void ended() {
        if (waiting.decrementAndGet() == 0 && unwritable) hear(this::tellWritability);
    }

    /** Has something told on the event loop; on any thread. */
    void hear(Runnable news) {
        heard.add(news);
        transport.hear();
    }

    /** Where what is accepted now ends; in the socket's mailbox. */
    long bytesToWrite() {
        return socket.bytesToWrite();
    }

    boolean hasNews() {
        return !heard.isEmpty();
    }

    /** Tells what became of sends. */
    void settle() {
        for (var next = heard.poll(); next != null; next = heard.poll()) next.run();
    }

    /** Keeps a promise once all bytes up to one have been written. */
    void promise(long end, ChannelPromise promise) {
        promised.add(new Promised(end, promise));
        keepPromises(lost);
    }

    private void keepPromises(Throwable failure) {
        while (!promised.isEmpty() && promised.peek().end <= settledBytes) {
            var promise = promised.poll().promise;
            if (failure == null) promise.trySuccess();
            else promise.tryFailure(failure);
        }
    }

    private void tellWritability() {
        boolean full = waiting.get() > 0;
        while (full != unwritable) {
            unwritable = full;
            var buffer = context.channel().unsafe().outboundBuffer();
            if (buffer != null) buffer.setUserDefinedWritability(WRITABILITY, !full);
            // Somebody who saw it as it was before tells nobody.
            full = waiting.get() > 0;
        }
    }

    // --- What the socket has for the wire --------------------------------------------------------

    /** Gives the channel what there is; does not flush it. */
    void pump() {
        // Not in its turn: a peer that does not read would keep it from being reset.
        if (socket.isAborting()) {
            reset();
            return;
        }
        while (ending == null) {
            switch (socket.takeEgress()) {
                case Egress.Bytes(var chunk) -> write(chunk);
                case Egress.Nothing _ -> {
                    return;
                }
                case Egress other -> ending = other;
            }
        }
        endIfWritten();
    }

    private void write(Chunk chunk) {
        var message = messageOf(chunk);
        var promise = chunk.source() instanceof Sending own ? own.promise() : context.newPromise();
        written(chunk, context.write(message, promise));
    }

    private static Object messageOf(Chunk chunk) {
        return chunk.source() instanceof UnseenMessage held
                ? held.message()
                : Unpooled.wrappedBuffer(chunk.array(), chunk.offset(), chunk.length());
    }

    /** A chunk is on its way. */
    private void written(Chunk chunk, ChannelFuture future) {
        writesPending++;
        int length = chunk.length();
        future.addListener(written -> written(length, written));
    }

    private void written(int length, Future<? super Void> written) {
        writesPending--;
        settledBytes += length;
        transport.begin();
        try {
            if (written.isSuccess()) socket.written(length);
            else lose(length, written.cause());
            keepPromises(lost != null ? lost : written.cause());
            endIfWritten();
        } finally {
            transport.end();
        }
    }

    private void lose(int length, Throwable cause) {
        socket.lost(length);
        // A write that its handler cancelled, or that a handler in between refused, is one of many.
        if (cause instanceof IOException) lost = cause;
        if (breaksConnection(cause)) socket.failed(ErrnoException.errnoOf(cause));
    }

    /** A channel that is closed says so by itself; one whose output is shut down can be read. */
    private static boolean breaksConnection(Throwable cause) {
        return cause instanceof IOException
                && !(cause instanceof ClosedChannelException)
                && !(cause instanceof ChannelOutputShutdownException);
    }

    /** Netty throws away what waits when an output is shut down, so that comes after the last. */
    private void endIfWritten() {
        if (writesPending > 0 || ending == null) return;
        var next = ending;
        ending = null;
        if (next instanceof Egress.Close) {
            transport.closeNow();
            return;
        }
        endOutput();
        // The close may stand behind it.
        transport.egressReady();
    }

    // --- The ends --------------------------------------------------------------------------------

    /** Ends the stream behind the last byte that was accepted. */
    void shutdown() {
        if (shutdown == null) shutdown = context.newPromise();
        if (outputShut) shutdown.trySuccess();
        socket.shutdownOutput();
    }

    ChannelFuture shutdownFuture() {
        return shutdown;
    }

    private void endOutput() {
        if (outputShut || !(context.channel() instanceof DuplexChannel stream)) return;
        if (shutdown == null) shutdown = context.newPromise();
        var _ = stream.shutdownOutput(shutdown);
    }

    /** The channel's output is shut down, whoever did it. */
    void outputShut() {
        outputShut = true;
        socket.shutdownOutput();
    }

    private void reset() {
        context.channel().config().setOption(ChannelOption.SO_LINGER, 0);
        transport.closeNow();
    }

    /** What is not accepted yet never will be. */
    void closing() {
        if (region != null) region.fail(Failures.closed());
        region = null;
        for (var next = behindRegion.poll(); next != null; next = behindRegion.poll()) {
            ReferenceCountUtil.release(next.message);
            next.promise.tryFailure(Failures.closed());
        }
    }

    /** The channel goes on without the socket: what was given to it will be written. */
    void removed() {
        closing();
        settle();
        tellWritability();
    }

    /** Nothing more will be written. */
    void over() {
        closing();
        settle();
        var cause = lost == null ? Failures.closed() : lost;
        for (var next = promised.poll(); next != null; next = promised.poll()) {
            next.promise.tryFailure(cause);
        }
        if (shutdown != null) shutdown.tryFailure(cause);
    }
}
