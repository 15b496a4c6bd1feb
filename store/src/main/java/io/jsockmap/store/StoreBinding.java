package io.jsockmap.store;

import io.jsockmap.bpf.BpfException;
import io.jsockmap.bpf.Errno;
import io.jsockmap.sockmap.SockmapObject;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Keeps maps of an object as etcd has them, so that all hosts that are bound to the same entries
 * have the same policy.
 *
 * <p>The store is the truth. First all entries are read, and the maps changed where they differ;
 * then each change follows. While the store is away, the maps stay as they were; when it is back,
 * all entries are read again. No element that the store never deleted is ever missing.
 *
 * <p>All methods may be called from any thread.
 *
 * {@snippet class="io.jsockmap.store.examples.StoreExamples" region="bind"}
 */
public final class StoreBinding implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger("io.jsockmap.store");

    /** How often it is looked whether another object is in force. */
    private static final Duration LOOK = Duration.ofMillis(100);

    private static final Duration SHORTEST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

    private final StoreAddress address;
    private final Map<String, BoundMap> maps = new LinkedHashMap<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final CountDownLatch synced = new CountDownLatch(1);
    private final List<Thread> threads;

    /** Written by the thread that listens. */
    private volatile Contact contact = new Contact();

    /** What is known of the store. */
    private record Contact(
            long heard,
            Optional<Instant> last,
            Optional<Instant> awaySince,
            Optional<String> problem,
            long resyncs) {

        Contact() {
            this(0, Optional.empty(), Optional.of(Instant.now()), Optional.empty(), 0);
        }

        Contact heard(long revision) {
            var now = Optional.of(Instant.now());
            return new Contact(Math.max(heard, revision), now, awaySince, problem, resyncs);
        }

        Contact resynced(long revision) {
            // A store that was restored from a copy may be at an earlier revision than before.
            return new Contact(
                    revision,
                    Optional.of(Instant.now()),
                    Optional.empty(),
                    Optional.empty(),
                    resyncs + 1);
        }

        Contact away(String reason) {
            var since = awaySince.or(() -> Optional.of(Instant.now()));
            return new Contact(heard, last, since, Optional.of(reason), resyncs);
        }
    }

    private StoreBinding(
            StoreAddress address,
            List<SharedMap> shared,
            Supplier<? extends SockmapObject> objects) {
        this.address = address;
        shared.forEach(each -> bind(each, objects));
        threads =
                List.of(
                        Thread.ofPlatform().daemon().name("store listener").unstarted(this::listen),
                        Thread.ofPlatform()
                                .daemon()
                                .name("store follower")
                                .unstarted(this::follow));
    }

    private void bind(SharedMap each, Supplier<? extends SockmapObject> objects) {
        boolean isTwice = maps.values().stream().anyMatch(m -> m.shared().map().equals(each.map()));
        if (isTwice || maps.put(each.prefix(), new BoundMap(each, objects)) != null) {
            throw new BpfException(
                    Errno.EEXIST, "%s: map or prefix is bound already".formatted(each));
        }
    }

    /**
     * Binds maps to a store, whether it is there now or not: until it was read first, they are as
     * the object has them ({@link #awaitSync}).
     *
     * @param shared which maps, by which prefixes
     * @param objects the object that is in force, {@code policy::object}: when it is another one,
     *     its maps are filled too
     * @throws BpfException if the object has no such map, or one of another kind
     */
    public static StoreBinding open(
            StoreAddress address,
            List<SharedMap> shared,
            Supplier<? extends SockmapObject> objects) {
        if (shared.isEmpty()) throw new IllegalArgumentException("no map to bind");
        var binding = new StoreBinding(address, shared, objects);
        binding.threads.forEach(Thread::start);
        return binding;
    }

    /**
     * Waits until the maps are as the store has them.
     *
     * @return whether they were, once, before the time was over
     */
    public boolean awaitSync(Duration longest) throws InterruptedException {
        return synced.await(longest.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** How far the maps follow the store now. */
    public StoreStatus status() {
        var now = contact;
        var each = maps.values().stream().map(BoundMap::status).toList();
        return new StoreStatus(
                each.stream().mapToLong(MapStatus::revision).min().orElse(0),
                now.heard,
                now.last,
                now.awaySince,
                now.problem,
                now.resyncs,
                each);
    }

    // --- The thread that follows the object
    // --------------------------------------------------------

    private void follow() {
        try {
            do maps.values().forEach(BoundMap::follow);
            while (!closed.await(LOOK.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    // --- The thread that listens to the store
    // ------------------------------------------------------

    private void listen() {
        var pause = SHORTEST_PAUSE;
        try {
            do {
                long before = contact.resyncs;
                attempt();
                if (contact.resyncs > before) pause = SHORTEST_PAUSE;
                else pause = longer(pause);
            } while (!closed.await(uneven(pause), TimeUnit.MILLISECONDS));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private static Duration longer(Duration pause) {
        var twice = pause.multipliedBy(2);
        return twice.compareTo(LONGEST_PAUSE) < 0 ? twice : LONGEST_PAUSE;
    }

    /** So that a store that comes back is not asked by all hosts at once. */
    private static long uneven(Duration pause) {
        long most = pause.toMillis();
        return ThreadLocalRandom.current().nextLong(most / 2, most + 1);
    }

    /** Follows the store until it is lost. */
    private void attempt() throws InterruptedException {
        try (var session = new EtcdSession(address)) {
            resync(session);
            hear(session);
        } catch (IOException | RuntimeException e) {
            // Whatever it is, the maps stay as they are and it is tried again.
            boolean isNew = contact.awaySince.isEmpty() || contact.problem.isEmpty();
            contact = contact.away(String.valueOf(e.getMessage()));
            if (isNew) LOG.log(Level.WARNING, "maps stay as they are: {0}", e.getMessage());
        }
    }

    /** Reads all entries, of one moment, and has what comes then told. */
    private void resync(EtcdSession session) throws IOException, InterruptedException {
        Map<String, EtcdSession.Snapshot> snapshots = new HashMap<>();
        long revision = 0;
        for (var prefix : maps.keySet()) {
            var snapshot = session.read(prefix, revision);
            revision = snapshot.revision();
            snapshots.put(prefix, snapshot);
        }
        for (var prefix : maps.keySet()) session.watch(prefix, revision + 1);
        snapshots.forEach(
                (prefix, read) -> maps.get(prefix).reset(read.entries(), read.revision()));
        contact = contact.resynced(revision);
        synced.countDown();
        LOG.log(Level.INFO, "maps are as etcd has them at revision {0}", revision);
    }

    private void hear(EtcdSession session) throws IOException, InterruptedException {
        var pulse = new Pulse(maps.keySet());
        while (true) {
            if (pulse.isDue()) session.ask(maps.keySet().iterator().next());
            var next = session.next(LOOK);
            if (next.isPresent()) take(next.get(), pulse);
            var silent = pulse.silent();
            if (silent.isEmpty()) continue;
            throw new IOException("etcd says nothing of %s any more".formatted(silent.get()));
        }
    }

    private void take(News news, Pulse pulse) {
        switch (news) {
            case News.Changed(var prefix, var changes, long revision) -> {
                pulse.heard(prefix);
                maps.get(prefix).change(changes, revision);
                contact = contact.heard(revision);
            }
            case News.Told(var prefix, long revision) -> {
                pulse.heard(prefix);
                maps.get(prefix).told(revision);
                contact = contact.heard(revision);
            }
            case News.At(long revision) -> contact = contact.heard(revision);
            case News.Lost(var cause) -> throw new IllegalStateException(cause);
        }
    }

    /** Stops to follow the store; the maps stay as they are. No thread is left when it returns. */
    @Override
    public void close() {
        closed.countDown();
        threads.forEach(Thread::interrupt);
        boolean interrupted = false;
        for (var thread : threads) interrupted |= awaitEnd(thread);
        if (interrupted) Thread.currentThread().interrupt();
    }

    private static boolean awaitEnd(Thread thread) {
        boolean interrupted = false;
        while (true) {
            try {
                thread.join();
                return interrupted;
            } catch (InterruptedException _) {
                interrupted = true;
            }
        }
    }
}
