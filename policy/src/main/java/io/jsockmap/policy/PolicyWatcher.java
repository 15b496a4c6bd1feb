package io.jsockmap.policy;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Puts a policy into force anew when its file, or one that it names, has changed: by being written,
 * renamed, or reached by another link, as in a mounted ConfigMap. What is written is looked at once
 * nothing more was written for a moment; a version that is refused is logged, and the present one
 * stays.
 *
 * {@snippet class="io.jsockmap.policy.examples.PolicyExamples" region="watch"}
 */
public final class PolicyWatcher implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger("io.jsockmap.policy");
    private static final long QUIET_MILLISECONDS = 200;

    private final LivePolicy policy;
    private final Path file;
    private final WatchService watch;
    private final Set<Path> folders = new HashSet<>();
    private final Thread thread;
    private volatile Optional<String> problem = Optional.empty();

    /** What was looked at last, refused or not. */
    private Snapshot seen;

    private PolicyWatcher(LivePolicy policy, Path file) throws IOException {
        this.policy = policy;
        this.file = file;
        watch = file.getFileSystem().newWatchService();
        seen = policy.snapshot();
        register(seen);
        thread = Thread.ofPlatform().daemon().name("policy watcher").unstarted(this::run);
    }

    /**
     * Watches the file that a policy was read from.
     *
     * @throws IOException if its folder can't be watched
     */
    public static PolicyWatcher start(LivePolicy policy) throws IOException {
        var watcher = new PolicyWatcher(policy, policy.version().file().file());
        watcher.thread.start();
        return watcher;
    }

    /**
     * Why what is written now is not in force: it was refused, or taken back by {@link
     * LivePolicy#rollBack}, in which case it comes back when the program is started again. Empty if
     * it is in force.
     */
    public Optional<String> problem() {
        return problem.or(policy::takenBack);
    }

    private void register(Snapshot files) throws IOException {
        for (var path : files.files()) {
            var folder = path.getParent();
            if (!folders.add(folder)) continue;
            folder.register(
                    watch,
                    StandardWatchEventKinds.ENTRY_CREATE,
                    StandardWatchEventKinds.ENTRY_MODIFY,
                    StandardWatchEventKinds.ENTRY_DELETE);
        }
    }

    private void run() {
        try {
            // What was written before anybody watched is looked at first.
            for (awaitQuiet(); ; awaitChange()) look();
        } catch (ClosedWatchServiceException _) {
            // Nobody wants to know any more.
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /** Until something has changed, and then nothing for a moment. */
    private void awaitChange() throws InterruptedException {
        forget(watch.take());
        awaitQuiet();
    }

    private void awaitQuiet() throws InterruptedException {
        for (var key = quiet(); key != null; key = quiet()) forget(key);
    }

    private WatchKey quiet() throws InterruptedException {
        return watch.poll(QUIET_MILLISECONDS, TimeUnit.MILLISECONDS);
    }

    private static void forget(WatchKey changed) {
        changed.pollEvents();
        changed.reset();
    }

    private void look() {
        try {
            var now = Snapshot.of(PolicyFile.read(file));
            register(now);
            boolean known = now.equals(seen);
            seen = now;
            if (!now.equals(policy.snapshot())) {
                // What was refused would be refused again.
                if (known) return;
                policy.replace(now);
            }
            problem = Optional.empty();
        } catch (IOException | RuntimeException e) {
            // Whatever it is, what is written next is to be looked at, too.
            problem = Optional.of(String.valueOf(e.getMessage()));
            LOG.log(
                    Level.WARNING,
                    "policy {0} stays as it is, {1}: {2}",
                    policy.version().file().name(),
                    policy.version(),
                    e.getMessage());
        }
    }

    /** Stops to watch; the policy stays in force. */
    @Override
    public void close() throws IOException {
        watch.close();
    }
}
