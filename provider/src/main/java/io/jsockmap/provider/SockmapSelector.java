package io.jsockmap.provider;

import java.io.IOException;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.spi.AbstractSelectableChannel;
import java.nio.channels.spi.AbstractSelector;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * A selector for channels of ours. It waits at a selector of the platform, and moves the bytes of
 * those that are ready there; a key is selected if the application would find something then, which
 * may also have come from another socket.
 */
final class SockmapSelector extends AbstractSelector {
    private static final long FOR_EVER = -1;
    private static final long NOT = 0;

    private final Selector platform;
    private final Set<SelectionKey> keys = ConcurrentHashMap.newKeySet();
    private final Set<SelectionKey> selected = new HashSet<>();
    private final Set<SelectionKey> visibleKeys = Collections.unmodifiableSet(keys);
    private final SelectedKeys visibleSelected = new SelectedKeys(selected);

    /** Keys to look at, because something changed. */
    private final Queue<SockmapKey> changed = new ConcurrentLinkedQueue<>();

    /** Guards against a registration between the two halves of a deregistration. */
    private final Object registrations = new Object();

    private volatile boolean asleep;
    private volatile boolean wokenUp;

    // Used by the thread that selects.

    /** Keys under the engine that were ready, and are until the application takes what is there. */
    private List<SockmapKey> stillReady = new ArrayList<>();

    private final List<SockmapKey> toExamine = new ArrayList<>();
    private boolean selecting;

    SockmapSelector(SockmapSelectorProvider provider, Selector platform) {
        super(provider);
        this.platform = platform;
    }

    @Override
    public Set<SelectionKey> keys() {
        ensureOpen();
        return visibleKeys;
    }

    @Override
    public Set<SelectionKey> selectedKeys() {
        ensureOpen();
        return visibleSelected;
    }

    private void ensureOpen() {
        if (!isOpen()) throw new ClosedSelectorException();
    }

    @Override
    public Selector wakeup() {
        wokenUp = true;
        if (asleep) platform.wakeup();
        return this;
    }

    /** Has the selector look at a key, before it waits or instead of waiting; on any thread. */
    void look(SockmapKey key) {
        changed.add(key);
        if (asleep) platform.wakeup();
    }

    // --- Selecting -------------------------------------------------------------------------------

    @Override
    public int selectNow() throws IOException {
        return selectFor(null, NOT);
    }

    @Override
    public int select(long timeout) throws IOException {
        return selectFor(null, patience(timeout));
    }

    @Override
    public int select() throws IOException {
        return selectFor(null, FOR_EVER);
    }

    @Override
    public int selectNow(Consumer<SelectionKey> action) throws IOException {
        return selectFor(Objects.requireNonNull(action), NOT);
    }

    @Override
    public int select(Consumer<SelectionKey> action, long timeout) throws IOException {
        return selectFor(Objects.requireNonNull(action), patience(timeout));
    }

    @Override
    public int select(Consumer<SelectionKey> action) throws IOException {
        return selectFor(Objects.requireNonNull(action), FOR_EVER);
    }

    private static long patience(long timeout) {
        if (timeout < 0) throw new IllegalArgumentException("a negative timeout: " + timeout);
        return timeout == 0 ? FOR_EVER : TimeUnit.MILLISECONDS.toNanos(timeout);
    }

    private int selectFor(Consumer<SelectionKey> action, long patience) throws IOException {
        synchronized (this) {
            ensureOpen();
            if (selecting) throw new IllegalStateException("a selection is in progress");
            selecting = true;
            try {
                synchronized (visibleSelected) {
                    return selectUntil(action, patience, System.nanoTime());
                }
            } finally {
                selecting = false;
                wokenUp = false;
            }
        }
    }

    private int selectUntil(Consumer<SelectionKey> action, long patience, long begin)
            throws IOException {
        while (true) {
            deregisterCancelled();
            for (var key : stillReady) toExamine(key);
            takeChanged();
            var ready = examine();
            long left = patience <= 0 ? patience : patience - (System.nanoTime() - begin);
            boolean over = patience > 0 && left <= 0;
            look(ready.isEmpty() && !over ? left : NOT);
            ensureOpen();
            // What was found before it looked at the platform is looked at once more, with the
            // rest.
            for (var entry : ready) toExamine(entry.key());
            takeChanged();
            deregisterCancelled();
            ready = examine();
            if (!ready.isEmpty()) return deliver(ready, action);
            stillReady.clear();
            boolean goesOn = !wokenUp && !over && patience != NOT;
            if (!goesOn || Thread.currentThread().isInterrupted()) return 0;
        }
    }

    private record Ready(SockmapKey key, int operations) {}

    private void takeChanged() {
        for (var key = changed.poll(); key != null; key = changed.poll()) {
            key.unlist();
            toExamine(key);
        }
    }

    private void toExamine(SockmapKey key) {
        if (key.examining) return;
        key.examining = true;
        toExamine.add(key);
    }

    private List<Ready> examine() {
        List<Ready> ready = new ArrayList<>();
        for (var key : toExamine) {
            key.examining = false;
            int operations = key.isValid() ? key.examine() : 0;
            if (operations != 0) ready.add(new Ready(key, operations));
        }
        toExamine.clear();
        return ready;
    }

    /** Waits at the platform, and does what the engine needs of the channels that are ready. */
    private void look(long patience) throws IOException {
        List<SelectionKey> found = new ArrayList<>();
        asleep = true;
        try {
            boolean waits = patience != NOT && !wokenUp && changed.isEmpty();
            if (!waits) platform.selectNow(found::add);
            else if (patience == FOR_EVER) platform.select(found::add);
            else platform.select(found::add, TimeUnit.NANOSECONDS.toMillis(patience) + 1);
        } catch (ClosedSelectorException _) {
            // This selector was closed meanwhile, and says so itself.
        } finally {
            asleep = false;
        }
        for (var key : found) note(key);
    }

    private void note(SelectionKey platformKey) {
        var key = (SockmapKey) platformKey.attachment();
        try {
            key.found(platformKey.readyOps());
            toExamine(key);
        } catch (CancelledKeyException _) {
            // Its channel was closed meanwhile.
        }
    }

    private int deliver(List<Ready> ready, Consumer<SelectionKey> action) {
        stillReady = new ArrayList<>(ready.size());
        for (var entry : ready) {
            if (entry.key().isUnderEngine()) stillReady.add(entry.key());
        }
        int count = 0;
        for (var entry : ready) {
            if (action == null ? select(entry) : hand(entry, action)) count++;
        }
        return count;
    }

    private boolean select(Ready entry) {
        boolean before = !selected.add(entry.key());
        return entry.key().setReady(entry.operations(), before);
    }

    private boolean hand(Ready entry, Consumer<SelectionKey> action) {
        if (!entry.key().isValid()) return false;
        entry.key().setReady(entry.operations(), false);
        action.accept(entry.key());
        ensureOpen();
        return true;
    }

    // --- Registering -----------------------------------------------------------------------------

    @Override
    protected SelectionKey register(
            AbstractSelectableChannel channel, int operations, Object attachment) {
        ensureOpen();
        var watched = Watched.of(channel);
        var key = new SockmapKey(channel, watched, this);
        key.attach(attachment);
        try {
            synchronized (registrations) {
                key.register(watched.platform().register(platform, 0, key));
            }
        } catch (ClosedChannelException _) {
            throw new CancelledKeyException();
        }
        keys.add(key);
        key.interestOps(operations);
        watched.watchers().add(key);
        return key;
    }

    private void deregisterCancelled() throws IOException {
        var cancelled = cancelledKeys();
        synchronized (cancelled) {
            if (cancelled.isEmpty()) return;
            synchronized (registrations) {
                for (var key : cancelled) deregister((SockmapKey) key);
                cancelled.clear();
                // What it finds ready it finds again.
                platform.selectNow(_ -> {});
            }
        }
    }

    private void deregister(SockmapKey key) {
        keys.remove(key);
        selected.remove(key);
        key.cancelPlatform();
        super.deregister(key);
        key.watched().watchers().remove(key);
        var conduit = key.watched().conduit();
        if (conduit != null) conduit.changed();
    }

    @Override
    protected void implCloseSelector() throws IOException {
        wakeup();
        platform.close();
        synchronized (this) {
            synchronized (visibleSelected) {
                for (var key : keys) {
                    key.cancel();
                    deregister((SockmapKey) key);
                }
                cancelledKeys().clear();
            }
        }
    }

    @Override
    public String toString() {
        return "SockmapSelector on " + platform;
    }
}
