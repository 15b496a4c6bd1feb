package io.jsockmap.provider;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;

/** Who watches a channel: keys of selectors, and threads that wait for it. */
final class Watchers {
    /** Ends a wait. */
    interface Wait extends AutoCloseable {
        @Override
        void close();
    }

    private final List<SockmapKey> keys = new CopyOnWriteArrayList<>();
    private volatile Thread reader;
    private volatile Thread writer;

    /** A channel that blocks has no keys that count. */
    private volatile boolean blocking = true;

    void add(SockmapKey key) {
        keys.add(key);
        key.changed();
    }

    void remove(SockmapKey key) {
        keys.remove(key);
    }

    /** To be called before the platform's channel is told. */
    void configureBlocking(boolean block) {
        blocking = block;
        // A channel can block when its keys are cancelled, before their selectors know of it.
        for (var key : keys) {
            if (!key.isValid()) key.cancelPlatform();
        }
    }

    /** Whether a selector of the application looks after the channel. */
    boolean areSelecting() {
        return !blocking && hasValidKey();
    }

    private boolean hasValidKey() {
        for (var key : keys) {
            if (key.isValid()) return true;
        }
        return false;
    }

    boolean isReaderWaiting() {
        return reader != null;
    }

    /** The caller is told of changes until the wait ends; there is one reader at a time. */
    Wait readerWaits() {
        reader = Thread.currentThread();
        return () -> reader = null;
    }

    /** As {@link #readerWaits}, of the one who writes. */
    Wait writerWaits() {
        writer = Thread.currentThread();
        return () -> writer = null;
    }

    /** Has all of them look; on any thread. */
    void changed() {
        for (var key : keys) key.changed();
        wake(reader);
        wake(writer);
    }

    private static void wake(Thread waiting) {
        if (waiting != null) LockSupport.unpark(waiting);
    }
}
