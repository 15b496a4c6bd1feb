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
    /** How much is worth to be left in its buffer: less is cheaper copied. */
    private static final int MUCH = 1 << 14;

    /** What is known of whether an application would find something if it read. */
    private enum Readiness {
        /** It would find nothing, unless the platform has something. */
        NO,
        /** It is to be looked. */
        UNKNOWN,
        /** The socket has just said so. */
        YES
    }

    private final Sock socket;
    private final Wire wire;
    private final Buffers buffers;
    private final Turn turn = new Turn(this::receiveOnce);
    private volatile Readiness readiness = Readiness.YES;

    /** Whether the last bytes that came were left in their buffer. */
    private volatile boolean left;

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

    // --- From the platform -----------------------------------------------------------------------

    /** Receives once, if there is room. */
    void receive() {
        turn.take();
    }

    private void receiveOnce() {
        receive(
                room -> {
                    var buffer = buffers.take();
                    int count = receive(buffer, room);
                    if (count < MUCH || !mayLeave()) give(buffer.flip(), count);
                    else leave(buffer.flip());
                    return count;
                });
    }

    private int receive(ByteBuffer buffer, int room) throws IOException {
        try {
            return wire.receive(buffer, room);
        } catch (IOException e) {
            buffers.giveBack(buffer);
            throw e;
        }
    }

    private void give(ByteBuffer buffer, int count) {
        left = false;
        if (count < 0) {
            buffers.giveBack(buffer);
            return;
        }
        var bytes = new byte[count];
        buffer.get(bytes);
        buffers.giveBack(buffer);
        wire.received(bytes);
        socket.received(Chunk.of(bytes));
    }

    private boolean mayLeave() {
        return socket.mayStayUnseen() && !socket.kind().keepsMessages();
    }

    /** The bytes stay in the buffer until somebody looks at them. */
    private void leave(ByteBuffer buffer) {
        left = true;
        var borrowed = new UnseenBuffers(buffer, () -> buffers.giveBack(buffer));
        socket.received(Chunk.of(borrowed, buffer.remaining()));
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

    // --- The application -------------------------------------------------------------------------

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
        var arrival = new Arrival[1];
        // Straight into the buffer of the application: what no program looks at is not copied.
        boolean received = turn.take(() -> arrival[0] = receiveInto(target));
        if (!received || arrival[0] == null) return readSocket(target);
        return take(target, arrival[0]);
    }

    /**
     * What came into the application's buffer.
     *
     * @param passed what the socket gave it at once, or nothing
     */
    private record Arrival(UnseenBuffers borrowed, Ingress passed) {}

    private Ingress readSocket(ByteBuffer target) {
        if (left) return lookAgain(_ -> takePiece(target));
        boolean judged = isJudged();
        var found = lookAgain(socket -> socket.read(target));
        boolean all = found instanceof Ingress.Bytes && target.hasRemaining();
        // Judged bytes come by one queue, and an end or an error was not seen yet.
        if (all && judged && !over && readiness == Readiness.UNKNOWN) readiness = Readiness.NO;
        return found;
    }

    private Ingress takePiece(ByteBuffer target) {
        var found = socket.take(target.remaining());
        if (found instanceof Ingress.Bytes(var chunk)) {
            if (chunk.source() instanceof UnseenBuffers unseen) unseen.moveTo(target);
            else target.put(chunk.buffer());
        }
        return found;
    }

    /** Null if nothing came. */
    private Arrival receiveInto(ByteBuffer target) {
        var arrival = new Arrival[1];
        receive(
                room -> {
                    int most = Math.min(room, target.remaining());
                    var view = target.slice(target.position(), most);
                    int count = wire.receive(view, most);
                    if (count > 0) {
                        var borrowed = new UnseenBuffers(view.flip());
                        arrival[0] =
                                new Arrival(
                                        borrowed, socket.receiveAndTake(Chunk.of(borrowed, count)));
                    }
                    return count;
                });
        return arrival[0];
    }

    private Ingress take(ByteBuffer target, Arrival arrival) {
        var received = arrival.borrowed;
        var found = arrival.passed;
        if (found instanceof Ingress.Nothing) {
            readiness = Readiness.NO;
            found = socket.take(target.remaining());
        }
        if (found instanceof Ingress.Bytes(var chunk) && chunk.source() == received) {
            received.drop();
            target.position(target.position() + chunk.length());
            return found;
        }
        // What came straight into the buffer was looked at, waits, or went elsewhere.
        received.giveBack();
        if (!(found instanceof Ingress.Bytes(var other))) return found;
        target.put(other.buffer());
        readiness = Readiness.UNKNOWN;
        return found;
    }
}
