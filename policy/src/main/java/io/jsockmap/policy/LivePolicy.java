package io.jsockmap.policy;

import io.jsockmap.bpf.BpfException;
import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.compiler.CompilingMachine;
import io.jsockmap.bpf.compiler.Rehearsal;
import io.jsockmap.bpf.object.ObjectReader;
import io.jsockmap.bpf.object.ObjectSpec;
import io.jsockmap.sockmap.Admission;
import io.jsockmap.sockmap.Scope;
import io.jsockmap.sockmap.UserEngine;
import io.jsockmap.sockmap.UserObject;
import io.jsockmap.sockmap.map.Succession;
import io.jsockmap.sockmap.program.SampleContexts;
import io.jsockmap.sockmap.socket.Addresses;
import io.jsockmap.sockmap.socket.Sock;
import io.jsockmap.sockmap.socket.SockListener;
import io.jsockmap.sockmap.socket.Transport;

import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;

/**
 * A policy in force: it decides which of an application's sockets come under the engine, puts them
 * into maps, and can be replaced by another version while they carry traffic, or the last one be
 * brought back. Whatever goes wrong with a new version leaves the present one as it was.
 *
 * <p>Sockets keep their keys in maps of the same name; what a version inserts into maps that the
 * one before did not have is inserted for those that are there already, too.
 *
 * {@snippet class="io.jsockmap.policy.examples.PolicyExamples" region="live"}
 */
public final class LivePolicy implements Admission, AutoCloseable {
    private static final System.Logger LOG = System.getLogger("io.jsockmap.policy");

    /** How many versions can be brought back. */
    private static final int REMEMBERED = 16;

    private final UserEngine engine;
    private final Scope scope;
    private final PolicyLimits limits;
    private final Map<Sock, Role> sockets = new ConcurrentHashMap<>();

    /** Sockets come in by the one, versions by the other. */
    private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();

    /** Versions take turns; guarded by this. */
    private final List<Version> versions = new ArrayList<>();

    private volatile LoadedVersion present;

    /** Of the files that were put into force last. */
    private volatile Snapshot snapshot;

    private volatile Optional<String> takenBack = Optional.empty();

    private LivePolicy(UserEngine engine, PolicyFile file) {
        this.engine = engine;
        limits = file.limits();
        scope = engine.scope(file.name());
    }

    /**
     * Puts the policy of a file into force.
     *
     * @throws BpfException if the file or the object it names is refused
     */
    public static LivePolicy open(Path file) {
        return open(PolicyFile.read(file), SockListener.NONE);
    }

    /**
     * Puts a policy into force.
     *
     * @param listener hears what happens to its sockets
     * @throws BpfException if the object is refused, or the policy does not fit it
     */
    public static LivePolicy open(PolicyFile file, SockListener listener) {
        var rehearsal = new Rehearsal(UserEngine.mapKinds(), new SampleContexts());
        var machine = new CompilingMachine(rehearsal).limitedTo(file.limits().instructions());
        var settings =
                UserEngine.Settings.DEFAULT
                        .with(machine)
                        .with(file.limits().socket())
                        .with(listener);
        var policy = new LivePolicy(UserEngine.open(settings), file);
        policy.replace(file);
        return policy;
    }

    // --- Versions --------------------------------------------------------------------------------

    /**
     * Puts another version into force, as {@link Scope#replace}.
     *
     * @throws BpfException if it is refused; the present one stays in force
     */
    public synchronized Version replace(PolicyFile file) {
        return replace(Snapshot.of(file));
    }

    /** What was written since the snapshot counts, and makes another one. */
    synchronized Version replace(Snapshot files) {
        var version = replace(files.policy(), ObjectReader.read(files.policy().object()));
        snapshot = files;
        takenBack = Optional.empty();
        return version;
    }

    Snapshot snapshot() {
        return snapshot;
    }

    /** Why the files that were put into force last are not any more; empty if they are. */
    Optional<String> takenBack() {
        return takenBack;
    }

    /**
     * Puts the version before the present one into force again, as a new one.
     *
     * @throws BpfException ENOENT if there is none before it
     */
    public synchronized Version rollBack() {
        if (versions.size() < 2) {
            throw new BpfException(Errno.ENOENT, "there is no version before " + version());
        }
        var undone = List.copyOf(versions.subList(versions.size() - 2, versions.size()));
        var again = replace(undone.getFirst().file(), undone.getFirst().object());
        versions.removeAll(undone);
        takenBack =
                Optional.of("%s was taken back: %s is in force".formatted(undone.getLast(), again));
        return again;
    }

    private Version replace(PolicyFile file, ObjectSpec object) {
        if (!file.limits().equals(limits)) {
            LOG.log(Level.WARNING, "policy {0}: limits stay {1}", file.name(), limits);
        }
        int number = present == null ? 1 : present.version().number() + 1;
        var version = new Version(number, Instant.now(), file, object);
        var next = LoadedVersion.load(engine, version, Optional.ofNullable(present));
        try {
            putInForce(next);
        } catch (BpfException e) {
            next.giveUp();
            throw e;
        }
        versions.add(version);
        if (versions.size() > REMEMBERED) versions.removeFirst();
        LOG.log(Level.INFO, "policy {0}: {1} is in force", file.name(), version);
        return version;
    }

    private void putInForce(LoadedVersion next) {
        lock.writeLock().lock();
        try {
            var before = present;
            if (before == null) {
                next.sockOps().forEach(scope::attach);
                present = next;
                return;
            }
            Map<Sock, List<Succession.Place>> more = new HashMap<>();
            sockets.forEach(
                    (socket, role) -> more.put(socket, next.morePlaces(role, socket, before)));
            scope.replace(before.object(), next.object(), more);
            present = next;
            before.object().close();
        } finally {
            lock.writeLock().unlock();
        }
    }

    /** The version in force. */
    public Version version() {
        return present.version();
    }

    /** The versions there were, the present one last. */
    public synchronized List<Version> versions() {
        return List.copyOf(versions);
    }

    /** The object in force, whose maps may be read and written. */
    public UserObject object() {
        return present.object();
    }

    /** Where its programs run. */
    public UserEngine engine() {
        return engine;
    }

    // --- Sockets ---------------------------------------------------------------------------------

    @Override
    public Optional<Sock> accepted(Addresses addresses, Transport transport) {
        return admit(Role.ACCEPTED, addresses, () -> scope.accepted(addresses, transport));
    }

    @Override
    public Optional<Sock> connected(Addresses addresses, Transport transport) {
        return admit(Role.CONNECTED, addresses, () -> scope.connected(addresses, transport));
    }

    @Override
    public Optional<Sock> opened(Addresses addresses, Transport transport) {
        var role = addresses.kind().keepsMessages() ? Role.DATAGRAM : Role.UNIX;
        return admit(role, addresses, () -> scope.opened(addresses, transport));
    }

    private Optional<Sock> admit(Role role, Addresses addresses, Supplier<Sock> open) {
        lock.readLock().lock();
        try {
            var version = present;
            if (!version.version().file().coverage().covers(role, addresses)) {
                return Optional.empty();
            }
            if (sockets.size() >= limits.sockets()) throw tooMany(addresses);
            var socket = open.get();
            sockets.put(socket, role);
            insert(version, role, socket);
            return Optional.of(socket);
        } finally {
            lock.readLock().unlock();
        }
    }

    private void insert(LoadedVersion version, Role role, Sock socket) {
        try {
            version.insert(role, socket);
        } catch (BpfException e) {
            socket.abort();
            closed(socket);
            throw e;
        }
    }

    private BpfException tooMany(Addresses addresses) {
        return new BpfException(
                Errno.ENOSPC,
                "policy %s: %s is refused: %d sockets are under it already (limits: sockets)"
                        .formatted(version().file().name(), addresses, limits.sockets()));
    }

    @Override
    public void closed(Sock socket) {
        sockets.remove(socket);
        engine.closed(socket);
    }

    /** How many sockets are under the policy now. */
    public int sockets() {
        return sockets.size();
    }

    /** Resets all sockets that are under it. */
    @Override
    public void close() {
        engine.close();
    }

    @Override
    public String toString() {
        return "policy %s, %s".formatted(version().file().name(), version());
    }
}
