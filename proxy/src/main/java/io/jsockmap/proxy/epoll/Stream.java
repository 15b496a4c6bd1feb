package io.jsockmap.proxy.epoll;

import io.jsockmap.bpf.Errno;
import io.jsockmap.proxy.carry.Carrier;
import io.jsockmap.sockmap.UserEngine;
import io.jsockmap.sockmap.socket.Addresses;
import io.jsockmap.sockmap.socket.Chunk;
import io.jsockmap.sockmap.socket.Egress;
import io.jsockmap.sockmap.socket.Sock;
import io.jsockmap.sockmap.socket.SocketKind;
import io.jsockmap.sockmap.socket.Transport;

import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Carries a socket's bytes over a descriptor of a stream. Reads only while the socket has room, and
 * takes from it only what the connection has room for. All of it runs on the loop's thread.
 */
final class Stream implements Carrier, Transport, Loop.Handler, Pipe.Owner {
    /** How much is worth to be moved unseen: less is cheaper copied. */
    private static final int MUCH = 1 << 15;

    /** Reads by copying, after somebody has looked at what was to pass unseen. */
    private static final int SEEN = 256;

    private final Loop loop;
    private final UserEngine engine;
    private final int descriptor;
    private final Addresses addresses;
    private final AtomicBoolean pumping = new AtomicBoolean();
    private final AtomicBoolean serving = new AtomicBoolean();
    private final AtomicBoolean resuming = new AtomicBoolean();
    private final Runnable pump = guarded(this::pump);
    private final Runnable serve = guarded(this::serve);
    private final Runnable resume = guarded(this::resume);
    private Sock socket;
    private Application application = Application.NONE;

    /** Whether more is to be read, and whether the kernel may have something. */
    private boolean reading;

    private boolean started;
    private boolean readable;

    /** Whether the stream ends behind what the kernel has, which it does not tell again. */
    private boolean hungUp;

    private boolean writable = true;
    private boolean broken;

    /** Whether the last read gave much, so that the next is likely to. */
    private boolean much;

    /** How many reads are to copy. */
    private int copying;

    /** Whether somebody has looked at what was to pass unseen. */
    private volatile boolean seen;

    /** Whether what came last is in a pipe, and what comes next can wait until it is not. */
    private volatile boolean piped;

    /** What the kernel had no room for. */
    private Chunk rest = Chunk.NONE;

    /** What that is the rest of. */
    private Chunk whole = Chunk.NONE;

    private Egress ending;
    private boolean over;

    Stream(Loop loop, UserEngine engine, int descriptor, Addresses addresses) {
        this.loop = loop;
        this.engine = engine;
        this.descriptor = descriptor;
        this.addresses = addresses;
        loop.begins();
    }

    Loop loop() {
        return loop;
    }

    // --- The connection --------------------------------------------------------------------------

    @Override
    public Sock accept() {
        boolean tcp = addresses.kind() == SocketKind.TCP;
        socket = tcp ? engine.accepted(addresses, this) : engine.opened(addresses, this);
        return socket;
    }

    @Override
    public Sock connect() {
        boolean tcp = addresses.kind() == SocketKind.TCP;
        socket = tcp ? engine.connected(addresses, this) : engine.opened(addresses, this);
        return socket;
    }

    @Override
    public void serve(Application application) {
        this.application = application;
    }

    @Override
    public void startReading() {
        execute(
                () -> {
                    if (over) return;
                    started = true;
                    reading = true;
                    readMore();
                });
    }

    @Override
    public void execute(Runnable task) {
        loop.execute(task);
    }

    @Override
    public boolean isOpen() {
        return !over;
    }

    // --- From the socket, on any thread ----------------------------------------------------------

    @Override
    public void egressReady() {
        if (pumping.compareAndSet(false, true)) execute(pump);
    }

    @Override
    public void receiveReady() {
        if (resuming.compareAndSet(false, true)) execute(resume);
    }

    @Override
    public void readReady() {
        if (serving.compareAndSet(false, true)) execute(serve);
    }

    private void resume() {
        resuming.set(false);
        readMore();
    }

    private void serve() {
        serving.set(false);
        application.readable();
    }

    // --- Reading ---------------------------------------------------------------------------------

    /** A stream with a hole must not go on: whatever goes wrong, it is reset. */
    private void guard(Runnable part) {
        try {
            part.run();
        } catch (RuntimeException | Error e) {
            reset();
            throw e;
        }
    }

    private Runnable guarded(Runnable part) {
        return () -> guard(part);
    }

    private void reset() {
        if (!over) {
            int _ = loop.libc.lingerNot(descriptor);
        }
        close();
    }

    @Override
    public void ready(int events) {
        guard(() -> handle(events));
    }

    private void handle(int events) {
        if ((events & (Loop.RDHUP | Loop.HUP | Loop.ERR)) != 0) hungUp = true;
        if (hungUp || (events & Loop.IN) != 0) {
            readable = true;
            readMore();
        }
        if (!writable && (events & (Loop.OUT | Loop.HUP | Loop.ERR)) != 0) {
            writable = true;
            pump();
        }
        // Whoever reads finds the error behind the last byte; else nobody would.
        if ((events & Loop.ERR) != 0 && started && !reading && !over) breakDown();
    }

    private void breakDown() {
        int error = loop.libc.takeError(descriptor);
        if (error == 0) return;
        socket.failed(Connections.errnoOf(error));
        close();
    }

    /** Once: what came is written before more is read, as long as it is in the caches. */
    private void readMore() {
        if (!mayRead()) return;
        read();
        if (mayRead()) receiveReady();
    }

    private boolean mayRead() {
        // Whatever holds the pipe up, the end of the stream is looked for.
        boolean free = !piped || hungUp;
        return reading && readable && !over && free && socket.receiveRoom() > 0;
    }

    private void read() {
        if (much && !piped && mayPipe()) pipe();
        else copy();
    }

    private boolean mayPipe() {
        if (seen) copying = SEEN;
        seen = false;
        if (copying == 0) return socket.mayStayUnseen();
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
            socket.received(Chunk.of(pipe.held(), count));
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
            default -> breakInput(-count);
        }
    }

    /** Behind the last byte that came. */
    private void breakInput(int error) {
        socket.failed(Connections.errnoOf(error));
        close();
    }

    @Override
    public void emptied(boolean seen) {
        if (seen) this.seen = true;
        piped = false;
        receiveReady();
    }

    private void copy() {
        var buffer = loop.buffers.current();
        int count = loop.libc.recv(descriptor, buffer, buffer.byteSize());
        if (count > 0) {
            // Of TCP, less than there is room for is all there is; the ends of UNIX may pass more.
            boolean all = count < buffer.byteSize() && addresses.kind() == SocketKind.TCP;
            if (all && !hungUp) readable = false;
            much = count == buffer.byteSize();
            socket.received(new Chunk(loop.buffers.take(count), 0, count));
        } else if (count == 0) {
            reading = false;
            socket.receivedEnd();
        } else if (count == -Libc.EAGAIN) {
            readable = false;
        } else if (count != -Libc.EINTR) {
            breakInput(-count);
        }
    }

    // --- Writing ---------------------------------------------------------------------------------

    private void pump() {
        pumping.set(false);
        if (over || socket == null) return;
        // Not in its turn: a peer that does not read would keep it from being reset.
        if (socket.isAborting()) {
            reset();
            return;
        }
        if (rest.length() > 0) write(rest);
        while (mayWrite() && ending == null) {
            switch (socket.takeEgress()) {
                case Egress.Bytes(var chunk) -> {
                    whole = chunk;
                    write(chunk);
                }
                case Egress.Nothing _ -> {
                    return;
                }
                case Egress other -> ending = other;
            }
        }
        endIfWritten();
    }

    private boolean mayWrite() {
        return rest.length() == 0 && (writable || broken);
    }

    private void write(Chunk chunk) {
        rest = chunk;
        int sent = broken ? -1 : send(chunk);
        if (sent > 0) socket.written(sent);
        if (sent >= 0 && sent < chunk.length()) {
            var held = chunk.source();
            int left = chunk.length() - sent;
            rest = held == null ? chunk.from(sent) : Chunk.of(held, left);
            writable = false;
            return;
        }
        rest = Chunk.NONE;
        if (sent >= 0) {
            if (whole.source() == null) loop.buffers.written(whole);
            whole = Chunk.NONE;
            return;
        }
        lose(chunk);
        if (!broken) breakOutput(-sent);
    }

    private void lose(Chunk chunk) {
        if (chunk.source() != null) chunk.source().drop();
        socket.lost(chunk.length());
    }

    /** Bytes that came before may still be read. */
    private void breakOutput(int error) {
        broken = true;
        socket.failed(Connections.errnoOf(error));
    }

    /** How many bytes the kernel took, or an errno, negative. */
    private int send(Chunk chunk) {
        if (!writable) return 0;
        if (chunk.source() instanceof Pipe.Held held) return move(held, chunk.length());
        var bytes = MemorySegment.ofArray(chunk.array());
        var some = chunk.offset() == 0 ? bytes : bytes.asSlice(chunk.offset());
        int sent;
        do {
            sent = loop.libc.send(descriptor, some, chunk.length());
        } while (sent == -Libc.EINTR);
        return sent == -Libc.EAGAIN ? 0 : sent;
    }

    private int move(Pipe.Held held, int length) {
        int moved = 0;
        while (moved < length) {
            int sent = held.moveTo(loop.libc, descriptor, length - moved);
            if (sent == -Libc.EINTR) continue;
            if (sent == -Libc.EAGAIN) break;
            if (sent < 0) return moved > 0 ? moved : sent;
            moved += sent;
        }
        return moved;
    }

    private void endIfWritten() {
        if (rest.length() > 0 || ending == null) return;
        switch (ending) {
            case Egress.End _ -> endOutput();
            case Egress.Close _ -> close();
            default -> {}
        }
    }

    private void endOutput() {
        ending = null;
        application.outputEnded();
        if (over) return;
        // A close ends the stream too.
        if (!socket.isClosing()) {
            int _ = loop.libc.shutdownOutput(descriptor);
        }
        egressReady();
    }

    // --- The end ---------------------------------------------------------------------------------

    @Override
    public void close() {
        if (over) return;
        over = true;
        reading = false;
        loop.ends();
        loop.close(descriptor);
        if (socket == null) return;
        if (rest.length() > 0) lose(rest);
        // If this side did not close it, nobody did it in order.
        socket.failed(Errno.ECONNRESET);
        engine.closed(socket);
        application.closed();
    }

    @Override
    public void stopped() {
        close();
    }
}
