package io.jsockmap.sockmap.socket;

import io.jsockmap.bpf.program.Program;

import java.util.concurrent.atomic.AtomicLong;

/**
 * What happens to a socket's bytes from the network. Runs in the socket's mailbox, except where it
 * says otherwise.
 */
final class ReceiveSide {
    /** Datagrams without bytes take no room, and yet there must be an end. */
    private static final int MOST_EMPTY = 1024;

    private final Psock psock;
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

    private boolean stopped;
    private boolean ended;
    private boolean discarding;

    private final Ledger ledger = new Ledger();
    private final HandOver handOver;

    /** Bytes that wait in the mailbox for their turn to arrive. */
    private final AtomicLong arriving = new AtomicLong();

    ReceiveSide(Psock psock, Judge judge, Delivery delivery, int limit) {
        this.psock = psock;
        this.judge = judge;
        this.delivery = delivery;
        this.limit = limit;
        arrivals = new Arrivals(psock.kind().keepsMessages());
        framing = new StreamParser(psock.socket(), judge, delivery, limit);
        handOver = new HandOver(psock, judge.listener(), ledger, this::judge);
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
        take(piece);
    }

    private void take(Chunk piece) {
        ledger.came(piece.length());
        if (discarding) {
            ledger.drop(piece);
            psock.receiveReady();
        } else if (piece.length() == 0 && arrivals.pieces() >= MOST_EMPTY) {
            psock.lost(0, "an empty datagram, behind too many others");
        } else {
            arrivals.add(piece);
            judge();
        }
    }

    /**
     * As {@link #arrived} of bytes that nobody announced, whose reader is there: what nothing
     * stands before, and programs leave as long as it is, is his at once.
     *
     * @return what he reads; or null
     */
    Chunk pass(Chunk piece) {
        var programs = look();
        if (!isNext(piece, programs)) {
            take(piece);
            return null;
        }
        ledger.came(piece.length());
        if (programs.verdict() == null) ledger.passed(piece.length());
        else decide(programs.verdict(), piece);
        var own = programs.verdict() == null ? piece : handOver.takeOwn(piece.length());
        if (own == null) judge();
        else psock.ingressQueue().passBy(own);
        return own;
    }

    /** Whether a piece is all that there is for the reader or for a verdict. */
    private boolean isNext(Chunk piece, Inherited programs) {
        boolean alone =
                arrivals.pieces() == 0
                        && !handOver.isWaiting()
                        && psock.ingressQueue().isEmpty()
                        && !discarding;
        boolean whole = !programs.isFramed() && piece.length() <= delivery.longestPiece();
        return alone && whole && !psock.kind().keepsMessages();
    }

    void ended() {
        ended = true;
        judge();
    }

    /** The programs are others now: whatever waits is looked at anew. */
    void programsChanged() {
        look();
        judge();
        psock.readReady();
    }

    /** The programs that run now. A message is not begun by one parser and ended by another. */
    @SuppressWarnings("ReferenceEquality")
    private Inherited look() {
        // Read first: a program that is taken away meanwhile is then noticed later, and not never.
        int removalsNow = psock.links().verdictRemovals();
        var now = psock.programs();
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

    /** Nobody will read: what is here, and what comes, is thrown away. */
    void discard() {
        discarding = true;
        handOver.finish();
        dropArrivals();
    }

    /** Judges what has arrived, as far as there is room for it. */
    void judge() {
        long before = ledger.held();
        judgeAll();
        if (ledger.held() < before) psock.receiveReady();
    }

    private void judgeAll() {
        while (handOver.tryNow()) {
            var programs = look();
            if (programs.verdict() == null || stopped) {
                psock.readReady();
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
        if (psock.programs().verdict() == null) psock.readReady();
    }

    private void decide(Program verdict, Chunk message) {
        var skb = new SkBuff(psock.socket(), message, delivery);
        var given = judge.judge(verdict, skb, false);
        ledger.edited(skb.length() - message.length());
        if (given == Verdict.DROP) {
            ledger.drop(skb.bytes());
        } else {
            handOver.take(skb.bytes(), given == Verdict.REDIRECT ? skb.redirect() : null);
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
                ledger.drop(piece);
            }
            psock.lost(framing.seen(), "part of a message that can't be framed");
        }
        psock.raise(framing.error());
    }

    /** The time is over in which a message that was begun had to be complete. */
    void timedOut() {
        // As long as a message waits for room, what came behind it is not looked at.
        if (handOver.isWaiting() || stopped || arrivals.bytes() == 0) return;
        if (!psock.programs().isFramed()) return;
        framing.timedOut(arrivals);
        stop();
    }

    /** The end of stream, after the last byte: an incomplete message will never be complete. */
    private void finish() {
        long incomplete = arrivals.bytes();
        if (incomplete > 0) {
            dropArrivals();
            psock.lost(incomplete, "incomplete message at the end of stream");
        }
        psock.readReady();
    }

    private void dropArrivals() {
        while (arrivals.pieces() > 0) ledger.drop(arrivals.take(Integer.MAX_VALUE));
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
        psock.receiveReady();
        return piece.first(asked);
    }

    /** A copy of what {@link #readUnjudged} would give. */
    Chunk peekUnjudged(int most) {
        return mayReadUnjudged() ? arrivals.peek(most) : null;
    }

    private boolean mayReadUnjudged() {
        // Behind a message that goes elsewhere nobody has to wait any more.
        return !handOver.isWaitingForReader() && psock.programs().verdict() == null;
    }

    /** Whether no more will come, and all bytes have been dealt with or can't be framed. */
    boolean isFinished() {
        return ended && !handOver.isWaiting() && (arrivals.bytes() == 0 || stopped);
    }

    /** Whether a judged message waits for room. */
    boolean isWaiting() {
        return handOver.isWaiting();
    }

    /** Whether a message waits for room that its own application will make, or has made. */
    boolean isWaitingForReader() {
        return handOver.isWaitingForReader();
    }

    long unjudged() {
        return psock.programs().verdict() == null ? arrivals.bytes() : 0;
    }

    Account.Flow account() {
        return ledger.flow(arrivals.bytes() + handOver.bytes());
    }
}
