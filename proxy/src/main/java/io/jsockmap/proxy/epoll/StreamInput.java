package io.jsockmap.proxy.epoll;

import io.jsockmap.sockmap.socket.Chunk;

/** Brings a stream's socket what the kernel has for it, while it has room. */
final class StreamInput implements Pipe.Owner {
    /** How much is worth to be moved unseen: less is cheaper copied. */
    private static final int MUCH = 1 << 15;

    /** Reads by copying, after somebody has looked at what was to pass unseen. */
    private static final int SEEN = 256;

    private final Stream stream;
    private final Loop loop;
    private final int descriptor;
    private final boolean tcp;

    /** Whether more is to be read, and whether the kernel may have something. */
    private boolean reading;

    private boolean readable;

    /** Whether the stream ends behind what the kernel has, which it does not tell again. */
    private boolean hungUp;

    /** Whether the last read gave much, so that the next is likely to. */
    private boolean much;

    /** How many reads are to copy. */
    private int copying;

    /** Whether somebody has looked at what was to pass unseen. */
    private volatile boolean seen;

    /** Whether what came last is in a pipe, and what comes next can wait until it is not. */
    private volatile boolean piped;

    StreamInput(Stream stream, Loop loop, int descriptor, boolean tcp) {
        this.stream = stream;
        this.loop = loop;
        this.descriptor = descriptor;
        this.tcp = tcp;
    }

    void begin() {
        reading = true;
        readMore();
    }

    boolean isReading() {
        return reading;
    }

    void end() {
        reading = false;
    }

    void ready(int events) {
        if ((events & (Loop.RDHUP | Loop.HUP | Loop.ERR)) != 0) hungUp = true;
        if (!hungUp && (events & Loop.IN) == 0) return;
        readable = true;
        readMore();
    }

    /** Once: what came is written before more is read, as long as it is in the caches. */
    void readMore() {
        if (!mayRead()) return;
        read();
        if (mayRead()) stream.receiveReady();
    }

    private boolean mayRead() {
        // Whatever holds the pipe up, the end of the stream is looked for.
        boolean free = !piped || hungUp;
        return reading && readable && stream.isOpen() && free && stream.socket().receiveRoom() > 0;
    }

    private void read() {
        if (much && !piped && mayPipe()) pipe();
        else copy();
    }

    private boolean mayPipe() {
        if (seen) copying = SEEN;
        seen = false;
        if (copying == 0) return stream.socket().mayStayUnseen();
        copying--;
        return false;
    }

    private void pipe() {
        var pipe = loop.pipes.take();
        if (pipe == null) {
            copy();
            return;
        }
        piped = true;
        int count = pipe.fill(loop.libc, descriptor, this);
        if (count > 0) {
            much = count >= MUCH;
            stream.socket().received(Chunk.of(pipe.held(), count));
            return;
        }
        piped = false;
        switch (-count) {
            // The end, and what can't be moved now, are found by a read.
            case 0, Libc.EAGAIN, Libc.EINTR, Libc.ENOMEM -> copy();
            case Libc.EINVAL, Libc.EPERM, Libc.ENOSYS -> {
                copying = Integer.MAX_VALUE;
                copy();
            }
            // Told once: a read would find an end in order.
            default -> stream.breaks(-count);
        }
    }

    @Override
    public void emptied(boolean seen) {
        if (seen) this.seen = true;
        piped = false;
        stream.receiveReady();
    }

    private void copy() {
        var buffer = loop.buffers.current();
        int count = loop.libc.recv(descriptor, buffer, buffer.byteSize());
        if (count > 0) {
            // Of TCP, less than there is room for is all there is; the ends of UNIX may pass more.
            boolean all = count < buffer.byteSize() && tcp;
            if (all && !hungUp) readable = false;
            much = count == buffer.byteSize();
            stream.socket().received(new Chunk(loop.buffers.take(count), 0, count));
        } else if (count == 0) {
            reading = false;
            stream.socket().receivedEnd();
        } else if (count == -Libc.EAGAIN) {
            readable = false;
        } else if (count != -Libc.EINTR) {
            stream.breaks(-count);
        }
    }
}
