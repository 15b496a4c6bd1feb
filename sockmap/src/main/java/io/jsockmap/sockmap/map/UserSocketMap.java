package io.jsockmap.sockmap.map;

import io.jsockmap.bpf.BpfException;
import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.map.BpfMap;
import io.jsockmap.bpf.map.Key;
import io.jsockmap.bpf.map.MapDefinition;
import io.jsockmap.bpf.map.MapException;
import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.bpf.memory.Region;
import io.jsockmap.bpf.program.Program;
import io.jsockmap.sockmap.socket.FullTarget;
import io.jsockmap.sockmap.socket.Inherited;
import io.jsockmap.sockmap.socket.Sock;
import io.jsockmap.sockmap.socket.SockmapSocket;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

/**
 * A map of sockets, with the programs that sockets inherit when they are inserted. Lookups take no
 * lock; updates of one map take turns.
 *
 * {@snippet class="io.jsockmap.sockmap.examples.MapExamples" region="entries"}
 */
public abstract sealed class UserSocketMap extends BpfMap implements SocketMap
        permits UserSockMap, UserSockHash {
    private static final int NUMA_NODE = 1 << 2;
    private static final int FLAGS = NUMA_NODE | RDONLY | WRONLY;

    /** Held for the update of a slot, never while a program runs or a transport is called. */
    private final ReentrantLock updates = new ReentrantLock();

    private final ProgramSlots slots = new ProgramSlots(this);
    private volatile FullTarget whenFull = FullTarget.BLOCK;

    /** The map that took its place, where all that was in it is found. */
    private volatile UserSocketMap successor;

    /** Where sockets come from: another map while they move here, and then this one. */
    private volatile UserSocketMap predecessor;

    UserSocketMap(MapDefinition definition) {
        super(definition);
        int size = definition.valueSize();
        if (size != Integer.BYTES && size != Long.BYTES) {
            throw failure(Errno.EINVAL, "a value of %d bytes, expected 4 or 8".formatted(size));
        }
        if ((definition.flags() & ~FLAGS) != 0) {
            throw failure(Errno.EINVAL, "flags 0x%x".formatted(definition.flags()));
        }
    }

    // --- Programs --------------------------------------------------------------------------------

    @Override
    public void attach(Program program, AttachType type) {
        slots.attach(program, type);
    }

    @Override
    public void detach(Program program, AttachType type) {
        slots.detach(program, type);
    }

    @Override
    public Optional<Program> attached(AttachType type) {
        return slots.attached(type);
    }

    @Override
    public UserLink link(Program program, AttachType type) {
        return slots.link(program, type);
    }

    /** What a socket inserted now would inherit. */
    public Inherited programs() {
        return slots.all();
    }

    /** Whether a link holds one of the programs. */
    boolean isLinked() {
        return slots.isLinked();
    }

    /** What becomes of bytes that are redirected by this map to a socket without room. */
    public FullTarget whenFull() {
        return whenFull;
    }

    /** Changes {@link #whenFull} for the redirects to come. */
    public void setWhenFull(FullTarget policy) {
        whenFull = Objects.requireNonNull(policy);
    }

    // --- Sockets ---------------------------------------------------------------------------------

    /**
     * As for any engine; what the socket has received before is judged at once. A failed update
     * changes nothing.
     *
     * @throws BpfException EPERM for a BPF_F_RDONLY or frozen map; EBADF for a closed socket;
     *     EOPNOTSUPP for one that is not established; EBUSY if it has a program of a kind that this
     *     map brings; EEXIST or ENOENT by the flag; E2BIG without room, or for an index beyond the
     *     end
     */
    @Override
    public void update(byte[] key, SockmapSocket socket, UpdateFlag flag) {
        if (!(socket instanceof Sock mine)) {
            throw failure(Errno.ENOTSOCK, "socket %s belongs to another engine".formatted(socket));
        }
        if (key.length != keySize()) {
            throw failure(
                    Errno.EINVAL,
                    "a key of %d bytes, expected %d".formatted(key.length, keySize()));
        }
        write(() -> insert(new Entry(this, Key.of(key), mine, slots.all(), false), flag));
    }

    /** {@code bpf_sock_map_update} and {@code bpf_sock_hash_update}: 0, or an errno, negative. */
    public long updateSocketFromProgram(byte[] key, Sock socket, long flags) {
        var flag = UpdateFlag.of(flags);
        if (flag.isEmpty()) return Errno.EINVAL.negative();
        try {
            insert(new Entry(this, Key.of(key), socket, slots.all(), true), flag.get());
            return 0;
        } catch (BpfException e) {
            // The program learns the errno only; people want to know more.
            socket.insertionRefused(e);
            return e.errno().negative();
        }
    }

    private void insert(Entry entry, UpdateFlag flag) {
        if (tryInsert(entry, flag)) return;
        successor.insert(entry.in(successor), flag);
    }

    /** False if another map is to be asked, which took the place of this one. */
    private boolean tryInsert(Entry entry, UpdateFlag flag) {
        Entry replaced;
        var key = entry.tableKey();
        var socket = entry.socket();
        // The kernel's order of checks; the last one that can fail comes before any change.
        socket.checkState(entry);
        checkIndex(key);
        updates.lock();
        try {
            if (successor != null) return false;
            socket.checkConflicts(entry);
            var present = entryAt(key);
            if (present != null && flag == UpdateFlag.NOEXIST) throw occupied(key.bytes());
            if (present == null && flag == UpdateFlag.EXIST) throw missing(key.bytes());
            if (present == null && isFull()) throw full(entry);
            socket.link(entry);
            put(key, entry);
            replaced = present;
        } finally {
            updates.unlock();
        }
        if (replaced != null) replaced.socket().unlink(replaced);
        if (!entry.inherited().isEmpty()) socket.programsChanged();
        return true;
    }

    private MapException full(Entry entry) {
        var socket = entry.socket();
        return failure(
                Errno.E2BIG,
                "no room for key %s and socket %s, in state %s: all %d entries are in use; delete some or raise max_entries"
                        .formatted(entry.tableKey(), socket, socket.state(), maxEntries()));
    }

    /**
     * The socket of a key, for programs and applications that hold both; takes no lock, allocates
     * nothing, and does not keep the key.
     */
    public final Optional<Sock> socket(Key key) {
        return socketOf(present(key));
    }

    /** The entry of a key: here, or where it comes from or has gone to when maps are replaced. */
    private Entry present(Key key) {
        var entry = entryAt(key);
        if (entry != null) return entry;
        var from = predecessor;
        if (from != null) {
            entry = from.entryAt(key);
            // It may just have come, and may even have gone on.
            if (entry == null) entry = entryAt(key);
            if (entry != null) return entry;
        }
        var to = successor;
        return to == null ? null : to.present(key);
    }

    /** {@link #socket(Key)} for whoever has an array. */
    public final Optional<Sock> socket(byte[] key) {
        return socket(Key.of(key));
    }

    static Optional<Sock> socketOf(Entry entry) {
        return entry == null ? Optional.empty() : entry.found();
    }

    /** How many sockets are in the map. */
    public abstract int size();

    @Override
    public final OptionalLong count() {
        return OptionalLong.of(size());
    }

    /** The entries at about this moment. */
    public final List<Entry> entries() {
        return entryWalk().toList();
    }

    /** The entries one after the other, while the map may change: for who wants a few of many. */
    public abstract Stream<Entry> entryWalk();

    /**
     * Takes out all sockets, as the kernel does when a map is freed, and all programs that no link
     * holds.
     */
    public void clear() {
        slots.clear();
        entries().forEach(Entry::remove);
    }

    /**
     * What the kernel does when the last descriptor and pin of a map go: programs are detached, but
     * sockets stay in the map and keep what they inherited. A link keeps its map's programs: then
     * they are detached when the last link is.
     */
    void detachAll() {
        slots.detachAll();
    }

    /**
     * Nobody has the map any more, as when its last descriptor is closed and no program refers to
     * it: programs and sockets are taken out, at once or when no link holds it any more.
     */
    public void abandon() {
        slots.abandon();
    }

    /** How many of the sockets have no program although one is attached, by inserting too early. */
    public long withoutProgram() {
        if (programs().isEmpty()) return 0;
        return entryWalk().filter(e -> e.inherited().isEmpty()).count();
    }

    void removeEntry(Entry entry) {
        updates.lock();
        try {
            if (entry.equals(entryAt(entry.tableKey()))) take(entry.tableKey());
        } finally {
            updates.unlock();
        }
        entry.socket().unlink(entry);
        entry.heir().ifPresent(Entry::remove);
    }

    @Override
    protected final void remove(byte[] key) {
        var entry = present(Key.of(key));
        if (entry == null) throw nothingAt(key);
        entry.remove();
    }

    // --- Taking the place of another -------------------------------------------------------------

    final void lock() {
        updates.lock();
    }

    final void unlock() {
        updates.unlock();
    }

    /** Sockets are about to move here from a map; both are locked. */
    final void follow(UserSocketMap map) {
        predecessor = map;
        map.successor = this;
    }

    /** Whether another map has taken its place. */
    final boolean isReplaced() {
        return successor != null;
    }

    /** All sockets have moved: who has looked here before that looks once more. */
    final void moved() {
        predecessor = this;
    }

    @Override
    protected final Optional<byte[]> find(byte[] key) {
        if (valueSize() != Long.BYTES) {
            throw failure(
                    Errno.ENOSPC,
                    "values of 4 bytes can't hold a cookie: define the map with values of 8");
        }
        return socket(key)
                .map(
                        socket ->
                                ByteBuffer.allocate(Long.BYTES)
                                        .order(ByteOrder.LITTLE_ENDIAN)
                                        .putLong(socket.cookie())
                                        .array());
    }

    @Override
    protected final void put(byte[] key, byte[] value, UpdateFlag flag) {
        throw failure(Errno.EOPNOTSUPP, "there are no descriptors here: insert the socket itself");
    }

    @Override
    public final Region lookupFromProgram(Key key) {
        var entry = present(key);
        return entry == null ? null : entry.socket().region();
    }

    /** A place that people understand. */
    String place(byte[] key) {
        return "map %s, key %s".formatted(name(), HexFormat.of().formatHex(key));
    }

    abstract void checkIndex(Key key);

    abstract Entry entryAt(Key key);

    abstract boolean isFull();

    /** Keeps the key, which is no scratch key. */
    abstract void put(Key key, Entry entry);

    abstract void take(Key key);

    abstract MapException nothingAt(byte[] key);

    final MapException refused(Errno errno, String problem) {
        return failure(errno, problem);
    }
}
