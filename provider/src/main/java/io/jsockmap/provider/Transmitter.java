package io.jsockmap.provider;

import io.jsockmap.sockmap.socket.Chunk;
import io.jsockmap.sockmap.socket.Egress;
import io.jsockmap.sockmap.socket.Sock;

import java.io.IOException;
import java.net.PortUnreachableException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Brings the platform what a socket has for it, and the socket what the application has for it. One
 * thread transmits at a time.
 */
final class Transmitter {
    /** How much goes without being copied: what there is no room for must be. */
    private static final int LEAST = 1 << 17;

    private static final int MOST = 1 << 22;

    private final Sock socket;
    private final Wire wire;
    private final Conduit conduit;
    private final Turn turn = new Turn(this::transmitAll);
    private final AtomicInteger roomSignals = new AtomicInteger();

    /** Whether a send that may not wait would find room. */
    private volatile boolean writable = true;

    /** Whether there is something that the platform had no room for. */
    private volatile boolean stuck;

    private volatile boolean over;

    /** That; in one of two ways. Used by who transmits. */
    private ByteBuffer rest;

    private UnseenBuffers borrowed;

    /**
     * How much the application gives at once, who is one writer at a time: what went well doubled.
     */
    private int atOnce = LEAST;

    Transmitter(Sock socket, Wire wire, Conduit conduit) {
        this.socket = socket;
        this.wire = wire;
        this.conduit = conduit;
    }

    boolean isWritable() {
        return writable;
    }

    boolean isStuck() {
        return stuck;
    }

    /** There may be room for a send that found none; on any thread. */
    void signal() {
        roomSignals.incrementAndGet();
        writable = true;
    }

    // --- To the platform -------------------------------------------------------------------------

    /** Writes what the socket has to be written, as far as there is room. */
    void transmit() {
        turn.take();
    }

    private void transmitAll() {
        if (over) return;
        // Not in its turn: a peer that does not read would keep it from being reset.
        if (socket.isAborting()) {
            reset();
            return;
        }
        if (hasRest()) write();
        while (!hasRest() && !over) {
            if (!transmit(socket.takeEgress())) break;
        }
        lookForRest();
    }

    private void lookForRest() {
        boolean before = stuck;
        stuck = hasRest();
        if (before != stuck) conduit.changed();
    }

    private boolean hasRest() {
        return rest != null || borrowed != null;
    }

    private boolean transmit(Egress next) {
        switch (next) {
            case Egress.Bytes(var chunk) -> {
                if (chunk.source() instanceof UnseenBuffers unseen) borrowed = unseen;
                else rest = chunk.buffer();
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
        try {
            // A datagram, and a JDK's channel that is connected sends none without bytes.
            if (remaining() == 0) socket.lost(0);
            else socket.written(send());
            if (remaining() == 0) forget();
        } catch (IOException e) {
            lose();
            conduit.failed(e);
        }
    }

    private int remaining() {
        return borrowed != null ? borrowed.remaining() : rest.remaining();
    }

    private int send() throws IOException {
        try {
            return sendRest();
        } catch (PortUnreachableException e) {
            // It tells of an earlier datagram; this one has not been sent.
            conduit.failed(e);
            return sendRest();
        }
    }

    private int sendRest() throws IOException {
        return borrowed != null ? borrowed.sendBy(wire) : wire.send(rest);
    }

    private void lose() {
        if (!hasRest()) return;
        socket.lost(remaining());
        forget();
    }

    private void forget() {
        if (borrowed != null) borrowed.drop();
        borrowed = null;
        rest = null;
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
        lose();
        conduit.finish();
    }

    // --- The application -------------------------------------------------------------------------

    /**
     * Sends the bytes of some buffers as one message, as far as there is room if it may not wait.
     *
     * @return how many bytes were accepted
     */
    long write(Parts sources, boolean mayWait) throws IOException {
        long accepted = give(sources, mayWait);
        boolean all = sources.remaining() == 0;
        if (accepted > 0 && (all || !mayWait)) return accepted;
        while (true) {
            var sending = send(sources, mayWait);
            if (accepted == 0 && sending.failed()) throw Failures.of(sending.errno(), socket);
            accepted += sending.accepted();
            // What was accepted may have been written meanwhile, so there may be room.
            boolean again = sending.foundNoRoom() && sending.accepted() > 0;
            if (!again) return accepted;
        }
    }

    /** Whether bytes go to the platform as they are. */
    private boolean mayGive() {
        boolean passes = !stuck && !socket.kind().keepsMessages();
        return passes && socket.longestUnseen() == Integer.MAX_VALUE;
    }

    /** Sends straight from the application's buffers; what has to wait is copied. */
    private long give(Parts sources, boolean mayWait) throws IOException {
        long sum = 0;
        while (mayGive() && sources.remaining() > 0) {
            var unseen = UnseenBuffers.next(sources.views(), atOnce);
            int count = unseen.remaining();
            var sending = new Sending();
            var round = Round.begin();
            try {
                send(unseen, true, sending);
            } finally {
                round.end();
            }
            unseen.giveBack();
            if (stuck) atOnce = LEAST;
            else if (count == atOnce) atOnce = Math.min(2 * atOnce, MOST);
            if (mayWait) sending.await();
            // What stands in line behind others is as good as accepted.
            boolean over = sending.isOver();
            long accepted = over ? sending.accepted() : count;
            sources.consume(accepted);
            sum += accepted;
            if (!over || sending.errno() == 0) continue;
            if (sum == 0) throw Failures.of(sending.errno(), socket);
            break;
        }
        return sum;
    }

    /** Sends what is where it is; what passes at once is written in the same turn. */
    private void send(UnseenBuffers unseen, boolean mayWait, Sending sending) {
        var bytes = Chunk.of(unseen, unseen.remaining());
        boolean taken = turn.take(() -> pass(bytes, mayWait, sending));
        if (!taken) socket.send(List.of(bytes), mayWait, sending);
    }

    private void pass(Chunk bytes, boolean mayWait, Sending sending) {
        if (hasRest()) {
            socket.send(List.of(bytes), mayWait, sending);
        } else if (socket.sendAndTake(bytes, mayWait, sending) instanceof Egress.Bytes passed) {
            sending.done(bytes.length(), 0);
            transmit(passed);
            lookForRest();
            return;
        }
        transmitAll();
    }

    private Sending send(Parts sources, boolean mayWait) {
        int signals = roomSignals.get();
        var sending = new Sending();
        int longest = socket.longestUnseen();
        boolean stays = longest > 0 && !stuck && !socket.kind().keepsMessages();
        if (stays) lend(sources, longest, mayWait, sending);
        else copy(sources, mayWait, sending);
        sources.consume(sending.accepted());
        if (sending.foundNoRoom()) {
            writable = false;
            if (roomSignals.get() != signals) writable = true;
        }
        return sending;
    }

    /** What a program judges without a look at its bytes is not copied. */
    private void lend(Parts sources, int longest, boolean mayWait, Sending sending) {
        var views = sources.views();
        List<UnseenBuffers> lent = new ArrayList<>(1);
        List<Chunk> pieces = new ArrayList<>(1);
        for (long left = sources.remaining(); left > 0; ) {
            lent.add(UnseenBuffers.next(views, longest));
            pieces.add(Chunk.of(lent.getLast(), lent.getLast().remaining()));
            left -= pieces.getLast().length();
        }
        var round = Round.begin();
        try {
            if (lent.size() == 1) send(lent.getFirst(), mayWait, sending);
            else socket.send(pieces, mayWait, sending);
        } finally {
            round.end();
        }
        sending.await();
        lent.forEach(UnseenBuffers::giveBack);
    }

    private void copy(Parts sources, boolean mayWait, Sending sending) {
        var round = Round.begin();
        try {
            socket.send(sources.buffers(), sources.offset(), sources.length(), mayWait, sending);
        } finally {
            round.end();
        }
        sending.await();
    }
}
