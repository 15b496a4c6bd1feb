package io.jsockmap.bpf.map;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.memory.ByteRegion;
import io.jsockmap.bpf.memory.Region;

import java.lang.foreign.MemorySegment;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Semaphore;

/**
 * BPF_MAP_TYPE_HASH. An update puts a new value in the place of the old, so whoever still points to
 * the old one reads a whole value.
 */
public sealed class HashMap extends BpfMap permits LruHashMap {
    static final int NO_PREALLOC = 1;
    private static final int ZERO_SEED = 1 << 6;
    private static final int FLAGS =
            NO_PREALLOC | NUMA_NODE | RDONLY | WRONLY | ZERO_SEED | RDONLY_PROG | WRONLY_PROG;

    /** KMALLOC_MAX_SIZE of the kernel: an element is one piece of memory. */
    private static final int MAX_ELEMENT = 1 << 22;

    private final ConcurrentMap<Key, Element> entries = new ConcurrentHashMap<>();

    /** What an element takes beside its key and value, about. */
    private static final int OVERHEAD = 160;

    private final MapMemory memory = new MapMemory(this);

    /** Room that is left. Counted apart, so that two inserts can't take the last place together. */
    private final Semaphore room;

    public HashMap(MapDefinition definition) {
        super(definition);
        checkSizes(definition);
        checkFlags(allowedFlags());
        room = new Semaphore((int) Math.min(maxEntries(), Integer.MAX_VALUE));
    }

    int allowedFlags() {
        return FLAGS;
    }

    private void checkSizes(MapDefinition definition) {
        if (definition.keySize() == 0) throw failure(Errno.EINVAL, "no key");
        if (definition.valueSize() == 0) throw failure(Errno.EINVAL, "no value");
        long size =
                Integer.toUnsignedLong(definition.keySize())
                        + Integer.toUnsignedLong(definition.valueSize());
        if (size >= MAX_ELEMENT) {
            throw failure(Errno.E2BIG, "elements of %d bytes, more than 4 MiB".formatted(size));
        }
    }

    @Override
    public Region lookupFromProgram(byte[] key) {
        var element = entries.get(new Key(key));
        if (element == null) return null;
        element.used = true;
        return element.value;
    }

    @Override
    protected Optional<byte[]> find(byte[] key) {
        return Optional.ofNullable(entries.get(new Key(key)))
                .map(element -> element.value.segment().toArray(JAVA_BYTE));
    }

    @Override
    protected void put(byte[] bytes, byte[] value, UpdateFlag flag) {
        long size = OVERHEAD + keySize() + (long) valueSize();
        if (!memory.take(size)) {
            throw failure(Errno.ENOMEM, "no memory for another %d bytes".formatted(size));
        }
        // Made before it is put, so that nothing is half done if there is no memory after all.
        var element = new Element(valueOf(value));
        boolean added = false;
        try {
            added = put(bytes, element, flag);
        } finally {
            if (!added) memory.give(size);
        }
    }

    /** Puts an element; false if it took the place of another. */
    private boolean put(byte[] bytes, Element element, UpdateFlag flag) {
        entries.compute(
                new Key(bytes.clone()),
                (_, old) -> {
                    if (old == null && flag == UpdateFlag.EXIST) throw missing(bytes);
                    if (old != null && flag == UpdateFlag.NOEXIST) throw occupied(bytes);
                    if (old == null && !room.tryAcquire()) throw full();
                    // The kernel takes a replaced element for a used one.
                    element.used = old != null;
                    element.replaces = old != null;
                    return element;
                });
        return !element.replaces;
    }

    private ByteRegion valueOf(byte[] value) {
        var region = ByteRegion.allocate("value of map " + name(), valueSize());
        region.segment().copyFrom(MemorySegment.ofArray(value));
        return (definition().flags() & RDONLY_PROG) != 0 ? region.readOnly() : region;
    }

    @Override
    protected void remove(byte[] key) {
        if (!removeIfPresent(new Key(key))) throw missing(key);
    }

    private boolean removeIfPresent(Key key) {
        if (entries.remove(key) == null) return false;
        memory.give(OVERHEAD + keySize() + (long) valueSize());
        room.release();
        return true;
    }

    /** Removes one element that was not used since the last time around; false if there is none. */
    boolean evict(Iterator<Key> hand) {
        while (hand.hasNext()) {
            var key = hand.next();
            var element = entries.get(key);
            if (element == null) continue;
            if (!element.used) return removeIfPresent(key);
            element.used = false;
        }
        return false;
    }

    Iterator<Key> hand() {
        return entries.keySet().iterator();
    }

    @Override
    public List<byte[]> keys() {
        checkReadable();
        return entries.keySet().stream().map(key -> key.bytes().clone()).toList();
    }

    @Override
    protected Optional<byte[]> following(byte[] key) {
        boolean found = key == null || !entries.containsKey(new Key(key));
        for (var candidate : entries.keySet()) {
            if (found) return Optional.of(candidate.bytes().clone());
            found = candidate.equals(new Key(key));
        }
        // A key that was there and is not met has gone in between: the walk begins anew.
        return found ? Optional.empty() : following(null);
    }

    private static final class Element {
        final ByteRegion value;
        volatile boolean used;
        boolean replaces;

        Element(ByteRegion value) {
            this.value = value;
        }
    }
}
