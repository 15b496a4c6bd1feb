package io.jsockmap.bpf.map;

import io.jsockmap.bpf.Errno;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Batches of maps that are here: one element after the other. */
final class ElementBatch implements Batch {

    /** Moves when it is used. */
    private record Walk(BpfMap map, Iterator<byte[]> keys) implements Cursor {
        static Walk through(BpfMap map) {
            return new Walk(map, map.walk());
        }
    }

    private final BpfMap map;

    ElementBatch(BpfMap map) {
        this.map = map;
    }

    @Override
    public Page lookup(int count) {
        checkLookup(count);
        return read(Walk.through(map), count);
    }

    @Override
    public Page lookup(Cursor cursor, int count) {
        checkLookup(count);
        return read(checked(cursor), count);
    }

    private void checkLookup(int count) {
        map.checkReadable();
        check(Operation.LOOKUP, count);
    }

    private Page read(Walk cursor, int count) {
        List<Element> elements = new ArrayList<>();
        while (elements.size() < count && cursor.keys.hasNext()) {
            var key = cursor.keys.next();
            map.find(key).ifPresent(value -> elements.add(new Element(key, value)));
        }
        return page(elements, cursor);
    }

    @Override
    public Page lookupAndDelete(int count) {
        return take(Optional.empty(), count);
    }

    @Override
    public Page lookupAndDelete(Cursor cursor, int count) {
        return take(Optional.of(cursor), count);
    }

    private Page take(Optional<Cursor> from, int count) {
        map.checkReadable();
        map.beginWrite();
        try {
            check(Operation.LOOKUP_AND_DELETE, count);
            var cursor = from.map(this::checked).orElseGet(() -> Walk.through(map));
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

    private static Page page(List<Element> elements, Walk cursor) {
        return new Page(elements, cursor.keys.hasNext() ? Optional.of(cursor) : Optional.empty());
    }

    private Walk checked(Cursor cursor) {
        if (cursor instanceof Walk walk && walk.map.equals(map)) return walk;
        var owner = cursor instanceof Walk(var other, _) ? other.name() : "another engine";
        throw map.failure(Errno.EINVAL, "a cursor of map " + owner);
    }

    @Override
    public void update(List<Element> elements) {
        map.write(
                () -> {
                    check(Operation.UPDATE, elements.size());
                    each(elements, e -> map.update(e.key(), e.value(), UpdateFlag.ANY));
                });
    }

    @Override
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
