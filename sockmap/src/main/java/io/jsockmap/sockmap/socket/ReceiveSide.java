package io.jsockmap.sockmap.socket;

import io.jsockmap.bpf.program.Program;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What happens to a socket's bytes from the network. Runs in the socket's mailbox, except where it
 * says otherwise.
 */
final class ReceiveSide {
    /** Datagrams without bytes take no room, and yet there must be an end. */
    private static final int MOST_EMPTY = 1024;

    private final Sock socket;
    private final Judge judge;
    private final Delivery delivery;
    private final int limit;
    private final Arrivals arrivals;
    private final StreamParser framing;

    /** The programs that framing was begun with. */
    private Program parser;

    private Program verdict;

    /** How often such programs had been taken away then. */
    private int removals;

    /** A judged message that waits for room, and where it goes: null to the own application. */
    private Chunk waiting;

    private Redirect waitingFor;
    private final WakeUp wakeUp;

    /** Whether the listener was told that it waits. */
    private boolean paused;

    private boolean stopped;
    private boolean ended;
    private boolean discarding;

    private final Ledger ledger = new Ledger();

    /** Bytes that wait in the mailbox for their turn to arrive. */
    private final AtomicLong arriving = new AtomicLong();

    ReceiveSide(Sock socket, Judge judge, Delivery delivery, int limit) {
        this.socket = socket;
        this.judge = judge;
        this.delivery = delivery;
        this.limit = limit;
        arrivals = new Arrivals(socket.kind().keepsMessages());
        framing = new StreamParser(socket, judge, delivery, limit);
        wakeUp = new WakeUp(socket, this::judge);
    }

    /** Bytes that may still be received; on any thread. */
    int room() {
        return (int) Math.max(0, limit - ledger.held() - arriving.get());
    }

    /**
     * Bytes are about to arrive: whoever reads on must know before their turn comes; on any thread.
     */
    void announce(int bytes) {
        arriving.addAndGet(bytes);
    }

    void arrived(Chunk piece) {
        // In this order: counted twice for a moment they could make a transport wait for nothing.
        arriving.addAndGet(-piece.length());
        ledger.came(piece.length());
        if (discarding) {
            drop(piece);
            socket.receiveReady();
        } else if (piece.length() == 0 && arrivals.pieces() >= MOST_EMPTY) {
            judge.listener().lost(socket, 0, "an empty datagram, behind too many others");
        } else {
            arrivals.add(piece);
            judge();
        }
    }

    void ended() {
        ended = true;
        judge();
    }

    /** The programs are others now: whatever waits is looked at anew. */
    void programsChanged() {
        look();
        judge();
        socket.readReady();
    }

    /** The programs that run now. A message is not begun by one parser and ended by another. */
    @SuppressWarnings("ReferenceEquality")
    private Inherited look() {
        // Read first: a program that is taken away meanwhile is then noticed later, and not never.
        int removalsNow = socket.verdictRemovals();
        var now = socket.programs();
        boolean same =
                now.parser() == parser && now.verdict() == verdict && removalsNow == removals;
        removals = removalsNow;
        parser = now.parser();
        verdict = now.verdict();
        // A message that is being gathered, or a stream that can't be framed, is not begun anew by
        // an entry that brings or takes something else.
        if (!same) {
            framing.reset();
            stopped = false;
        }
        return now;
    }

    /**
     * Nobody will read: what is here, and what comes, is thrown away. A message that goes elsewhere
     * goes all the same, somewhat beyond its target's limit if need be: its verdict was given.
     */
    void discard() {
        discarding = true;
        if (waiting != null) {
            if (waitingFor == null || waitingFor.isDead()) {
                drop(waiting);
            } else if (waitingFor.tryAcquireAtLast(credit(), waiting.length())) {
                handOver();
            } else {
                lose("redirected to a socket that is full");
            }
            goOn();
        }
        dropArrivals();
    }

    /** Judges what has arrived, as far as there is room for it. */
    void judge() {
        long before = ledger.held();
        judgeAll();
        if (ledger.held() < before) socket.receiveReady();
    }

    private void judgeAll() {
        while (waiting == null || deliver()) {
            var programs = look();
            if (programs.verdict() == null || stopped) {
                socket.readReady();
                return;
            }
            // Without a parser a verdict sees a datagram, or bytes of a stream as they came.
            var message =
                    programs.isFramed()
                            ? framing.next(programs.parser(), arrivals)
                            : arrivals.take(delivery.longestPiece());
            if (message == null) {
                if (framing.error() != 0) stop();
                else if (ended) finish();
                return;
            }
            decide(programs.verdict(), message);
        }
        // A message waits, but what comes behind it may be readable.
        if (socket.programs().verdict() == null) socket.readReady();
    }

    private void decide(Program verdict, Chunk message) {
        var skb = new SkBuff(socket, message, delivery);
        var given = judge.judge(verdict, skb, false);
        ledger.edited(skb.length() - message.length());
        if (given == Verdict.DROP) {
            drop(skb.bytes());
        } else {
            hold(skb.bytes(), given == Verdict.REDIRECT ? skb.redirect() : null);
        }
    }

    private void hold(Chunk message, Redirect redirect) {
        // A message that a program emptied is none any more, except where messages may be empty.
        var to = redirect == null ? socket : redirect.target();
        boolean kept = socket.kind().keepsMessages() && to.kind().keepsMessages();
        if (message.length() == 0 && !kept) return;
        waiting = message.compact();
        waitingFor = redirect;
    }

    /** Hands the judged message over; false if there is no room for it yet. */
    private boolean deliver() {
        if (waitingFor != null && waitingFor.isDead()) {
            lose("redirected to a socket that is gone");
        } else if (acquire(waiting.length())) {
            handOver();
        } else if (waitingFor != null && waitingFor.dropsWhenFull()) {
            lose("redirected to a socket that is full");
        } else {
            pause();
            wakeUp.await(credit());
            // Had the target gone just before, nobody would wake this socket.
            return waitingFor != null && waitingFor.isDead() && deliver();
        }
        goOn();
        return true;
    }

    private void pause() {
        if (paused) return;
        paused = true;
        var target = Optional.ofNullable(waitingFor).map(Redirect::target);
        judge.listener().paused(socket, target);
    }

    /** Nothing waits any more. */
    private void goOn() {
        waiting = null;
        waitingFor = null;
        if (!paused) return;
        paused = false;
        judge.listener().resumed(socket);
    }

    private Credit credit() {
        return waitingFor == null ? socket.ingress().credit() : waitingFor.backlog();
    }

    private boolean acquire(int bytes) {
        return waitingFor == null
                ? credit().tryAcquire(bytes)
                : waitingFor.tryAcquire(credit(), bytes);
    }

    private void lose(String reason) {
        drop(waiting);
        judge.listener().lost(socket, waiting.length(), reason);
    }

    private void drop(Chunk bytes) {
        ledger.dropped(bytes.length());
        bytes.drop();
    }

    /** Gives the waiting message away, with the credit that was taken for it. */
    private void handOver() {
        int bytes = waiting.length();
        if (waitingFor == null) {
            ledger.passed(bytes);
            socket.intake().ingress(waiting);
        } else {
            ledger.redirected(bytes);
            waitingFor.target().intake().accept(socket, waiting, waitingFor.ingress());
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
                drop(piece);
            }
            judge.listener().lost(socket, framing.seen(), "part of a message that can't be framed");
        }
        socket.raise(framing.error());
    }

    /** The time is over in which a message that was begun had to be complete. */
    void timedOut() {
        // As long as a message waits for room, what came behind it is not looked at.
        if (waiting != null || stopped || arrivals.bytes() == 0) return;
        if (!socket.programs().isFramed()) return;
        framing.timedOut(arrivals);
        stop();
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
        while (arrivals.pieces() > 0) drop(arrivals.take(Integer.MAX_VALUE));
    }

    /** Bytes that the application may read itself, because no program judges them; or null. */
    Chunk readUnjudged(int most) {
        if (!mayReadUnjudged()) return null;
        var piece = arrivals.take(most);
        if (piece == null) return null;
        int asked = Math.min(most, piece.length());
        ledger.passed(asked);
        // What is cut off a datagram is gone.
        ledger.dropped(piece.length() - asked);
        socket.receiveReady();
        return piece.first(asked);
    }

    /** A copy of what {@link #readUnjudged} would give. */
    Chunk peekUnjudged(int most) {
        return mayReadUnjudged() ? arrivals.peek(most) : null;
    }

    private boolean mayReadUnjudged() {
        // Behind a message that goes elsewhere nobody has to wait any more.
        return !isWaitingForReader() && socket.programs().verdict() == null;
    }

    /** Whether no more will come, and all bytes have been dealt with or can't be framed. */
    boolean isFinished() {
        return ended && waiting == null && (arrivals.bytes() == 0 || stopped);
    }

    /** Whether a judged message waits for room. */
    boolean isWaiting() {
        return waiting != null;
    }

    /** Whether a message waits for room that its own application will make, or has made. */
    boolean isWaitingForReader() {
        return waiting != null && (waitingFor == null || isForOwnReader(waitingFor));
    }

    @SuppressWarnings("ReferenceEquality")
    private boolean isForOwnReader(Redirect redirect) {
        return redirect.ingress() && redirect.target() == socket;
    }

    long unjudged() {
        return socket.programs().verdict() == null ? arrivals.bytes() : 0;
    }

    Account.Flow account() {
        long judged = waiting == null ? 0 : waiting.length();
        return ledger.flow(arrivals.bytes() + judged);
    }
}
