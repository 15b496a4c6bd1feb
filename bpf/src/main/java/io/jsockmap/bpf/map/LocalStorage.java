package io.jsockmap.bpf.map;

import io.jsockmap.bpf.Errno;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;

/**
 * The values that maps of kind SK_STORAGE have for one owner. The owner holds them, and they it
 * not: they vanish with the owner, and with their map, whichever goes first.
 *
 * <p>May be used from any thread. Looking for a value takes no lock.
 *
 * {@snippet class="io.jsockmap.bpf.examples.MapKindExamples" region="storage"}
 */
public final class LocalStorage implements AutoCloseable {
    private record Slot(WeakReference<SkStorageMap> map, MapValue value, long size) {}

    private final MapMemory memory = new MapMemory(this);

    /** An owner has values of few maps: looking through all is the fastest way. */
    private volatile List<Slot> slots = List.of();

    private boolean closed;

    /** Storage without values. */
    public LocalStorage() {}

    /** Storage that never has a value, for owners that are closed. */
    public static LocalStorage closed() {
        return Closed.STORAGE;
    }

    private static final class Closed {
        static final LocalStorage STORAGE = new LocalStorage();

        static {
            STORAGE.close();
        }
    }

    /** Forgets all values, and takes no more. Programs that point to one may still write it. */
    @Override
    public synchronized void close() {
        closed = true;
        slots.forEach(slot -> memory.give(slot.size));
        slots = List.of();
    }

    /**
     * Copies the values of maps with BPF_F_CLONE, as a listening socket hands them to one that it
     * accepts. Values that are there already stay, and those that find no memory are left out.
     */
    public void copyTo(LocalStorage other) {
        for (var slot : slots) {
            var map = slot.map.get();
            if (map == null || !map.isCloned() || other.get(map) != null) continue;
            other.create(map, slot.value.copy());
        }
    }

    /** The value of a map, or null. */
    MapValue get(SkStorageMap map) {
        for (var slot : slots) {
            if (slot.map.equals(map.self())) return slot.value;
        }
        return null;
    }

    /** The value of a map, which is made if it is not there; null without memory, or if closed. */
    synchronized MapValue create(SkStorageMap map, byte[] initial) {
        var present = get(map);
        if (present != null) return present;
        var made = closed ? null : reserve(map);
        if (made == null) return null;
        if (initial != null) made.value.set(initial, 0);
        add(made);
        return made.value;
    }

    synchronized void put(SkStorageMap map, byte[] value, UpdateFlag flag) {
        if (closed) throw map.failure(Errno.EBADF, "its owner is closed");
        boolean present = get(map) != null;
        if (present && flag == UpdateFlag.NOEXIST) {
            throw map.failure(Errno.EEXIST, "the owner has a value: update with ANY or EXIST");
        }
        if (!present && flag == UpdateFlag.EXIST) throw map.withoutValue();
        var made = reserve(map);
        if (made == null) throw map.failure(Errno.ENOMEM, "no memory for another value");
        made.value.set(value, 0);
        remove(map);
        add(made);
    }

    private Slot reserve(SkStorageMap map) {
        long size = MapValue.OVERHEAD + (long) map.valueSize();
        if (!memory.take(size)) return null;
        return new Slot(map.self(), MapValue.allocate(map, "storage of map " + map.name()), size);
    }

    private void add(Slot made) {
        List<Slot> more = new ArrayList<>();
        for (var slot : slots) {
            // A map that nobody can reach any more has gone, and its value with it.
            if (slot.map.get() == null) memory.give(slot.size);
            else more.add(slot);
        }
        more.add(made);
        slots = List.copyOf(more);
    }

    /** Forgets the value of a map; false if there is none. */
    synchronized boolean remove(SkStorageMap map) {
        for (var slot : slots) {
            if (!slot.map.equals(map.self())) continue;
            memory.give(slot.size);
            slots = slots.stream().filter(other -> !other.equals(slot)).toList();
            return true;
        }
        return false;
    }
}
