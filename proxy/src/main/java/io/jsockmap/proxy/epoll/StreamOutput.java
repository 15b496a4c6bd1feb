package io.jsockmap.proxy.epoll;

import io.jsockmap.sockmap.socket.Chunk;
import io.jsockmap.sockmap.socket.Egress;

import java.lang.foreign.MemorySegment;

/** Brings the kernel what a stream's socket has for it, as far as it has room. */
final class StreamOutput {
    private final Stream stream;
    private final Loop loop;
    private final int descriptor;
    private boolean writable = true;
    private boolean broken;

    /** What the kernel had no room for. */
    private Chunk rest = Chunk.NONE;

    /** What that is the rest of. */
    private Chunk whole = Chunk.NONE;

    private Egress ending;

    StreamOutput(Stream stream, Loop loop, int descriptor) {
        this.stream = stream;
        this.loop = loop;
        this.descriptor = descriptor;
    }

    void ready(int events) {
        if (writable || (events & (Loop.OUT | Loop.HUP | Loop.ERR)) == 0) return;
        writable = true;
        stream.pump();
    }

    /** The stream is closed. */
    void end() {
        if (rest.length() > 0) lose(rest);
    }

    void pump() {
        if (rest.length() > 0) write(rest);
        while (mayWrite() && ending == null) {
            switch (stream.socket().takeEgress()) {
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
        if (sent > 0) stream.socket().written(sent);
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
        stream.socket().lost(chunk.length());
    }

    /** Bytes that came before may still be read. */
    private void breakOutput(int error) {
        broken = true;
        stream.socket().failed(EpollCarriers.errnoOf(error));
    }

    /** How many bytes the kernel took, or an errno, negative. */
    private int send(Chunk chunk) {
        if (!writable) return 0;
        if (chunk.source() instanceof Pipe.Piped held) return move(held, chunk.length());
        var bytes = MemorySegment.ofArray(chunk.array());
        var some = chunk.offset() == 0 ? bytes : bytes.asSlice(chunk.offset());
        int sent;
        do {
            sent = loop.libc.send(descriptor, some, chunk.length());
        } while (sent == -Libc.EINTR);
        return sent == -Libc.EAGAIN ? 0 : sent;
    }

    private int move(Pipe.Piped held, int length) {
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
            case Egress.Close _ -> stream.close();
            default -> {}
        }
    }

    private void endOutput() {
        ending = null;
        stream.application().outputEnded();
        if (!stream.isOpen()) return;
        // A close ends the stream too.
        if (!stream.socket().isClosing()) {
            int _ = loop.libc.shutdownOutput(descriptor);
        }
        stream.egressReady();
    }
}
