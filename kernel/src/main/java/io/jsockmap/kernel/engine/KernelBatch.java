package io.jsockmap.kernel.engine;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.map.Batch;
import io.jsockmap.bpf.map.BatchException;
import io.jsockmap.bpf.map.MapException;
import io.jsockmap.kernel.call.Attributes;
import io.jsockmap.kernel.call.Bpf;
import io.jsockmap.kernel.call.Bpf.Command;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** BPF_MAP_*_BATCH. */
final class KernelBatch implements Batch {
    private static final int SIZE = 56;

    /** The kernel's own cursor is a key, or four bytes for some kinds. */
    private static final int MIN_CURSOR = 8;

    private final KernelMap map;

    KernelBatch(KernelMap map) {
        this.map = map;
    }

    private record Position(KernelMap map, byte[] bytes) implements Cursor {}

    @Override
    public Page lookup(int count) {
        return page(Command.MAP_LOOKUP_BATCH, Optional.empty(), count);
    }

    @Override
    public Page lookup(Cursor cursor, int count) {
        return page(Command.MAP_LOOKUP_BATCH, Optional.of(position(cursor)), count);
    }

    @Override
    public Page lookupAndDelete(int count) {
        return page(Command.MAP_LOOKUP_AND_DELETE_BATCH, Optional.empty(), count);
    }

    @Override
    public Page lookupAndDelete(Cursor cursor, int count) {
        return page(Command.MAP_LOOKUP_AND_DELETE_BATCH, Optional.of(position(cursor)), count);
    }

    private Position position(Cursor cursor) {
        if (cursor instanceof Position position && position.map.equals(map)) return position;
        throw map.refused(Errno.EINVAL, "a cursor of another map");
    }

    private Page page(Command command, Optional<Position> from, int count) {
        if (count < 0) throw map.refused(Errno.EINVAL, "a count of " + count);
        try (var arena = Arena.ofConfined()) {
            var attributes = attributes(arena, count);
            from.ifPresent(position -> attributes.bytes(0, position.bytes));
            var cursor = attributes.room(8, Math.max(MIN_CURSOR, map.keySize()));
            var keys = attributes.room(16, count * map.keySize());
            var values = attributes.room(24, count * map.userValueSize());
            var answer = Bpf.call(command, attributes);
            boolean last = answer.is(Errno.ENOENT);
            if (!last) map.check(answer, "a batch");
            var elements = elements(keys, values, attributes.u32(32));
            var position = new Position(map, cursor.toArray(JAVA_BYTE));
            return new Page(elements, last ? Optional.empty() : Optional.of(position));
        }
    }

    private List<Element> elements(MemorySegment keys, MemorySegment values, int count) {
        List<Element> elements = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            elements.add(
                    new Element(
                            part(keys, i, map.keySize()), part(values, i, map.userValueSize())));
        }
        return elements;
    }

    private static byte[] part(MemorySegment all, int index, int size) {
        return all.asSlice((long) index * size, size).toArray(JAVA_BYTE);
    }

    @Override
    public void update(List<Element> elements) {
        change(
                Command.MAP_UPDATE_BATCH,
                joined(elements.stream().map(Element::key).toList(), map.keySize()),
                Optional.of(
                        joined(
                                elements.stream().map(Element::value).toList(),
                                map.userValueSize())),
                elements.size());
    }

    @Override
    public void delete(List<byte[]> keys) {
        change(
                Command.MAP_DELETE_BATCH,
                joined(keys, map.keySize()),
                Optional.empty(),
                keys.size());
    }

    private void change(Command command, byte[] keys, Optional<byte[]> values, int count) {
        try (var arena = Arena.ofConfined()) {
            var attributes = attributes(arena, count).bytes(16, keys);
            values.ifPresent(all -> attributes.bytes(24, all));
            var answer = Bpf.call(command, attributes);
            try {
                map.check(answer, "a batch");
            } catch (MapException e) {
                throw new BatchException(e, attributes.u32(32), count);
            }
        }
    }

    private Attributes attributes(Arena arena, int count) {
        return new Attributes(arena, SIZE).u32(32, count).u32(36, map.descriptor().number());
    }

    private byte[] joined(List<byte[]> parts, int size) {
        var all = new byte[parts.size() * size];
        for (int i = 0; i < parts.size(); i++) {
            if (parts.get(i).length != size) {
                throw map.refused(
                        Errno.EINVAL, "%d bytes, expected %d".formatted(parts.get(i).length, size));
            }
            System.arraycopy(parts.get(i), 0, all, i * size, size);
        }
        return all;
    }
}
