package io.jsockmap.bpf.map;

import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.memory.Region;

import java.util.Collections;
import java.util.Iterator;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * What all kinds of hashes have in common: elements by key, and no more of them than there is room
 * for. A lookup takes no lock.
 *
 * @param <V> what is kept for a key
 */
final class HashTable<V> {
    /** What a full table does with another key. */
    enum WhenFull {
        REFUSE,
        /**
         * Drops an element that was not used lately. Like the kernel's, an approximation: a lookup
         * only marks its element, and the search for a victim goes around the elements and passes
         * over the marked ones once.
         */
        EVICT
    }

    /** What an element takes beside its key and value, about. */
    private static final int OVERHEAD = 160;

    private final ConcurrentMap<Key, Element<V>> elements = new ConcurrentHashMap<>();
    private final BpfMap map;
    private final long elementSize;
    private final WhenFull whenFull;
    private final MapMemory memory;

    /** Room that is left. Counted apart, so that two inserts can't take the last place together. */
    private final Semaphore room;

    private Iterator<Key> hand = Collections.emptyIterator();

    /**
     * @param valueSize bytes that the value of a key takes in memory
     */
    HashTable(BpfMap map, long valueSize, WhenFull whenFull) {
        this.map = map;
        this.whenFull = whenFull;
        elementSize = OVERHEAD + map.keySize() + valueSize;
        memory = new MapMemory(map);
        room = new Semaphore((int) Math.min(map.maxEntries(), Integer.MAX_VALUE));
    }

    /** The value of a key, or null. */
    V get(byte[] key) {
        var element = elements.get(new Key(key));
        return element == null ? null : element.value;
    }

    /** The value of a key, which counts as used, or null. */
    V use(byte[] key) {
        var element = elements.get(new Key(key));
        if (element == null) return null;
        element.used = true;
        return element.value;
    }

    /**
     * Inserts or replaces.
     *
     * @param fresh makes the value of a key that is not there
     * @param next what comes in the place of a value; the same one if it was changed where it is
     */
    void put(byte[] key, UpdateFlag flag, Supplier<V> fresh, UnaryOperator<V> next) {
        while (!tryPut(key, flag, fresh, next)) {
            if (whenFull == WhenFull.REFUSE) throw map.full();
            evict();
        }
    }

    /** False if there is no room. */
    private boolean tryPut(
            byte[] bytes, UpdateFlag flag, Supplier<V> fresh, UnaryOperator<V> next) {
        var present =
                elements.compute(
                        new Key(bytes.clone()),
                        (_, old) -> {
                            if (old == null && flag == UpdateFlag.EXIST) throw map.missing(bytes);
                            if (old != null && flag == UpdateFlag.NOEXIST) {
                                throw map.occupied(bytes);
                            }
                            return old == null ? insert(fresh) : old.followedBy(next);
                        });
        return present != null;
    }

    /** Null if there is no room. */
    private Element<V> insert(Supplier<V> fresh) {
        if (!room.tryAcquire()) return null;
        if (!memory.take(elementSize)) {
            room.release();
            throw map.failure(
                    Errno.ENOMEM, "no memory for another %d bytes".formatted(elementSize));
        }
        boolean made = false;
        try {
            var element = new Element<>(fresh.get(), false);
            made = true;
            return element;
        } finally {
            if (!made) release();
        }
    }

    private void release() {
        memory.give(elementSize);
        room.release();
    }

    /** Removes a key and gives its value, or null. */
    V remove(byte[] key) {
        var element = remove(new Key(key));
        return element == null ? null : element.value;
    }

    private Element<V> remove(Key key) {
        var element = elements.remove(key);
        if (element != null) release();
        return element;
    }

    private synchronized void evict() {
        // Twice around at the most: the first time may find every element marked.
        for (int round = 0; round < 3; round++) {
            if (evict(hand)) return;
            hand = elements.keySet().iterator();
        }
    }

    private boolean evict(Iterator<Key> from) {
        while (from.hasNext()) {
            var key = from.next();
            var element = elements.get(key);
            if (element == null) continue;
            if (!element.used) return remove(key) != null;
            element.used = false;
        }
        return false;
    }

    /** Copies of the keys, one after the other while the table may change. */
    Iterator<byte[]> keys() {
        var keys = elements.keySet().iterator();
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return keys.hasNext();
            }

            @Override
            public byte[] next() {
                return keys.next().bytes().clone();
            }
        };
    }

    /** Keys and values, one after the other while the table may change. */
    Iterator<ProgramElement> elements(Function<V, Region> seen) {
        var entries = elements.entrySet().iterator();
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return entries.hasNext();
            }

            @Override
            public ProgramElement next() {
                var entry = entries.next();
                var value = seen.apply(entry.getValue().value);
                return new ProgramElement(entry.getKey().bytes().clone(), value);
            }
        };
    }

    Optional<byte[]> following(byte[] key) {
        boolean found = key == null || !elements.containsKey(new Key(key));
        for (var candidate : elements.keySet()) {
            if (found) return Optional.of(candidate.bytes().clone());
            found = candidate.equals(new Key(key));
        }
        // A key that was there and is not met has gone in between: the walk begins anew.
        return found ? Optional.empty() : following(null);
    }

    private static final class Element<V> {
        final V value;
        volatile boolean used;

        Element(V value, boolean used) {
            this.value = value;
            this.used = used;
        }

        /** The kernel takes a replaced element for a used one. */
        Element<V> followedBy(UnaryOperator<V> next) {
            var value = next.apply(this.value);
            used = true;
            return value.equals(this.value) ? this : new Element<>(value, true);
        }
    }
}
