package io.jsockmap.bpf.map;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.memory.ByteRegion;
import io.jsockmap.bpf.memory.Region;

import java.lang.foreign.MemorySegment;
import java.util.Optional;

/** BPF_MAP_TYPE_ARRAY: all elements exist from the beginning, zeroed. */
public final class ArrayMap extends BpfMap {
    private final ByteRegion memory;
    private final Region[] values;
    private final int stride;

    public ArrayMap(MapDefinition definition) {
        super(definition);
        stride = checkedStride(definition, 1);
        var all = ByteRegion.allocate("map " + name(), (int) (stride * maxEntries()));
        memory = (definition.flags() & RDONLY_PROG) != 0 ? all.readOnly() : all;
        values = new Region[(int) maxEntries()];
        for (int i = 0; i < values.length; i++) {
            var label = "value %d of map %s".formatted(i, name());
            values[i] = memory.slice(label, (long) i * stride, valueSize());
        }
    }

    /** Bytes from one element to the next, if all of them fit into memory. */
    static int checkedStride(MapDefinition definition, int copies) {
        if (definition.keySize() != IndexKey.SIZE) {
            throw definition.refused(
                    Errno.EINVAL, "a key of %d bytes, expected 4".formatted(definition.keySize()));
        }
        if (definition.valueSize() <= 0) throw definition.refused(Errno.EINVAL, "no value");
        long stride = (definition.valueSize() + 7L) & ~7L;
        if (stride * copies * definition.maxEntries() > Integer.MAX_VALUE - 8) {
            throw definition.refused(
                    Errno.E2BIG,
                    "%d values of %d bytes are more than 2 GiB"
                            .formatted(definition.maxEntries(), definition.valueSize()));
        }
        return (int) stride;
    }

    /** The bytes of all elements, as programs with a direct address see them. */
    public ByteRegion memory() {
        return memory;
    }

    @Override
    public Region lookupFromProgram(byte[] key) {
        long index = IndexKey.indexOf(key);
        return index < values.length ? values[(int) index] : null;
    }

    @Override
    protected Optional<byte[]> find(byte[] key) {
        long index = IndexKey.indexOf(key);
        return index < values.length
                ? Optional.of(element(index).toArray(JAVA_BYTE))
                : Optional.empty();
    }

    @Override
    protected void put(byte[] key, byte[] value, UpdateFlag flag) {
        long index = IndexKey.indexOf(key);
        if (index >= values.length) throw tooLarge(index);
        if (flag == UpdateFlag.NOEXIST) throw occupied(key);
        element(index).copyFrom(MemorySegment.ofArray(value));
    }

    private MemorySegment element(long index) {
        return memory.segment().asSlice(index * stride, valueSize());
    }

    private MapException tooLarge(long index) {
        return failure(Errno.E2BIG, "index %d of %d".formatted(index, values.length));
    }

    @Override
    protected void remove(byte[] key) {
        throw failure(Errno.EINVAL, "elements of an array can't be deleted");
    }

    @Override
    protected Optional<byte[]> following(byte[] key) {
        return IndexKey.following(key, maxEntries());
    }
}
