package io.jsockmap.provider;

import java.nio.channels.CancelledKeyException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.spi.AbstractSelectionKey;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A channel's registration at a selector, and beneath it that of the platform's channel at the
 * platform's selector.
 */
final class SockmapKey extends AbstractSelectionKey {
    private final SelectableChannel channel;
    private final Watched watched;
    private final SockmapSelector selector;
    private final AtomicBoolean listed = new AtomicBoolean();
    private volatile SelectionKey platform;
    private volatile int interest;
    private volatile int ready;

    // Used by the thread that selects.

    /** Whether it is among those that are to be examined. */
    boolean examining;

    /** What the platform's key is interested in. */
    private int watches;

    /** What the platform found ready in this selection. */
    private int found;

    SockmapKey(SelectableChannel channel, Watched watched, SockmapSelector selector) {
        this.channel = channel;
        this.watched = watched;
        this.selector = selector;
    }

    void register(SelectionKey platform) {
        this.platform = platform;
    }

    @Override
    public SelectableChannel channel() {
        return channel;
    }

    @Override
    public Selector selector() {
        return selector;
    }

    @Override
    public int interestOps() {
        ensureValid();
        return interest;
    }

    @Override
    public SelectionKey interestOps(int operations) {
        ensureValid();
        if ((operations & ~channel.validOps()) != 0) {
            throw new IllegalArgumentException(
                    "%s has no such operation: %#x".formatted(channel, operations));
        }
        if (interest != operations) {
            interest = operations;
            changed();
        }
        return this;
    }

    @Override
    public int readyOps() {
        ensureValid();
        return ready;
    }

    private void ensureValid() {
        if (!isValid()) throw new CancelledKeyException();
    }

    Watched watched() {
        return watched;
    }

    /** Has the selector look at it before it waits; on any thread. */
    void changed() {
        if (listed.compareAndSet(false, true)) selector.look(this);
    }

    // --- The thread that selects -----------------------------------------------------------------

    /** From now on changes list it again. */
    void unlist() {
        listed.set(false);
    }

    /** The platform's channel is ready: what the engine needs is done, the rest is noted. */
    void found(int operations) {
        found |= operations;
        var conduit = watched.conduit();
        boolean forReader = (interest & SelectionKey.OP_READ) != 0;
        if (conduit != null) conduit.ready(operations, forReader);
    }

    /** Has the platform watch for what is wanted now, and says what is ready now. */
    int examine() {
        int operations = found;
        found = 0;
        var conduit = watched.conduit();
        int wanted = interest;
        watchFor(conduit == null ? wanted : conduit.watch(wanted));
        return conduit == null ? operations & wanted : conduit.readyFor(wanted, operations);
    }

    /** Whether it stays ready as long as the application leaves it so, without the platform. */
    boolean isUnderEngine() {
        return watched.conduit() != null;
    }

    private void watchFor(int operations) {
        if (watches == operations) return;
        try {
            platform.interestOps(operations);
            watches = operations;
        } catch (CancelledKeyException _) {
            // The channel was closed meanwhile, so nothing is to be watched.
        }
    }

    void cancelPlatform() {
        platform.cancel();
    }

    /** Notes what is ready; of a key that was selected before, what it was ready for too. */
    boolean setReady(int operations, boolean selectedBefore) {
        int now = selectedBefore ? ready | operations : operations;
        boolean news = !selectedBefore || now != ready;
        ready = now;
        return news;
    }
}
