package io.jsockmap.sockmap.socket;

import io.jsockmap.bpf.program.Program;

import java.util.concurrent.atomic.AtomicLong;

/**
 * What happens to a socket's bytes from the network. Runs in the socket's mailbox, except where it
 * says otherwise.
 */
final class ReceiveSide {
    private final Sock socket;
    private final Judge judge;
    private final int limit;
    private final Arrivals arrivals = new Arrivals();
    private final StreamParser framing;

    /** The programs that framing was begun with. */
    private Program parser;

    private Program verdict;

    /** A judged message that waits for room, and where it goes: null to the own application. */
    private Chunk waiting;

    private Redirect waitingFor;
    private final WakeUp wakeUp;
    private boolean stopped;
    private boolean ended;
    private boolean discarding;

    private long in;
    private long passed;
    private long redirected;
    private long dropped;

    /** Bytes that are neither passed, redirected nor dropped; read by transports on any thread. */
    private final AtomicLong held = new AtomicLong();

    /** Bytes that wait in the mailbox for their turn to arrive. */
    private final AtomicLong arriving = new AtomicLong();

    ReceiveSide(Sock socket, Judge judge, int limit) {
        this.socket = socket;
        this.judge = judge;
        this.limit = limit;
        framing = new StreamParser(socket, judge, limit);
        wakeUp = new WakeUp(socket, this::judge);
    }

    /** Bytes that may still be received; on any thread. */
    int room() {
        return (int) Math.max(0, limit - held.get() - arriving.get());
    }

    /**
     * Bytes are about to arrive: whoever reads on must know before their turn comes; on any thread.
     */
    void announce(int bytes) {
        arriving.addAndGet(bytes);
    }

    void arrived(Chunk piece) {
        in += piece.length();
        if (discarding) {
            dropped += piece.length();
            arriving.addAndGet(-piece.length());
            socket.receiveReady();
            return;
        }
        // In this order: counted twice for a moment they could make a transport wait for nothing.
        arriving.addAndGet(-piece.length());
        held.addAndGet(piece.length());
        arrivals.add(piece);
        judge();
    }

    void ended() {
        ended = true;
        judge();
    }

    /** The programs are others now: whatever waits is looked at anew. */
    @SuppressWarnings("ReferenceEquality")
    void programsChanged() {
        var now = socket.programs();
        boolean same = now.parser() == parser && now.verdict() == verdict;
        parser = now.parser();
        verdict = now.verdict();
        // A message that is being gathered, or a stream that can't be framed, is not begun anew by
        // an entry that brings or takes something else.
        if (!same) {
            framing.reset();
            stopped = false;
        }
        judge();
        socket.readReady();
    }

    /**
     * Nobody will read: what is here, and what comes, is thrown away. A message that goes elsewhere
     * goes all the same, beyond its target's limit if need be: its verdict was given.
     */
    void discard() {
        discarding = true;
        if (waiting != null) {
            if (waitingFor == null || waitingFor.isDead()) {
                drop(waiting.length());
            } else {
                waitingFor.backlog().acquire(waiting.length());
                handOver();
            }
            waiting = null;
            waitingFor = null;
        }
        dropArrivals();
    }

    /** Judges what has arrived, as far as there is room for it. */
    void judge() {
        long before = held.get();
        judgeAll();
        if (held.get() < before) socket.receiveReady();
    }

    private void judgeAll() {
        while (waiting == null || deliver()) {
            var programs = socket.programs();
            if (programs.verdict() == null || stopped) {
                socket.readReady();
                return;
            }
            var message =
                    programs.isFramed()
                            ? framing.next(programs.parser(), arrivals)
                            : arrivals.takePiece();
            if (message == null) {
                if (framing.error() != 0) stop();
                else if (ended) finish();
                return;
            }
            decide(programs.verdict(), message);
        }
    }

    private void decide(Program verdict, Chunk message) {
        var skb = new SkBuff(socket, message);
        switch (judge.judge(verdict, skb)) {
            case DROP -> drop(message.length());
            case PASS -> hold(message, null);
            case REDIRECT -> hold(message, skb.redirect());
        }
    }

    private void hold(Chunk message, Redirect redirect) {
        waiting = message;
        waitingFor = redirect;
    }

    /** Hands the judged message over; false if there is no room for it yet. */
    private boolean deliver() {
        int bytes = waiting.length();
        var credit = waitingFor == null ? socket.ingress().credit : waitingFor.backlog();
        if (waitingFor != null && waitingFor.isDead()) {
            drop(bytes);
            judge.listener().lost(socket, bytes, "redirected to a socket that is gone");
        } else if (!credit.tryAcquire(bytes)) {
            wakeUp.await(credit);
            return false;
        } else {
            handOver();
        }
        waiting = null;
        waitingFor = null;
        return true;
    }

    /** Gives the waiting message away, with the credit that was taken for it. */
    private void handOver() {
        int bytes = waiting.length();
        held.addAndGet(-bytes);
        if (waitingFor == null) {
            passed += bytes;
            socket.acceptIngress(waiting);
        } else {
            redirected += bytes;
            waitingFor.target().accept(socket, waiting, waitingFor.ingress());
        }
    }

    /** Framing has failed: the bytes it had taken are gone, the others wait for removal. */
    private void stop() {
        stopped = true;
        int taken = framing.seen();
        if (taken > 0) {
            while (taken > 0) {
                var piece = arrivals.take(taken);
                taken -= piece.length();
                drop(piece.length());
            }
            judge.listener().lost(socket, framing.seen(), "part of a message that can't be framed");
        }
        socket.raise(framing.error());
    }

    /** The end of stream, after the last byte: an incomplete message will never be complete. */
    private void finish() {
        long incomplete = arrivals.bytes();
        if (incomplete > 0) {
            dropArrivals();
            judge.listener().lost(socket, incomplete, "incomplete message at the end of stream");
        }
        socket.readReady();
    }

    private void dropArrivals() {
        for (var piece = arrivals.takePiece(); piece != null; piece = arrivals.takePiece()) {
            drop(piece.length());
        }
    }

    private void drop(int bytes) {
        dropped += bytes;
        held.addAndGet(-bytes);
    }

    /** Bytes that the application may read itself, because no program judges them; or null. */
    Chunk readUnjudged(int most) {
        if (waiting != null || socket.programs().verdict() != null) return null;
        var piece = arrivals.take(most);
        if (piece == null) return null;
        passed += piece.length();
        held.addAndGet(-piece.length());
        socket.receiveReady();
        return piece;
    }

    /** Whether no more will come, and all bytes have been dealt with or can't be framed. */
    boolean isFinished() {
        return ended && waiting == null && (arrivals.bytes() == 0 || stopped);
    }

    /** Whether a judged message waits for room. */
    boolean isWaiting() {
        return waiting != null;
    }

    long unjudged() {
        return socket.programs().verdict() == null ? arrivals.bytes() : 0;
    }

    Account.Flow account() {
        return new Account.Flow(in, passed, redirected, dropped, held.get());
    }
}
