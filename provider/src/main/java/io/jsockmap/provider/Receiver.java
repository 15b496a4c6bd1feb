package io.jsockmap.provider;

import io.jsockmap.sockmap.socket.Chunk;
import io.jsockmap.sockmap.socket.ErrnoException;
import io.jsockmap.sockmap.socket.Ingress;
import io.jsockmap.sockmap.socket.Sock;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.function.Function;

/**
 * Brings a socket what the platform has for it, and the application what the socket has for it. One
 * thread receives at a time.
 */
final class Receiver {
    private final Sock socket;
    private final Wire wire;
    private final Buffers buffers;
    private final Turn turn = new Turn(this::receiveOnce);
    private volatile Readiness readiness = Readiness.YES;

    /** Whether nothing more comes: the stream ended or broke, or nobody wants more. */
    private volatile boolean over;

    Receiver(Sock socket, Wire wire, Buffers buffers) {
        this.socket = socket;
        this.wire = wire;
        this.buffers = buffers;
    }

    /** The socket may have something for the application; on any thread. */
    void signal() {
        readiness = Readiness.YES;
    }

    /** Nothing is received any more. */
    void end() {
        over = true;
    }

    /** Whether more may come. */
    boolean isOpen() {
        return !over;
    }

    /** Whether a program judges what is received, wherever the application is. */
    boolean isJudged() {
        return socket.programs().verdict() != null;
    }

    // --- From the platform ------------------------------------------------------------------------

    /** Receives once, if there is room. */
    void receive() {
        turn.take();
    }

    private void receiveOnce() {
        receive(
                room -> {
                    var buffer = buffers.take();
                    try {
                        int count = wire.receive(buffer, room);
                        if (count >= 0) receive(buffer.flip());
                        return count;
                    } finally {
                        buffers.giveBack(buffer);
                    }
                });
    }

    private void receive(ByteBuffer buffer) {
        var bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        wire.received(bytes);
        socket.received(Chunk.of(bytes));
    }

    private interface Receiving {
        /** As {@link Wire#receive}. */
        int receive(int room) throws IOException;
    }

    private void receive(Receiving receiving) {
        int room = socket.receiveRoom();
        if (over || room == 0) return;
        try {
            if (receiving.receive(room) == Wire.END) {
                over = true;
                socket.receivedEnd();
            }
        } catch (ClosedChannelException _) {
            // Closed from this side: nobody wants to read any more.
            over = true;
        } catch (IOException e) {
            fail(e);
        }
    }

    /** An error breaks a stream; a socket of datagrams goes on. */
    void fail(IOException cause) {
        var errno = ErrnoException.errnoOf(cause);
        if (wire.survives(cause)) {
            socket.receivedError(errno);
        } else {
            over = true;
            socket.failed(errno);
        }
    }

    // --- The application --------------------------------------------------------------------------

    /** Whether the application would find something that has been received. */
    boolean isReadable() {
        var known = readiness;
        if (known != Readiness.UNKNOWN) {
            // That it was said once does not mean that it stays so.
            if (known == Readiness.YES) readiness = Readiness.UNKNOWN;
            return known == Readiness.YES;
        }
        readiness = Readiness.NO;
        if (socket.peek(1) instanceof Ingress.Nothing) return false;
        readiness = Readiness.UNKNOWN;
        return true;
    }

    /**
     * Looks at the socket, and if there is nothing at the platform's channel.
     *
     * @param look reads or peeks, once
     */
    Ingress look(Function<Sock, Ingress> look) {
        var found = lookAgain(look);
        if (!(found instanceof Ingress.Nothing)) return found;
        turn.take();
        return lookAgain(look);
    }

    /** If anything came since it was looked the socket has said so. */
    private Ingress lookAgain(Function<Sock, Ingress> look) {
        if (readiness == Readiness.NO) return new Ingress.Nothing();
        readiness = Readiness.NO;
        var found = look.apply(socket);
        boolean more = !(found instanceof Ingress.Nothing);
        if (more && readiness == Readiness.NO) readiness = Readiness.UNKNOWN;
        return found;
    }

    /** {@link #look} for bytes of a stream, which are put into the buffer. */
    Ingress read(ByteBuffer target) {
        var found = readSocket(target);
        if (!(found instanceof Ingress.Nothing)) return found;
        if (!socket.mayStayUnseen()) return look(socket -> socket.read(target));
        var borrowed = new Borrowed[1];
        // Straight into the buffer of the application: what no program looks at is not copied.
        boolean received = turn.take(() -> borrowed[0] = receiveInto(target));
        if (!received || borrowed[0] == null) return readSocket(target);
        return take(target, borrowed[0]);
    }

    private Ingress readSocket(ByteBuffer target) {
        boolean judged = isJudged();
        var found = lookAgain(socket -> socket.read(target));
        boolean all = found instanceof Ingress.Bytes && target.hasRemaining();
        // Judged bytes come by one queue, and an end or an error was not seen yet.
        if (all && judged && !over && readiness == Readiness.UNKNOWN) readiness = Readiness.NO;
        return found;
    }

    /** Null if nothing came. */
    private Borrowed receiveInto(ByteBuffer target) {
        var borrowed = new Borrowed[1];
        receive(
                room -> {
                    int most = Math.min(room, target.remaining());
                    var view = target.slice(target.position(), most);
                    int count = wire.receive(view, most);
                    if (count > 0) {
                        borrowed[0] = new Borrowed(view.flip());
                        socket.received(Chunk.of(borrowed[0], count));
                    }
                    return count;
                });
        return borrowed[0];
    }

    private Ingress take(ByteBuffer target, Borrowed received) {
        readiness = Readiness.NO;
        var found = socket.take(target.remaining());
        if (found instanceof Ingress.Bytes(var chunk)) {
            if (chunk.source() == received) {
                received.drop();
                target.position(target.position() + chunk.length());
                return found;
            }
            // What came straight into the buffer waits, or went elsewhere.
            received.giveBack();
            target.put(chunk.buffer());
            readiness = Readiness.UNKNOWN;
            return found;
        }
        received.giveBack();
        return found;
    }
}
