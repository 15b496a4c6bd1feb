package io.jsockmap.bpf.map;

import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.memory.Region;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A map: what bpf(2) offers to applications, and what the map helpers offer to programs.
 *
 * <p>All methods may be called from any thread at any time. Keys and values are copied. Failures
 * are {@link MapException}s with the errno of bpf(2).
 *
 * {@snippet class="io.jsockmap.bpf.examples.MapExamples" region="hash"}
 */
public abstract class BpfMap {
    /** BPF_F_RDONLY: applications can't write. */
    public static final int RDONLY = 1 << 3;

    /** BPF_F_WRONLY: applications can't read. */
    public static final int WRONLY = 1 << 4;

    /** BPF_F_RDONLY_PROG: programs can't write. */
    public static final int RDONLY_PROG = 1 << 7;

    /** BPF_F_WRONLY_PROG: programs can't read. */
    public static final int WRONLY_PROG = 1 << 8;

    /** BPF_F_NUMA_NODE: where to put it; taken and passed over. */
    protected static final int NUMA_NODE = 1 << 2;

    /** In the place of a number of writes. */
    private static final int FROZEN = -1;

    private static final AtomicInteger IDS = new AtomicInteger();

    private final int id;
    private final MapDefinition definition;

    /** Writes of applications that are under way, or FROZEN. */
    private final AtomicInteger writes = new AtomicInteger();

    protected BpfMap(MapDefinition definition) {
        this(definition, true);
    }

    /**
     * @param counted whether max_entries says how many elements there can be
     */
    BpfMap(MapDefinition definition, boolean counted) {
        this.definition = definition;
        id = IDS.incrementAndGet();
        if (counted
                && (definition.maxEntries() <= 0 || definition.maxEntries() >> Integer.SIZE != 0)) {
            throw failure(Errno.EINVAL, "max_entries is " + definition.maxEntries());
        }
        if (definition.extra() != 0 && !definition.is(MapType.BLOOM_FILTER)) {
            throw failure(Errno.EINVAL, "map_extra is for bloom filters");
        }
        refuseBoth(RDONLY, WRONLY, "both BPF_F_RDONLY and BPF_F_WRONLY");
        refuseBoth(RDONLY_PROG, WRONLY_PROG, "both BPF_F_RDONLY_PROG and BPF_F_WRONLY_PROG");
    }

    /** A map that lies elsewhere, where its definition has been looked at. */
    protected BpfMap(MapDefinition definition, int id) {
        this.definition = definition;
        this.id = id;
    }

    /** Refuses flags of creation that the kind of map does not have. */
    protected final void checkFlags(int allowed) {
        int unknown = definition.flags() & ~allowed;
        if (unknown != 0) throw failure(Errno.EINVAL, "flags 0x%x".formatted(unknown));
    }

    private void refuseBoth(int one, int other, String problem) {
        boolean both = (definition.flags() & one) != 0 && (definition.flags() & other) != 0;
        if (both) throw failure(Errno.EINVAL, problem);
    }

    /** A number that no other map of the engine has. */
    public final int id() {
        return id;
    }

    public final String name() {
        return definition.name();
    }

    public final MapDefinition definition() {
        return definition;
    }

    /** Bytes of a key. */
    public final int keySize() {
        return definition.keySize();
    }

    /** Bytes of a value as a program sees it. */
    public final int valueSize() {
        return definition.valueSize();
    }

    /** How many elements there is room for. */
    public final long maxEntries() {
        return definition.maxEntries();
    }

    /** Whether applications can't write to it any more. */
    public boolean isFrozen() {
        return writes.get() == FROZEN;
    }

    /**
     * The value of a key, or empty if it is not there.
     *
     * @throws MapException EINVAL for a key of another size, EPERM for a BPF_F_WRONLY map
     */
    public final Optional<byte[]> lookup(byte[] key) {
        checkKey(key);
        checkReadable();
        return find(key);
    }

    /**
     * Sets the value of a key.
     *
     * @throws MapException EINVAL for a key or value of another size, EPERM for a BPF_F_RDONLY or
     *     frozen map, EEXIST, ENOENT and E2BIG as the kind of map and the flag have it
     */
    public final void update(byte[] key, byte[] value, UpdateFlag flag) {
        checkKey(key);
        checkValue(value);
        write(() -> put(key, value, flag));
    }

    /**
     * Removes a key.
     *
     * @throws MapException ENOENT if it is not there, EINVAL for an array, EPERM as for update
     */
    public final void delete(byte[] key) {
        checkKey(key);
        write(() -> remove(key));
    }

    /**
     * Removes a key and gives the value it had; of a queue or stack, the element that is next.
     *
     * @throws MapException ENOENT if it is not there, ENOTSUPP for kinds that can't, EPERM for a
     *     map that applications can't both read and write
     */
    public byte[] lookupAndDelete(byte[] key) {
        checkKey(key);
        checkReadable();
        beginWrite();
        try {
            return findAndRemoveOne(key).orElseThrow(() -> missing(key));
        } finally {
            endWrite();
        }
    }

    /** Operations on many elements at once. */
    public Batch batch() {
        return new ElementBatch(this);
    }

    /**
     * The key behind another in the map's own order; the first if that one is not there.
     *
     * @throws MapException EPERM for a BPF_F_WRONLY map
     */
    public final Optional<byte[]> nextKey(byte[] key) {
        checkKey(key);
        checkReadable();
        return following(key);
    }

    /** The first key in the map's own order. */
    public final Optional<byte[]> firstKey() {
        checkReadable();
        return following(null);
    }

    /**
     * The keys at about this moment.
     *
     * @throws MapException EPERM for a BPF_F_WRONLY map
     */
    public final List<byte[]> keys() {
        List<byte[]> keys = new ArrayList<>();
        keyWalk().forEachRemaining(keys::add);
        return keys;
    }

    /**
     * The keys one after the other, while the map may change: for who wants a few of many.
     *
     * @throws MapException EPERM for a BPF_F_WRONLY map
     */
    public final Iterator<byte[]> keyWalk() {
        checkReadable();
        return walk();
    }

    /**
     * BPF_MAP_FREEZE: from now on only programs write.
     *
     * @throws MapException EPERM if it is frozen already, or BPF_F_RDONLY; EBUSY while an
     *     application writes
     */
    public void freeze() {
        checkWritable();
        if (writes.compareAndSet(0, FROZEN)) return;
        checkWritable();
        throw failure(Errno.EBUSY, "an application is writing: freeze it again later");
    }

    /**
     * What {@code bpf_map_lookup_elem} points to, or null. The key has this map's size, and is not
     * kept.
     */
    public abstract Region lookupFromProgram(Key key);

    /** {@link #lookupFromProgram(Key)} for whoever has an array. */
    public final Region lookupFromProgram(byte[] key) {
        return lookupFromProgram(Key.of(key));
    }

    /**
     * The elements for {@code bpf_for_each_map_elem}, one after the other while the map may change;
     * empty for kinds that it does not take.
     */
    public Optional<Iterator<ProgramElement>> elementsFromProgram() {
        return Optional.empty();
    }

    /** {@code bpf_map_update_elem}; flags and errno as the kernel has them, 0 for success. */
    public final long updateFromProgram(byte[] key, byte[] value, long flags) {
        var flag = UpdateFlag.of(flags);
        if (flag.isEmpty()) return Errno.EINVAL.negative();
        if ((definition.flags() & RDONLY_PROG) != 0) return Errno.EACCES.negative();
        return errnoOf(() -> putFromProgram(key, value, flag.get()));
    }

    /** {@code bpf_map_delete_elem}; 0 for success. */
    public final long deleteFromProgram(byte[] key) {
        if ((definition.flags() & RDONLY_PROG) != 0) return Errno.EACCES.negative();
        return errnoOf(() -> removeFromProgram(key));
    }

    /** What a helper returns: 0, or the errno, negative. */
    static long errnoOf(Runnable change) {
        try {
            change.run();
            return 0;
        } catch (MapException e) {
            return e.errno().negative();
        }
    }

    /**
     * How many elements there are at about this moment; empty for kinds that don't count them, such
     * as arrays, whose elements are all there from the start. Takes no walk through the map.
     */
    public OptionalLong count() {
        return OptionalLong.empty();
    }

    /** How many bytes applications read and write as one value. */
    public int userValueSize() {
        return valueSize();
    }

    protected abstract Optional<byte[]> find(byte[] key);

    protected abstract void put(byte[] key, byte[] value, UpdateFlag flag);

    protected void putFromProgram(byte[] key, byte[] value, UpdateFlag flag) {
        put(key, value, flag);
    }

    protected abstract void remove(byte[] key);

    protected void removeFromProgram(byte[] key) {
        remove(key);
    }

    /** The key behind this one, or the first for null. */
    protected abstract Optional<byte[]> following(byte[] key);

    /** Copies of all keys, one after the other while the map may change. */
    protected Iterator<byte[]> walk() {
        return new Iterator<>() {
            private Optional<byte[]> next = following(null);

            @Override
            public boolean hasNext() {
                return next.isPresent();
            }

            @Override
            public byte[] next() {
                var key = next.orElseThrow();
                next = following(key);
                return key;
            }
        };
    }

    /** Removes a key and gives its value; kinds that can't give ENOTSUPP. */
    protected Optional<byte[]> findAndRemove(byte[] key) {
        throw failure(Errno.ENOTSUPP, "this kind of map has no lookup-and-delete");
    }

    /** The same where it is not one of a batch. */
    protected Optional<byte[]> findAndRemoveOne(byte[] key) {
        return findAndRemove(key);
    }

    /** The operations that {@link Batch} has for this kind of map. */
    protected Set<Batch.Operation> batchOperations() {
        return EnumSet.noneOf(Batch.Operation.class);
    }

    /**
     * Does what an application changes, unless the map is frozen; it is not frozen meanwhile.
     *
     * @throws MapException EPERM for a BPF_F_RDONLY or frozen map
     */
    protected final void write(Runnable change) {
        beginWrite();
        try {
            change.run();
        } finally {
            endWrite();
        }
    }

    final void beginWrite() {
        do checkWritable();
        while (!tryBeginWrite(writes.get()));
    }

    private boolean tryBeginWrite(int underWay) {
        return underWay != FROZEN && writes.compareAndSet(underWay, underWay + 1);
    }

    final void endWrite() {
        writes.decrementAndGet();
    }

    protected void checkWritable() {
        if ((definition.flags() & RDONLY) != 0) throw failure(Errno.EPERM, "BPF_F_RDONLY");
        if (writes.get() == FROZEN) throw failure(Errno.EPERM, "frozen: only programs write");
    }

    protected void checkReadable() {
        if ((definition.flags() & WRONLY) != 0) throw failure(Errno.EPERM, "BPF_F_WRONLY");
    }

    final void checkValue(byte[] value) {
        if (value.length == userValueSize()) return;
        throw failure(
                Errno.EINVAL,
                "a value of %d bytes, expected %d".formatted(value.length, userValueSize()));
    }

    final void checkKey(byte[] key) {
        if (key.length == keySize()) return;
        throw failure(
                Errno.EINVAL, "a key of %d bytes, expected %d".formatted(key.length, keySize()));
    }

    /** An exception that names this map. */
    protected final MapException failure(Errno errno, String problem) {
        return definition.refused(errno, problem);
    }

    protected final MapException missing(byte[] key) {
        return failure(Errno.ENOENT, "no key " + HexFormat.of().formatHex(key));
    }

    protected final MapException occupied(byte[] key) {
        return failure(
                Errno.EEXIST,
                "key %s is there already; update with ANY or EXIST to replace it"
                        .formatted(HexFormat.of().formatHex(key)));
    }

    protected final MapException full() {
        return failure(
                Errno.E2BIG,
                "all %d entries are in use; delete some or raise max_entries"
                        .formatted(maxEntries()));
    }

    @Override
    public final String toString() {
        return "%s (%s)".formatted(name(), definition.typeName());
    }
}
