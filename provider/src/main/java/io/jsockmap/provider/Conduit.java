package io.jsockmap.provider;

import io.jsockmap.sockmap.Admission;
import io.jsockmap.sockmap.socket.Chunk;
import io.jsockmap.sockmap.socket.Egress;
import io.jsockmap.sockmap.socket.ErrnoException;
import io.jsockmap.sockmap.socket.Ingress;
import io.jsockmap.sockmap.socket.Sock;
import io.jsockmap.sockmap.socket.Transport;

import java.io.IOException;
import java.net.PortUnreachableException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Carries the bytes of a socket over a channel of the platform that does not block. It has no
 * thread: the bytes are moved by the application's threads that read and write, by its selectors,
 * and where neither looks by the {@link Pump}. None of them waits for another.
 */
final class Conduit implements Transport {
    private final Wire wire;
    private final Buffers buffers;
    private final Admission admission;
    private final Pump pump;
    private final Watchers watchers;
    private final Turn receiving = new Turn(this::receiveOnce);
    private final Turn transmitting = new Turn(this::transmitAll);

    /** Null as long as the engine is still opening it: it may be a target already. */
    private volatile Sock socket;

    /** Whether the application may find something that it has not looked for. */
    private volatile boolean readable = true;

    /** Whether a send that may not wait would find room. */
    private volatile boolean writable = true;

    private final AtomicInteger roomSignals = new AtomicInteger();

    /** Whether nothing more comes: the stream ended or broke. */
    private volatile boolean inputOver;

    /** Whether the application has closed it. */
    private volatile boolean closed;

    /** Whether the platform's channel is closed, or about to be. */
    private volatile boolean over;

    /** What the platform had no room for; used by who transmits. */
    private ByteBuffer rest;

    /** Whether there is such a rest. */
    private volatile boolean stuck;

    // --- The pump's -------------------------------------------------------------------------------

    /** Whether the pump will look here anyway. */
    final AtomicBoolean pumpLooks = new AtomicBoolean();

    /** What the pump watches the channel for. */
    volatile int pumpInterest;

    private Conduit(
            Wire wire, Buffers buffers, Admission admission, Pump pump, Watchers watchers) {
        this.wire = wire;
        this.buffers = buffers;
        this.admission = admission;
        this.pump = pump;
        this.watchers = watchers;
    }

    /**
     * Opens a socket for a channel, if it is admitted; the channel does not block from then on.
     * {@link #begin} is to follow.
     *
     * @param watchers who is to know that something changed
     * @param opening asks for admission
     */
    static Optional<Conduit> open(
            SockmapSelectorProvider provider,
            Wire wire,
            Watchers watchers,
            Function<Transport, Optional<Sock>> opening)
            throws IOException {
        var conduit =
                new Conduit(
                        wire, provider.buffers(), provider.admission(), provider.pump(), watchers);
        var round = Round.begin();
        try {
            var admitted = opening.apply(conduit);
            if (admitted.isEmpty()) return Optional.empty();
            wire.channel().configureBlocking(false);
            conduit.socket = admitted.get();
        } finally {
            round.end();
        }
        return Optional.of(conduit);
    }

    /** Goes on with what was asked for while the socket was being opened. */
    void begin() {
        transmit();
        changed();
    }

    Sock socket() {
        return socket;
    }

    SelectableChannel channel() {
        return wire.channel();
    }

    // --- From the socket, on any thread -----------------------------------------------------------

    @Override
    public void egressReady() {
        if (!Round.takes(this)) pump.look(this);
    }

    @Override
    public void receiveReady() {
        changed();
    }

    @Override
    public void readReady() {
        readable = true;
        changed();
    }

    @Override
    public void sendReady() {
        roomSignals.incrementAndGet();
        writable = true;
        changed();
    }

    /** Others may have to be watched for other things, or find something else. */
    void changed() {
        watchers.changed();
        // What the pump watches too much for it finds out by itself.
        if ((pumpWatch() & ~pumpInterest) != 0) pump.look(this);
    }

    // --- What is to be done -----------------------------------------------------------------------

    /**
     * What a selector watches the channel for.
     *
     * @param interest what the application is interested in
     */
    int watch(int interest) {
        if (over || socket == null) return 0;
        int watched = stuck ? SelectionKey.OP_WRITE : 0;
        boolean wanted = (interest & SelectionKey.OP_READ) != 0 || judgesInput();
        return mayReceive() && wanted ? watched | SelectionKey.OP_READ : watched;
    }

    /** What the pump watches the channel for: it stands in where no selector does. */
    int pumpWatch() {
        if (over || socket == null || !closed && watchers.areSelecting()) return 0;
        return watch(watchers.isReaderWaiting() ? SelectionKey.OP_READ : 0);
    }

    private boolean judgesInput() {
        return socket.programs().verdict() != null;
    }

    private boolean mayReceive() {
        return !inputOver && !closed && socket.receiveRoom() > 0;
    }

    /** The platform's channel is ready for some operations. */
    void ready(int operations) {
        if ((operations & SelectionKey.OP_WRITE) != 0) transmit();
        if ((operations & SelectionKey.OP_READ) != 0) receive();
    }

    /** Of the operations that the application is interested in, those that it would find ready. */
    int readyFor(int interest) {
        if (closed) return 0;
        int ready = writable ? interest & SelectionKey.OP_WRITE : 0;
        boolean reads = (interest & SelectionKey.OP_READ) != 0 && isReadable();
        return reads ? ready | SelectionKey.OP_READ : ready;
    }

    private boolean isReadable() {
        if (!readable) return false;
        readable = false;
        var round = Round.begin();
        try {
            if (!(socket.peek(1) instanceof Ingress.Nothing)) readable = true;
        } finally {
            round.end();
        }
        return readable;
    }

    // --- Receiving --------------------------------------------------------------------------------

    private void receive() {
        var round = Round.begin();
        try {
            receiving.take();
        } finally {
            round.end();
        }
    }

    private void receiveOnce() {
        if (socket == null || over || !mayReceive()) return;
        try {
            receive(socket.receiveRoom());
        } catch (ClosedChannelException _) {
            // Closed from this side: nobody wants to read any more.
            inputOver = true;
        } catch (IOException e) {
            fail(e);
        }
    }

    private void receive(int room) throws IOException {
        var buffer = buffers.take();
        try {
            int count = wire.receive(buffer, room);
            if (count >= 0) {
                var bytes = new byte[count];
                buffer.flip().get(bytes);
                wire.received(bytes);
                socket.received(Chunk.of(bytes));
            } else if (count == Wire.END) {
                inputOver = true;
                socket.receivedEnd();
            }
        } finally {
            buffers.giveBack(buffer);
        }
    }

    /** An error breaks a stream; a socket of datagrams goes on. */
    private void fail(IOException cause) {
        var errno = ErrnoException.errnoOf(cause);
        if (wire.survives(cause)) {
            socket.receivedError(errno);
        } else {
            inputOver = true;
            socket.failed(errno);
        }
    }

    // --- Transmitting -----------------------------------------------------------------------------

    /** Writes what the socket has to be written, as far as there is room. */
    void transmit() {
        var round = Round.begin();
        try {
            transmitting.take();
        } finally {
            round.end();
        }
    }

    private void transmitAll() {
        if (over || socket == null) return;
        // Not in its turn: a peer that does not read would keep it from being reset.
        if (socket.isAborting()) {
            reset();
            return;
        }
        if (rest != null) write();
        while (rest == null && !over) {
            if (!transmit(socket.takeEgress())) break;
        }
        boolean before = stuck;
        stuck = rest != null;
        if (before != stuck) changed();
    }

    private boolean transmit(Egress next) {
        switch (next) {
            case Egress.Bytes(var chunk) -> {
                rest = chunk.buffer();
                write();
            }
            case Egress.End _ -> endOutput();
            case Egress.Close _ -> finish();
            case Egress.Abort _ -> reset();
            case Egress.Nothing _ -> {
                return false;
            }
        }
        return true;
    }

    /** Writes what is left, of which nothing is then unless there is no room. */
    private void write() {
        var bytes = rest;
        int before = bytes.remaining();
        try {
            // A datagram, and a JDK's channel that is connected sends none without bytes.
            if (before == 0) socket.lost(0);
            else socket.written(send(bytes));
            if (!bytes.hasRemaining()) rest = null;
        } catch (IOException e) {
            rest = null;
            socket.lost(bytes.remaining());
            fail(e);
        }
    }

    private int send(ByteBuffer bytes) throws IOException {
        try {
            return wire.send(bytes);
        } catch (PortUnreachableException e) {
            // It tells of an earlier datagram; this one has not been sent.
            fail(e);
            return wire.send(bytes);
        }
    }

    private void endOutput() {
        // A close ends the stream too.
        if (socket.isClosing()) return;
        try {
            wire.shutdownOutput();
        } catch (IOException _) {
            // The connection is gone already; who reads finds out why.
        }
    }

    private void reset() {
        try {
            wire.resetOnClose();
        } catch (IOException _) {
            // Without it the peer sees an end instead of a reset.
        }
        finish();
    }

    private void finish() {
        over = true;
        if (rest != null) socket.lost(rest.remaining());
        rest = null;
        try {
            wire.close();
        } catch (IOException _) {
            // There is nothing left that could be done about it.
        }
        admission.closed(socket);
        pump.forget(this);
        watchers.changed();
    }

    // --- The application --------------------------------------------------------------------------

    /**
     * Looks at the socket, and if there is nothing at the platform's channel.
     *
     * @param look reads or peeks, once
     */
    Ingress look(Function<Sock, Ingress> look) {
        var round = Round.begin();
        try {
            readable = false;
            var found = look.apply(socket);
            if (found instanceof Ingress.Nothing) {
                receiving.take();
                // Had anything come the socket would have said so.
                if (!readable) return found;
                readable = false;
                found = look.apply(socket);
            }
            if (!(found instanceof Ingress.Nothing)) readable = true;
            return found;
        } finally {
            round.end();
        }
    }

    /** {@link #look} until there is something, or the channel is closed. */
    Ingress await(Function<Sock, Ingress> look, Waiting waiting) throws IOException {
        var found = look(look);
        if (!(found instanceof Ingress.Nothing)) return found;
        try (var _ = watchers.readerWaits()) {
            changed();
            while (true) {
                found = look(look);
                if (!(found instanceof Ingress.Nothing) || closed) return found;
                waiting.await(this);
            }
        }
    }

    /**
     * Sends the bytes of some buffers as one message, as far as there is room if it may not wait.
     *
     * @return how many bytes were accepted
     */
    long write(ByteBuffer[] sources, int offset, int length, boolean mayWait) throws IOException {
        long accepted = 0;
        while (true) {
            var sending = send(sources, offset, length, mayWait);
            if (accepted == 0 && sending.failed()) throw Failures.of(sending.errno(), socket);
            accepted += sending.accepted();
            // What was accepted may have been written meanwhile, so there may be room.
            boolean again = sending.foundNoRoom() && sending.accepted() > 0;
            if (!again) break;
        }
        if (mayWait) awaitWritten();
        return accepted;
    }

    private Sending send(ByteBuffer[] sources, int offset, int length, boolean mayWait) {
        int signals = roomSignals.get();
        var views = Sending.views(sources, offset, length);
        var sending = new Sending();
        var round = Round.begin();
        try {
            socket.send(views, 0, length, mayWait, sending);
        } finally {
            round.end();
        }
        sending.await();
        Sending.consume(sources, offset, sending.accepted());
        if (sending.foundNoRoom()) {
            writable = false;
            if (roomSignals.get() != signals) writable = true;
        }
        return sending;
    }

    /** Whoever blocks finds his bytes with the platform, as ever, and not in a queue here. */
    private void awaitWritten() {
        if (!stuck) return;
        try (var _ = watchers.writerWaits()) {
            while (stuck && !closed && !over) Waiting.forEver().park(this);
        }
    }

    void shutdownOutput() {
        inRound(Sock::shutdownOutput);
    }

    void shutdownInput() {
        inRound(Sock::shutdownInput);
    }

    /** Closes behind the last byte that was accepted, or resets. */
    void close(boolean reset) {
        closed = true;
        inRound(reset ? Sock::abort : Sock::close);
        changed();
    }

    private void inRound(Consumer<Sock> task) {
        var round = Round.begin();
        try {
            task.accept(socket);
        } finally {
            round.end();
        }
    }
}
