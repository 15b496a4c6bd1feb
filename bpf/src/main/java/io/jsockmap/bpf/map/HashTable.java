package io.jsockmap.bpf.map;

import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.memory.Region;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Collections;
import java.util.Iterator;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;

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
    private static final int OVERHEAD = 256;

    private final ConcurrentHashMap<Key, Element<V>> elements = new ConcurrentHashMap<>();
    private final BpfMap map;
    private final long elementSize;
    private final WhenFull whenFull;
    private final Consumer<V> retired;
    private final MapMemory memory;

    /** Room that is left. Counted apart, so that two inserts can't take the last place together. */
    private final Semaphore room;

    private Iterator<Key> hand = Collections.emptyIterator();

    /**
     * @param valueSize bytes that the value of a key takes in memory
     * @param retired takes the values that are removed or replaced
     */
    HashTable(BpfMap map, long valueSize, WhenFull whenFull, Consumer<V> retired) {
        this.map = map;
        this.whenFull = whenFull;
        this.retired = retired;
        // The key twice: its values may know it too, by an array that they share.
        elementSize = OVERHEAD + 2L * map.keySize() + valueSize;
        memory = new MapMemory(map);
        room = new Semaphore((int) Math.min(map.maxEntries(), Integer.MAX_VALUE));
    }

    /** The value of a key, or null. */
    V get(Key key) {
        var element = elements.get(key);
        return element == null ? null : element.value;
    }

    /** The value of a key, which counts as used, or null. */
    V use(Key key) {
        var element = elements.get(key);
        if (element == null) return null;
        if (whenFull == WhenFull.EVICT) element.use();
        return element.value;
    }

    /**
     * Inserts or replaces.
     *
     * @param next makes, of the key as the table keeps it, what comes in the place of a value: null
     *     if there is none; the same one if it was changed where it is
     */
    void put(byte[] key, UpdateFlag flag, BiFunction<Key, V, V> next) {
        while (!tryPut(key, flag, next)) {
            if (whenFull == WhenFull.REFUSE) throw map.full();
            evict();
        }
    }

    /** False if there is no room. */
    private boolean tryPut(byte[] bytes, UpdateFlag flag, BiFunction<Key, V, V> next) {
        var key = Key.of(bytes);
        var present =
                elements.compute(
                        key,
                        (_, old) -> {
                            if (old == null && flag == UpdateFlag.EXIST) throw map.missing(bytes);
                            if (old != null && flag == UpdateFlag.NOEXIST) {
                                throw map.occupied(bytes);
                            }
                            return old == null ? insert(key, next) : replace(old, next);
                        });
        return present != null;
    }

    /** Null if there is no room. */
    private Element<V> insert(Key key, BiFunction<Key, V, V> next) {
        if (!room.tryAcquire()) return null;
        if (!memory.take(elementSize)) {
            room.release();
            throw map.failure(
                    Errno.ENOMEM, "no memory for another %d bytes".formatted(elementSize));
        }
        boolean made = false;
        try {
            var element = new Element<>(key, next.apply(key, null), false);
            made = true;
            return element;
        } finally {
            if (!made) release();
        }
    }

    /** The kernel takes a replaced element for a used one. */
    private Element<V> replace(Element<V> old, BiFunction<Key, V, V> next) {
        var value = next.apply(old.key, old.value);
        old.use();
        if (value.equals(old.value)) return old;
        retired.accept(old.value);
        return new Element<>(old.key, value, true);
    }

    private void release() {
        memory.give(elementSize);
        room.release();
    }

    /** Removes a key and gives its value, or null. */
    V remove(byte[] key) {
        var element = remove(Key.of(key));
        return element == null ? null : element.value;
    }

    private Element<V> remove(Key key) {
        var element = elements.remove(key);
        if (element == null) return null;
        release();
        retired.accept(element.value);
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
            if (!element.passOver()) return remove(key) != null;
        }
        return false;
    }

    /** How many elements there are at about this moment. */
    long size() {
        return elements.mappingCount();
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
                return keys.next().bytes();
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
                return new ProgramElement(entry.getKey().bytes(), value);
            }
        };
    }

    Optional<byte[]> following(byte[] key) {
        var before = key == null ? null : Key.of(key);
        boolean found = before == null || !elements.containsKey(before);
        for (var candidate : elements.keySet()) {
            if (found) return Optional.of(candidate.bytes());
            found = candidate.equals(before);
        }
        // A key that was there and is not met has gone in between: the walk begins anew.
        return found ? Optional.empty() : following(null);
    }

    private static final class Element<V> {
        private static final VarHandle USED = used();

        /** The one that the table has. */
        final Key key;

        final V value;
        private boolean used;

        Element(Key key, V value, boolean used) {
            this.key = key;
            this.value = value;
            this.used = used;
        }

        private static VarHandle used() {
            try {
                return MethodHandles.lookup().findVarHandle(Element.class, "used", boolean.class);
            } catch (ReflectiveOperationException e) {
                throw new ExceptionInInitializerError(e);
            }
        }

        /**
         * Marks it. Most lookups find it marked and write nothing: elements that many threads look
         * up stay in the caches of all. Nothing else depends on when others see the mark.
         */
        void use() {
            if (!(boolean) USED.getOpaque(this)) USED.setOpaque(this, true);
        }

        /** Takes the mark away; false if there was none. */
        boolean passOver() {
            if (!(boolean) USED.getOpaque(this)) return false;
            USED.setOpaque(this, false);
            return true;
        }
    }
}
