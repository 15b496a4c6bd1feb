package io.jsockmap.sockmap.socket;

import io.jsockmap.bpf.Errno;
import io.jsockmap.sockmap.socket.Outgoing.Send;
import io.jsockmap.sockmap.socket.Outgoing.Shutdown;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * What happens to bytes that a socket shall send. Runs in the socket's mailbox.
 *
 * <p>One message is in hand at a time. A program judges it, or holds it until more bytes are there
 * (cork); its verdict is for the message, or for a number of bytes (apply), which may end within
 * the message or in one that is sent later.
 */
final class SendSide {
    /** A send that no program looks at is cut into pieces of this size at most. */
    private static final int PIECE = 65536;

    private final Psock psock;
    private final Judge judge;
    private final Delivery delivery;
    private final Fragments fragments;
    private final Deque<Outgoing> operations = new ArrayDeque<>(1);
    private final WakeUp wakeUp;

    /** Tells who may not wait that there is room again. */
    private final WakeUp retry;

    /** Whether a send was refused because others stood before it. */
    private boolean refused;

    /** Bytes that other sockets redirected here, to be judged here. */
    private long delivered;

    private final Ledger ledger = new Ledger();
    private final Ruling ruling = new Ruling();

    /** The message in hand, or null. */
    private InHand inHand;

    private final MsgProgram msg;

    /** Whether the socket is closing, so that nothing can wait for room. */
    private boolean closing;

    SendSide(Psock psock, Judge judge, Delivery delivery) {
        this.psock = psock;
        this.judge = judge;
        this.delivery = delivery;
        fragments = new Fragments(delivery);
        msg = new MsgProgram(psock);
        wakeUp = new WakeUp(psock, this::process);
        retry = new WakeUp(psock, psock::sendReady);
    }

    // --- What is asked ---------------------------------------------------------------------------

    void send(Send send) {
        if (!send.hasMore()) {
            end(send, 0);
            return;
        }
        // Others may wait before it; a send that may not wait can't stand in line either.
        if (!send.mayWait && !operations.isEmpty()) {
            refused = true;
            end(send, Errno.EAGAIN.number());
            return;
        }
        operations.add(send);
        process();
    }

    /** Takes bytes that the application gives away. */
    void give(Chunk bytes, boolean mayWait, SendResult result) {
        if (giveWhole(bytes, result)) return;
        var sending = Send.of(Gather.of(List.of(bytes)), mayWait, result);
        sending.isEmptyDatagram = psock.kind().keepsMessages() && bytes.length() == 0;
        send(sending);
    }

    /**
     * As {@link #give}, for who writes to the network: what nothing stands before is his at once.
     *
     * @return what he writes, and its result is not told; or null
     */
    Chunk pass(Chunk bytes, boolean mayWait, SendResult result) {
        boolean next =
                inHand == null
                        && operations.isEmpty()
                        && ruling.isOpen()
                        && bytes.length() > 0
                        && psock.maySend()
                        && psock.egressQueue().isEmpty()
                        && !psock.kind().keepsMessages();
        if (next && msg.isThere()) {
            boolean unseen = bytes.source() != null && bytes.length() <= longestUnseen();
            boolean room = psock.egressQueue().credit.left() > 0;
            if (unseen && room) return passJudged(bytes, mayWait, result);
        } else if (next && psock.egressQueue().passBy(bytes.length())) {
            ledger.came(bytes.length());
            ledger.passed(bytes.length());
            return bytes;
        }
        give(bytes, mayWait, result);
        return null;
    }

    /** Has a message judged that is all there is; what passes as one piece is given at once. */
    private Chunk passJudged(Chunk bytes, boolean mayWait, SendResult result) {
        begin();
        var message = inHand.message;
        fragments.share(message, bytes);
        ledger.came(bytes.length());
        inHand.added(bytes.length());
        boolean mayHold = !msg.hasLeft();
        var verdict = judge(mayHold);
        boolean passes =
                verdict == Verdict.PASS
                        && message.isOnePiece()
                        && message.applyBytes() == 0
                        && !(mayHold && message.waitsForMore())
                        && psock.egressQueue().passBy(message.length());
        if (passes) {
            ledger.passed(message.length());
            var own = message.take(message.length()).getFirst();
            after(own.length());
            return own;
        }
        var send = Send.of(Gather.of(), mayWait, result);
        rule(verdict, send, mayHold);
        operations.add(send);
        process();
        return null;
    }

    /** {@link #passAtOnce} of the socket's own bytes, or why they can't be sent. */
    private boolean giveWhole(Chunk bytes, SendResult result) {
        if (!isIdle() || bytes.length() == 0) return false;
        int error = psock.sendError();
        if (error != 0) {
            bytes.drop();
            result.done(0, error);
            return true;
        }
        if (!passAtOnce(bytes)) return false;
        result.done(bytes.length(), 0);
        return true;
    }

    /** Takes what was redirected here, with the backlog's credit. */
    void takeRedirected(Chunk bytes) {
        delivered += bytes.length();
        if (isIdle() && psock.intake().takesEgress() && passAtOnce(bytes)) {
            psock.backlog().release(bytes.length());
            return;
        }
        ledger.came(bytes.length());
        operations.add(Send.redirected(bytes, psock.kind().keepsMessages()));
        process();
    }

    /** Whether what comes as a stream has nobody before it and nobody to judge it. */
    private boolean isIdle() {
        boolean idle = inHand == null && operations.isEmpty() && ruling.isOpen();
        return idle && !msg.isThere() && !psock.kind().keepsMessages();
    }

    /** What nothing judges and nothing stands before goes at once, if there is room. */
    private boolean passAtOnce(Chunk bytes) {
        if (!psock.egressQueue().credit.tryAcquire(bytes.length())) return false;
        ledger.came(bytes.length());
        ledger.passed(bytes.length());
        psock.intake().egress(bytes);
        return true;
    }

    void shutdown() {
        // What is not held yet may be when its turn comes.
        operations.add(Send.flush());
        operations.add(new Shutdown());
        process();
    }

    /** A message that is held is judged by the program that holds it, as long as that is there. */
    void programsChanged() {
        if (!msg.leaves() || !isHolding()) return;
        operations.addFirst(Send.flush());
        process();
    }

    /** Sends what was promised, whatever there is room for, and ends everything else. */
    void close() {
        closing = true;
        if (inHand != null && inHand.promised() > 0) {
            // They can't be told apart from what was promised, so they share its fate.
            if (operations.peek() instanceof Send send) promise(send);
            inHand.release();
            var flush = Send.flush();
            while (inHand != null) decide(flush);
        }
        cancel(Errno.EBADF);
    }

    /** Ends everything that waits, because the socket can't send any more. */
    void cancel(Errno errno) {
        if (inHand != null) dropMessage();
        for (var next = operations.poll(); next != null; next = operations.poll()) {
            if (!(next instanceof Send send)) continue;
            if (send.redirected) discard(send, "its socket is gone");
            else end(send, errno.number());
        }
        // Whoever was refused learns at the next try what became of the socket.
        refused = false;
        psock.sendReady();
    }

    private void dropMessage() {
        boolean redirected = operations.peek() instanceof Send send && send.redirected;
        if (redirected) psock.backlog().release(inHand.offered());
        int length = inHand.message.length();
        int lost = redirected ? length : inHand.promised();
        ledger.dropped(length);
        letGo();
        if (lost > 0) psock.lost(lost, "its socket is gone");
    }

    /** Ends the message in hand, whatever is left of it. */
    private void letGo() {
        inHand.message.take(inHand.message.length()).forEach(Chunk::drop);
        inHand = null;
        fragments.release();
    }

    private void process() {
        for (var next = operations.peek(); next != null; next = operations.peek()) {
            boolean over =
                    switch (next) {
                        case Send send -> proceed(send);
                        case Shutdown _ -> {
                            psock.endEgress();
                            yield true;
                        }
                    };
            if (!over) return;
            operations.remove(next);
        }
        if (refused) psock.sendReady();
        refused = false;
    }

    // --- Gathering a message ---------------------------------------------------------------------

    /** Goes on with a send; true when it is over. */
    private boolean proceed(Send send) {
        while (true) {
            var progress = isGathering() ? gather(send) : decide(send);
            if (progress == Progress.WAITS) return false;
            if (progress == Progress.OVER) return true;
        }
    }

    private enum Progress {
        GOES_ON,
        WAITS,
        OVER
    }

    private boolean isGathering() {
        return inHand == null || inHand.isHeld();
    }

    private boolean isHolding() {
        return inHand != null && inHand.isHeld();
    }

    private Progress gather(Send send) {
        if (send.flushes && isHolding()) {
            inHand.release();
            return Progress.GOES_ON;
        }
        if (!send.hasMore()) return end(send, 0);
        if (send.redirected) {
            if (!psock.intake().takesEgress()) {
                return discard(send, "redirected to a socket that is gone");
            }
        } else {
            int error = psock.sendError();
            if (error != 0) return end(send, error);
            // As the kernel waits for memory before it takes a byte or runs a program.
            var credit = psock.egressQueue().credit;
            if (credit.left() == 0) return waitFor(send, credit);
            if (isTooLong(send)) return end(send, Errno.EMSGSIZE.number());
        }
        take(send);
        return Progress.GOES_ON;
    }

    private boolean isTooLong(Send send) {
        return psock.kind().keepsMessages() && send.source.remaining() > Limits.LONGEST_DATAGRAM;
    }

    /** Puts bytes of a send into the message in hand, as many as fit. */
    private void take(Send send) {
        if (inHand == null) begin();
        int count =
                msg.program() == null ? copy(send) : fragments.append(inHand.message, send.source);
        if (!send.redirected) ledger.came(count);
        if (!inHand.added(count)) promise(send);
    }

    private void begin() {
        inHand = new InHand(new SkMsg(psock.socket(), delivery));
        msg.begin(ruling);
    }

    /** Without a program a piece is as good as another. */
    private int copy(Send send) {
        int most = psock.kind().keepsMessages() ? Limits.LONGEST_DATAGRAM : PIECE;
        var piece = send.source.take(most);
        inHand.message.add(piece);
        send.isEmptyDatagram = false;
        return piece.length();
    }

    /** The send's bytes are on their way for its caller, and wait here. */
    private void promise(Send send) {
        int bytes = inHand.promise();
        send.accept(bytes);
        if (send.redirected) psock.backlog().release(bytes);
    }

    // --- Deciding on it --------------------------------------------------------------------------

    /** Deals with the message in hand, a verdict after the other. */
    private Progress decide(Send send) {
        if (ruling.isOpen() && !evaluate(send)) return Progress.GOES_ON;
        int length = inHand.message.length();
        int count = ruling.reach(length);
        if (ruling.isDrop()) {
            send.drop(took(send, count));
            throwAway(count);
            // What stands behind the dropped bytes has a verdict of its own.
            return count < length || send.redirected
                    ? Progress.GOES_ON
                    : end(send, Errno.EACCES.number());
        }
        var way = way();
        if (way.isDead()) return failToRedirect(send, count);
        if (way.tryAcquire(count, closing)) {
            send.accept(took(send, count));
            if (way.isOwn()) ledger.passed(count);
            else ledger.redirected(count);
            way.give(inHand.message.take(count));
            after(count);
        } else if (way.dropsWhenFull() || closing) {
            lose(send, count, "redirected to a socket that is full");
        } else {
            return waitFor(send, way.credit());
        }
        return Progress.GOES_ON;
    }

    /** Where the bytes in hand go by the verdict that holds now. */
    private Way way() {
        return new Way(psock, ruling.redirect());
    }

    private Progress failToRedirect(Send send, int count) {
        if (!canGiveBack(send)) {
            // Nobody is there to hear it but whoever sends next.
            if (!send.redirected) psock.raise(Errno.EPIPE.number());
            lose(send, count, "redirected to a socket that is gone");
            return Progress.GOES_ON;
        }
        took(send, count);
        throwAway(count);
        if (inHand != null) giveBack();
        ruling.carry();
        return end(send, Errno.EPIPE.number());
    }

    /** Whether all of the message is the caller's, who can send it again. */
    private boolean canGiveBack(Send send) {
        return inHand.promised() == 0 && !send.redirected && !send.flushes;
    }

    /** Has the message judged; false if the program wants to see more bytes first. */
    private boolean evaluate(Send send) {
        boolean mayHold = !send.flushes && !closing && !msg.hasLeft();
        return rule(judge(mayHold), send, mayHold);
    }

    /** The verdict on the message in hand, which has what the program asked for besides. */
    private Verdict judge(boolean mayHold) {
        var message = inHand.message;
        // What stands behind bytes that an earlier verdict was for nobody has looked at.
        if (inHand.runs() == 0) msg.giveWay();
        if (msg.program() == null) {
            message.forgetRequests();
            return Verdict.PASS;
        }
        if (!inHand.countRun()) {
            var reason = "judged %d times, and grew as often".formatted(inHand.runs());
            psock.lost(message.length(), reason);
            message.forgetRequests();
            return Verdict.DROP;
        }
        int before = message.length();
        var verdict = judge.judge(msg.program(), message, mayHold);
        ledger.edited(message.length() - before);
        return verdict;
    }

    /** Has a verdict hold; false if the program wants to see more bytes first. */
    private boolean rule(Verdict verdict, Send send, boolean mayHold) {
        var message = inHand.message;
        if (mayHold && message.waitsForMore()) {
            inHand.holdUntil(message.corkBytes());
            promise(send);
            return false;
        }
        ruling.give(verdict, message.applyBytes(), message.redirect());
        return true;
    }

    /** How many of the send's own bytes are among the next bytes of the message. */
    private long took(Send send, int count) {
        int own = inHand.took(count);
        if (send.redirected) psock.backlog().release(Math.max(own, count == 0 ? 1 : 0));
        return own;
    }

    private void lose(Send send, int count, String reason) {
        send.accept(took(send, count));
        throwAway(count);
        psock.lost(count, reason);
    }

    private void throwAway(int count) {
        ledger.dropped(count);
        inHand.message.take(count).forEach(Chunk::drop);
        after(count);
    }

    /** The next bytes of the message have gone, one way or the other. */
    private void after(int count) {
        ruling.applied(count);
        if (inHand.message.length() > 0) return;
        inHand = null;
        fragments.release();
        ruling.carry();
    }

    // --- Waiting and ending ----------------------------------------------------------------------

    /** A send waits for room, or ends if it may not. */
    private Progress waitFor(Send send, Credit credit) {
        (send.mayWait ? wakeUp : retry).await(credit);
        // Had the target gone just before, nobody would wake whoever waits.
        if (!isGathering() && way().isDead()) return Progress.GOES_ON;
        if (send.mayWait) return Progress.WAITS;
        if (!isGathering()) {
            if (!canGiveBack(send)) return keep(send);
            giveBack();
            ruling.takeBack();
        }
        return end(send, Errno.EAGAIN.number());
    }

    /** The caller keeps what is left of the message, and sends it again. */
    private void giveBack() {
        ledger.edited(inHand.offered() - inHand.message.length());
        ledger.came(-inHand.offered());
        letGo();
    }

    /** Bytes that were promised can't be given back: they wait, and the caller does not. */
    private Progress keep(Send send) {
        promise(send);
        operations.addFirst(Send.flush());
        return end(send, send.hasMore() ? Errno.EAGAIN.number() : 0);
    }

    private Progress end(Send send, int errno) {
        send.source.drop();
        try {
            send.end(errno);
        } catch (RuntimeException | Error e) {
            // Whoever listens must not keep other sends from going on.
            judge.listener().failed(psock.socket(), e);
        }
        return Progress.OVER;
    }

    private Progress discard(Send send, String reason) {
        int bytes = send.source.atMost(Integer.MAX_VALUE);
        ledger.dropped(bytes);
        psock.backlog().release(Math.max(bytes, send.isEmptyDatagram ? 1 : 0));
        psock.lost(bytes, reason);
        return Progress.OVER;
    }

    /** How long a piece may be that a message takes as it is. */
    int longestUnseen() {
        return delivery.longestElement();
    }

    /** Bytes that other sockets redirected here, to be judged here. */
    long delivered() {
        return delivered;
    }

    /** Bytes of a message that waits for more. */
    long held() {
        return isHolding() ? inHand.message.length() : 0;
    }

    Account.Flow account() {
        long found = inHand == null ? 0 : inHand.message.length();
        for (var operation : operations) {
            if (operation instanceof Send send && send.redirected) found += send.source.remaining();
        }
        return ledger.flow(found);
    }
}
