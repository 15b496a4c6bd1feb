package io.jsockmap.provider;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.spi.SelectorProvider;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Looks after channels that no selector of the application looks after: those that block, whose
 * threads may wait or be elsewhere, those that are registered nowhere, and those that are closed
 * and have bytes to write. One thread for all, begun with the first.
 */
final class Pump {
    private static final System.Logger LOG = System.getLogger("io.jsockmap.provider");

    private final SelectorProvider platform;
    private final Queue<Conduit> changed = new ConcurrentLinkedQueue<>();

    /** Made with the thread. */
    private volatile Selector selector;

    private volatile boolean asleep;

    Pump(SelectorProvider platform) {
        this.platform = platform;
    }

    /** Has the pump look what a conduit wants; on any thread. */
    void look(Conduit conduit) {
        if (!conduit.pumpLooks.compareAndSet(false, true)) return;
        changed.add(conduit);
        wakeUp();
    }

    /** A channel was closed: its descriptor is freed when it has left the selector. */
    void forget(Conduit conduit) {
        if (selector != null && conduit.channel().keyFor(selector) != null) wakeUp();
    }

    private void wakeUp() {
        if (selector == null) begin();
        else if (asleep) selector.wakeup();
    }

    private synchronized void begin() {
        if (selector != null) return;
        try {
            selector = platform.openSelector();
        } catch (IOException e) {
            throw new UncheckedIOException("no selector for channels of the engine", e);
        }
        Thread.ofPlatform().daemon().name("jsockmap pump").start(this::run);
    }

    private void run() {
        List<SelectionKey> ready = new ArrayList<>();
        while (true) {
            try {
                asleep = true;
                if (changed.isEmpty()) selector.select(ready::add);
                else selector.selectNow(ready::add);
                asleep = false;
                for (var key : ready) serve((Conduit) key.attachment(), key);
                serveChanged();
            } catch (IOException | RuntimeException e) {
                LOG.log(System.Logger.Level.ERROR, "the pump goes on after a failure", e);
            }
            ready.clear();
        }
    }

    private void serve(Conduit conduit, SelectionKey key) {
        try {
            // Of what is watched some may not be wanted any more.
            conduit.ready(key.readyOps() & conduit.pumpWatch(), false);
        } catch (CancelledKeyException _) {
            return;
        }
        watch(conduit);
    }

    private void serveChanged() {
        for (var next = changed.poll(); next != null; next = changed.poll()) {
            next.pumpLooks.set(false);
            next.transmit();
            watch(next);
        }
    }

    private void watch(Conduit conduit) {
        try {
            do {
                // Noted first: whoever wants more from now on sees that it is not watched for.
                int wanted = conduit.pumpWatch();
                conduit.pumpInterest = wanted;
                var key = conduit.channel().keyFor(selector);
                boolean wants = wanted != 0;
                // It may have been another conduit's on the same channel.
                if (wants) conduit.channel().register(selector, wanted, conduit);
                else if (key != null && key.attachment() == conduit) key.interestOps(0);
            } while ((conduit.pumpWatch() & ~conduit.pumpInterest) != 0);
        } catch (ClosedChannelException | CancelledKeyException _) {
            // Closed meanwhile, so there is nothing to look after.
        }
    }
}
