package io.jsockmap.netty;

import io.jsockmap.sockmap.socket.SendResult;
import io.netty.channel.ChannelPromise;
import io.netty.util.ReferenceCountUtil;

/**
 * A message that a handler wrote. If nobody looks at it, it is written as it is, with its own
 * promise; else the promise is kept behind the last byte that was accepted of it.
 */
final class Sending extends UnseenMessage implements SendResult {
    private final Outbound outbound;
    private final ChannelPromise promise;

    // In the socket's mailbox; except that nobody but the taker has it once it is taken to be
    // written.
    private boolean seen;
    private boolean kept;
    private boolean sent;
    private boolean dropped;

    private long accepted;
    private int errno;
    private long end;

    Sending(Outbound outbound, Object message, int length, ChannelPromise promise) {
        super(message, length);
        this.outbound = outbound;
        this.promise = promise;
    }

    ChannelPromise promise() {
        return promise;
    }

    /** Its bytes may go several ways. */
    void see() {
        seen = true;
    }

    /** The same, and they are copied while it is sent: it is kept until then. */
    void keep() {
        seen = true;
        kept = true;
    }

    @Override
    public byte[] fetch() {
        seen = true;
        return super.fetch();
    }

    @Override
    public void drop() {
        super.drop();
        dropped = true;
        if (sent) outbound.hear(this::settle);
    }

    @Override
    public void done(long accepted, int errno) {
        this.accepted = accepted;
        this.errno = errno;
        end = outbound.bytesToWrite();
        sent = true;
        if (kept) ReferenceCountUtil.release(message());
        outbound.ended();
        if (errno != 0 || seen || dropped) outbound.hear(this::settle);
    }

    /** Once the result is there, on the event loop. */
    private void settle() {
        if (errno != 0) promise.tryFailure(Failures.ofSend(errno, accepted, length()));
        else if (seen) outbound.promise(end, promise);
        else promise.tryFailure(Failures.closed());
    }
}
