package io.jsockmap.provider;

import io.jsockmap.sockmap.Admission;
import io.jsockmap.sockmap.socket.Ingress;
import io.jsockmap.sockmap.socket.Sock;
import io.jsockmap.sockmap.socket.Transport;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Carries the bytes of a socket over a channel of the platform that does not block. It has no
 * thread: the bytes are moved by the application's threads that read and write, by its selectors,
 * and where neither looks by the {@link Pump}. None of them waits for another.
 */
final class Conduit implements Transport {
    private final Wire wire;
    private final Admission admission;
    private final Pump pump;
    private final Watchers watchers;

    // Null as long as the engine is still opening the socket: it may be a target already.
    private Receiver receiver;
    private Transmitter transmitter;
    private volatile Sock socket;

    /** Whether the application has closed it. */
    private volatile boolean closed;

    /** Whether the platform's channel is closed, or about to be. */
    private volatile boolean over;

    /** Whether it is not watched for input because there is no room. */
    private volatile boolean full;

    // --- The pump's ------------------------------------------------------------------------------

    /** Whether the pump will look here anyway. */
    final AtomicBoolean pumpLooks = new AtomicBoolean();

    /** What the pump watches the channel for. */
    volatile int pumpInterest;

    private Conduit(SockmapSelectorProvider provider, Wire wire, Watchers watchers) {
        this.wire = wire;
        this.watchers = watchers;
        admission = provider.admission();
        pump = provider.pump();
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
        var conduit = new Conduit(provider, wire, watchers);
        var round = Round.begin();
        try {
            var admitted = opening.apply(conduit);
            if (admitted.isEmpty()) return Optional.empty();
            wire.channel().configureBlocking(false);
            conduit.carry(admitted.get(), provider.buffers());
        } finally {
            round.end();
        }
        return Optional.of(conduit);
    }

    private void carry(Sock admitted, Buffers buffers) {
        receiver = new Receiver(admitted, wire, buffers);
        transmitter = new Transmitter(admitted, wire, this);
        socket = admitted;
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

    // --- From the socket, on any thread ----------------------------------------------------------

    @Override
    public void egressReady() {
        if (!Round.takes(this)) pump.look(this);
    }

    @Override
    public void receiveReady() {
        if (!full) return;
        full = false;
        changed();
    }

    @Override
    public void readReady() {
        if (socket == null) return;
        receiver.signal();
        changed();
    }

    @Override
    public void sendReady() {
        if (socket == null) return;
        transmitter.signal();
        changed();
    }

    /** Others may have to be watched for other things, or find something else. */
    void changed() {
        watchers.changed();
        // What the pump watches too much for it finds out by itself.
        if ((pumpWatch() & ~pumpInterest) != 0) pump.look(this);
    }

    // --- What is to be done ----------------------------------------------------------------------

    /**
     * What a selector watches the channel for.
     *
     * @param interest what the application is interested in
     */
    int watch(int interest) {
        if (over || socket == null) return 0;
        int watched = transmitter.isStuck() ? SelectionKey.OP_WRITE : 0;
        boolean wanted = (interest & SelectionKey.OP_READ) != 0 || receiver.isJudged();
        return wanted && mayReceive() ? watched | SelectionKey.OP_READ : watched;
    }

    private boolean mayReceive() {
        if (closed || !receiver.isOpen()) return false;
        if (socket.receiveRoom() > 0) return true;
        full = true;
        // Had there been room just before, nobody would say so.
        return socket.receiveRoom() > 0;
    }

    /** What the pump watches the channel for: it stands in where no selector does. */
    int pumpWatch() {
        if (over || socket == null || !closed && watchers.areSelecting()) return 0;
        return watch(watchers.isReaderWaiting() ? SelectionKey.OP_READ : 0);
    }

    /**
     * The platform's channel is ready for some operations.
     *
     * @param forReader whether somebody will read, who receives then
     */
    void ready(int operations, boolean forReader) {
        if ((operations & SelectionKey.OP_WRITE) != 0) transmit();
        boolean receives = !forReader || !leavesToReader();
        if (receives && (operations & SelectionKey.OP_READ) != 0) inRound(receiver::receive);
    }

    /** What no program judges the application reads where it is. */
    private boolean leavesToReader() {
        return !receiver.isJudged() && !socket.kind().keepsMessages();
    }

    /**
     * Of the operations that the application is interested in, those that it would find ready.
     *
     * @param found those for which the platform's channel was ready
     */
    int readyFor(int interest, int found) {
        if (closed) return 0;
        int ready = transmitter.isWritable() ? interest & SelectionKey.OP_WRITE : 0;
        if ((interest & SelectionKey.OP_READ) == 0) return ready;
        boolean reads = (found & SelectionKey.OP_READ) != 0 && leavesToReader();
        return reads || given(receiver::isReadable) ? ready | SelectionKey.OP_READ : ready;
    }

    /** Writes what the socket has to be written, as far as there is room. */
    void transmit() {
        if (socket != null) inRound(transmitter::transmit);
    }

    /** The platform's channel reports an error to who writes. */
    void failed(IOException cause) {
        receiver.fail(cause);
    }

    /** Closes the platform's channel, behind all that was to be written. */
    void finish() {
        over = true;
        receiver.end();
        try {
            wire.close();
        } catch (IOException _) {
            // There is nothing left that could be done about it.
        }
        admission.closed(socket);
        pump.forget(this);
        watchers.changed();
    }

    // --- The application -------------------------------------------------------------------------

    /** Reads bytes of a stream: what there is, or nothing. */
    Ingress read(ByteBuffer target) {
        return given(() -> receiver.read(target));
    }

    /** Looks at the socket, after something was received if there was nothing. */
    Ingress look(Function<Sock, Ingress> look) {
        return given(() -> receiver.look(look));
    }

    /** Reads or looks until there is something, or the channel is closed. */
    Ingress await(Supplier<Ingress> look, Waiting waiting) throws IOException {
        var found = look.get();
        if (!(found instanceof Ingress.Nothing)) return found;
        try (var _ = watchers.readerWaits()) {
            changed();
            while (true) {
                found = look.get();
                if (!(found instanceof Ingress.Nothing) || closed) return found;
                waiting.await(this);
            }
        }
    }

    /** As {@link Transmitter#write}. */
    long write(Parts sources, boolean mayWait) throws IOException {
        long accepted = transmitter.write(sources, mayWait);
        if (mayWait && transmitter.isStuck()) awaitWritten();
        return accepted;
    }

    /** Whoever blocks finds his bytes with the platform, as ever, and not in a queue here. */
    private void awaitWritten() {
        try (var _ = watchers.writerWaits()) {
            while (transmitter.isStuck() && !closed && !over) Waiting.forEver().park(this);
        }
    }

    void shutdownOutput() {
        inRound(socket::shutdownOutput);
    }

    void shutdownInput() {
        inRound(socket::shutdownInput);
    }

    /** Closes behind the last byte that was accepted, or resets. */
    void close(boolean reset) {
        closed = true;
        inRound(reset ? socket::abort : socket::close);
        changed();
    }

    /** Leaves the platform's channel to another conduit. */
    void release() {
        wire.release();
        close(true);
    }

    /** As {@link Wire#senderOf}. */
    Optional<SocketAddress> senderOf(byte[] bytes) {
        return wire.senderOf(bytes);
    }

    private static void inRound(Runnable task) {
        var round = Round.begin();
        try {
            task.run();
        } finally {
            round.end();
        }
    }

    private static <T> T given(Supplier<T> task) {
        var round = Round.begin();
        try {
            return task.get();
        } finally {
            round.end();
        }
    }
}
