package io.jsockmap.bpf.map;

import io.jsockmap.bpf.Errno;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Operations on many elements of a map (BPF_MAP_*_BATCH). Each element is read or changed by
 * itself: others see a batch half done.
 *
 * <p>Where the kernel gives ENOENT behind the last element, a page has no {@link Page#next()}. It
 * also gives ENOSPC where a bucket has more elements than are asked for; a page here begins and
 * ends anywhere.
 */
public final class Batch {

    /** What a kind of map may do in batches. */
    public enum Operation {
        LOOKUP,
        LOOKUP_AND_DELETE,
        UPDATE,
        DELETE
    }

    /** An element as applications see it. */
    public record Element(byte[] key, byte[] value) {}

    /**
     * Some elements, in the map's own order.
     *
     * @param elements no more than were asked for
     * @param next where the next page begins; empty at the end
     */
    public record Page(List<Element> elements, Optional<Cursor> next) {}

    /** A place between two elements. It moves when it is used: a page is read from it once. */
    public static final class Cursor {
        private final BpfMap map;
        private final Iterator<byte[]> keys;

        private Cursor(BpfMap map) {
            this.map = map;
            this.keys = map.walk();
        }
    }

    private final BpfMap map;

    Batch(BpfMap map) {
        this.map = map;
    }

    /**
     * The first elements.
     *
     * @param count how many at the most
     * @throws MapException EPERM for a BPF_F_WRONLY map, ENOTSUPP for kinds without batches, EINVAL
     *     for a negative count
     */
    public Page lookup(int count) {
        checkLookup(count);
        return read(new Cursor(map), count);
    }

    /**
     * The elements behind a page. Those that were there all the time are met once each; what was
     * inserted or deleted meanwhile may be met or not.
     *
     * @throws MapException as for the first page; EINVAL for a cursor of another map
     */
    public Page lookup(Cursor cursor, int count) {
        checkLookup(count);
        return read(checked(cursor), count);
    }

    private void checkLookup(int count) {
        map.checkReadable();
        check(Operation.LOOKUP, count);
    }

    private Page read(Cursor cursor, int count) {
        List<Element> elements = new ArrayList<>();
        while (elements.size() < count && cursor.keys.hasNext()) {
            var key = cursor.keys.next();
            map.find(key).ifPresent(value -> elements.add(new Element(key, value)));
        }
        return page(elements, cursor);
    }

    /**
     * Takes the first elements out of the map.
     *
     * @throws MapException EPERM for a map that applications can't both read and write, and as for
     *     lookup
     */
    public Page lookupAndDelete(int count) {
        return take(Optional.empty(), count);
    }

    /** Takes the elements behind a page out of the map. */
    public Page lookupAndDelete(Cursor cursor, int count) {
        return take(Optional.of(cursor), count);
    }

    private Page take(Optional<Cursor> from, int count) {
        map.checkReadable();
        map.beginWrite();
        try {
            check(Operation.LOOKUP_AND_DELETE, count);
            var cursor = from.map(this::checked).orElseGet(() -> new Cursor(map));
            List<Element> elements = new ArrayList<>();
            while (elements.size() < count && cursor.keys.hasNext()) {
                var key = cursor.keys.next();
                map.findAndRemove(key).ifPresent(value -> elements.add(new Element(key, value)));
            }
            return page(elements, cursor);
        } finally {
            map.endWrite();
        }
    }

    private static Page page(List<Element> elements, Cursor cursor) {
        return new Page(elements, cursor.keys.hasNext() ? Optional.of(cursor) : Optional.empty());
    }

    private Cursor checked(Cursor cursor) {
        if (cursor.map.equals(map)) return cursor;
        throw map.failure(Errno.EINVAL, "a cursor of map " + cursor.map.name());
    }

    /**
     * Inserts or replaces elements, in their order. The first that fails ends it.
     *
     * @throws BatchException what {@link BpfMap#update} refuses, and how many were done before
     * @throws MapException EPERM for a BPF_F_RDONLY or frozen map, ENOTSUPP for kinds without it
     */
    public void update(List<Element> elements) {
        map.write(
                () -> {
                    check(Operation.UPDATE, elements.size());
                    each(elements, e -> map.update(e.key(), e.value(), UpdateFlag.ANY));
                });
    }

    /**
     * Removes keys, in their order. The first that fails ends it.
     *
     * @throws BatchException what {@link BpfMap#delete} refuses, and how many were done before
     * @throws MapException EPERM for a BPF_F_RDONLY or frozen map, ENOTSUPP for kinds without it
     */
    public void delete(List<byte[]> keys) {
        map.write(
                () -> {
                    check(Operation.DELETE, keys.size());
                    each(keys, map::delete);
                });
    }

    private static <T> void each(List<T> all, Consumer<T> change) {
        for (int done = 0; done < all.size(); done++) {
            try {
                change.accept(all.get(done));
            } catch (MapException e) {
                throw new BatchException(e, done, all.size());
            }
        }
    }

    /** After the check of what applications may do: the kernel has the errnos in this order. */
    private void check(Operation operation, int count) {
        if (!map.batchOperations().contains(operation)) {
            throw map.failure(Errno.ENOTSUPP, "this kind of map has no batches of " + operation);
        }
        if (count < 0) throw map.failure(Errno.EINVAL, "a count of " + count);
    }
}
