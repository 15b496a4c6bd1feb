package io.jsockmap.sockmap.socket;

import io.jsockmap.bpf.Errno;

import java.nio.ByteBuffer;
import java.util.function.IntFunction;

/**
 * What a socket's application finds: what was passed or redirected in; then, where no verdict runs,
 * the socket's own bytes; then an error, once; then the end of stream. Runs in the socket's
 * mailbox.
 */
final class Reader {
    private final SocketKind kind;
    private final Lifecycle life;
    private final IngressQueue ingress;
    private final ReceiveSide receive;

    Reader(Psock psock) {
        kind = psock.kind();
        life = psock.life();
        ingress = psock.ingressQueue();
        receive = psock.receive();
    }

    /** As {@link Sock#read(int)}. */
    Ingress read(int most) {
        var result = take(most);
        // Whoever reads may forget what he has read.
        if (result instanceof Ingress.Bytes(var chunk)) chunk.fetch();
        return result;
    }

    /** The same with bytes that may be elsewhere. */
    Ingress take(int most) {
        if (life.isClosed()) return closed();
        var chunk = ingress.take(most);
        if (chunk == null) chunk = receive.readUnjudged(most);
        return chunk == null ? withoutBytes(true) : new Ingress.Bytes(chunk);
    }

    /** As {@link Sock#read(ByteBuffer)}. */
    Ingress fill(ByteBuffer target) {
        if (life.isClosed()) return closed();
        int start = target.position();
        boolean any = fill(target, ingress::take) || fill(target, receive::readUnjudged);
        if (!any) return withoutBytes(true);
        int count = target.position() - start;
        return new Ingress.Bytes(
                target.hasArray()
                        ? new Chunk(target.array(), target.arrayOffset() + start, count)
                        : Chunk.in(target.slice(start, count)));
    }

    /** Whether there was anything, which may be a datagram without bytes. */
    private boolean fill(ByteBuffer target, IntFunction<Chunk> source) {
        boolean any = false;
        while (target.hasRemaining() && (!any || !kind.keepsMessages())) {
            var chunk = source.apply(target.remaining());
            if (chunk == null) break;
            target.put(chunk.buffer());
            any = true;
        }
        return any;
    }

    /** As {@link Sock#peek}. */
    Ingress peek(int most) {
        if (life.isClosed()) return closed();
        makeRoom();
        var chunk = ingress.peek(most);
        if (chunk == null) chunk = receive.peekUnjudged(most);
        return chunk == null ? withoutBytes(false) : new Ingress.Bytes(chunk);
    }

    /** As {@link Sock#available}. */
    long available() {
        makeRoom();
        if (!kind.keepsMessages()) return ingress.bytes() + receive.unjudged();
        var next = ingress.peek(Integer.MAX_VALUE);
        if (next == null) next = receive.peekUnjudged(Integer.MAX_VALUE);
        return next == null ? 0 : next.length();
    }

    /**
     * Whoever looks without taking may look for more than is there. Those who bring it are woken
     * when the queue is half empty, which it never gets; so they look now if there is any room.
     */
    private void makeRoom() {
        if (ingress.credit().left() > 0) ingress.credit().wakeAll();
    }

    private static Ingress closed() {
        return new Ingress.Failed(Errno.EBADF.number());
    }

    private Ingress withoutBytes(boolean takesError) {
        // What has its verdict comes before the error and the end, here or elsewhere; but whoever
        // wants no more does not wait for what goes elsewhere.
        if (receive.isWaitingForReader()) return new Ingress.Nothing();
        if (receive.isWaiting() && !life.isInputShut()) return new Ingress.Nothing();
        if (life.error() != 0) {
            return new Ingress.Failed(takesError ? life.takeError() : life.error());
        }
        boolean over = receive.isFinished() || life.isInputShut() || life.isBroken();
        return over ? new Ingress.End() : new Ingress.Nothing();
    }
}
