package io.jsockmap.sockmap.socket;

import java.util.Optional;

/**
 * Hands judged messages over, to the socket's own application or to where they are redirected, one
 * after the other: each waits for room there. Used in the socket's mailbox.
 */
final class HandOver {
    private final Psock psock;
    private final SockListener listener;
    private final Ledger ledger;
    private final WakeUp wakeUp;

    /** The message that waits; or null. */
    private Chunk message;

    /** Where it goes; or null, to the own application. */
    private Redirect redirect;

    /** Whether the listener was told that it waits. */
    private boolean paused;

    /**
     * @param ledger is told what became of messages
     * @param roomAgain looks again when there may be room
     */
    HandOver(Psock psock, SockListener listener, Ledger ledger, Runnable roomAgain) {
        this.psock = psock;
        this.listener = listener;
        this.ledger = ledger;
        wakeUp = new WakeUp(psock, roomAgain);
    }

    /** Whether a message waits for room. */
    boolean isWaiting() {
        return message != null;
    }

    /** Whether a message waits for room that its own application will make, or has made. */
    boolean isWaitingForReader() {
        return message != null && (redirect == null || isForOwnReader());
    }

    @SuppressWarnings("ReferenceEquality")
    private boolean isForOwnReader() {
        return redirect.ingress() && redirect.target() == psock.socket();
    }

    /** Bytes that wait. */
    long bytes() {
        return message == null ? 0 : message.length();
    }

    /**
     * Takes a message, to {@link #tryNow}.
     *
     * @param to where it goes; or null, to the own application
     */
    void take(Chunk judged, Redirect to) {
        // A message that a program emptied is none any more, except where messages may be empty.
        var target = to == null ? psock.socket() : to.target();
        boolean kept = psock.kind().keepsMessages() && target.kind().keepsMessages();
        if (judged.length() == 0 && !kept) return;
        message = judged.compact();
        redirect = to;
    }

    /** Takes a message of that length away that goes to the own application; or null. */
    Chunk takeOwn(int length) {
        if (message == null || redirect != null || message.length() != length) return null;
        var own = message;
        ledger.passed(own.length());
        goOn();
        return own;
    }

    /** Hands the message over, if there is one; false if there is no room for it yet. */
    boolean tryNow() {
        if (message == null) return true;
        if (redirect != null && redirect.isDead()) {
            lose("redirected to a socket that is gone");
        } else if (acquire(message.length())) {
            give();
        } else if (redirect != null && redirect.dropsWhenFull()) {
            lose("redirected to a socket that is full");
        } else {
            pause();
            wakeUp.await(credit());
            // Had the target gone just before, nobody would wake this socket.
            return redirect != null && redirect.isDead() && tryNow();
        }
        goOn();
        return true;
    }

    /**
     * Nobody will read. A message that goes elsewhere goes all the same, somewhat beyond its
     * target's limit if need be: its verdict was given.
     */
    void finish() {
        if (message == null) return;
        if (redirect == null || redirect.isDead()) {
            ledger.drop(message);
        } else if (redirect.tryAcquireAtLast(credit(), message.length())) {
            give();
        } else {
            lose("redirected to a socket that is full");
        }
        goOn();
    }

    private void pause() {
        if (paused) return;
        paused = true;
        listener.paused(psock.socket(), Optional.ofNullable(redirect).map(Redirect::target));
    }

    /** Nothing waits any more. */
    private void goOn() {
        message = null;
        redirect = null;
        if (!paused) return;
        paused = false;
        listener.resumed(psock.socket());
    }

    private Credit credit() {
        return redirect == null ? psock.ingressQueue().credit() : redirect.backlog();
    }

    private boolean acquire(int bytes) {
        return redirect == null ? credit().tryAcquire(bytes) : redirect.tryAcquire(credit(), bytes);
    }

    private void lose(String reason) {
        ledger.drop(message);
        psock.lost(message.length(), reason);
    }

    /** Gives the message away, with the credit that was taken for it. */
    private void give() {
        if (redirect == null) {
            ledger.passed(message.length());
            psock.intake().ingress(message);
        } else {
            ledger.redirected(message.length());
            redirect.target().psock().intake().accept(psock, message, redirect.ingress());
        }
    }
}
