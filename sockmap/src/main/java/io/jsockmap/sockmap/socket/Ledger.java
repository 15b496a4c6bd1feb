package io.jsockmap.sockmap.socket;

import java.util.concurrent.atomic.AtomicLongFieldUpdater;

/** What became of the bytes of one direction. Written in the socket's mailbox only. */
final class Ledger {
    private long in;
    private long edited;
    private long passed;
    private long redirected;
    private long dropped;
    private static final AtomicLongFieldUpdater<Ledger> HELD =
            AtomicLongFieldUpdater.newUpdater(Ledger.class, "held");
    private volatile long held;

    /** Bytes came; negative if they were given back. */
    void came(long bytes) {
        in += bytes;
        hold(bytes);
    }

    /** A program put bytes in, or took bytes out (negative). */
    void edited(long bytes) {
        edited += bytes;
        hold(bytes);
    }

    void passed(long bytes) {
        passed += bytes;
        hold(-bytes);
    }

    void redirected(long bytes) {
        redirected += bytes;
        hold(-bytes);
    }

    void dropped(long bytes) {
        dropped += bytes;
        hold(-bytes);
    }

    /** Others may see it a little later: whoever waits for less is told when it is there. */
    private void hold(long bytes) {
        HELD.lazySet(this, held + bytes);
    }

    /** Throws bytes away. */
    void drop(Chunk bytes) {
        dropped(bytes.length());
        bytes.drop();
    }

    /** Bytes that are neither passed, redirected nor dropped yet; on any thread. */
    long held() {
        return held;
    }

    /**
     * The account.
     *
     * @param found bytes that are really there, counted where they are: if it differs from what
     *     should be held, the account does not balance
     */
    Account.Flow flow(long found) {
        return new Account.Flow(in, edited, passed, redirected, dropped, found);
    }
}
