package io.jsockmap.bpf.map;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.memory.ByteRegion;
import io.jsockmap.bpf.memory.Region;

import java.lang.foreign.MemorySegment;
import java.util.Optional;

/**
 * BPF_MAP_TYPE_PERCPU_ARRAY: an array for each CPU. Applications read and write an element of all
 * CPUs at once, each value rounded up to 8 bytes.
 */
public final class PercpuArrayMap extends BpfMap {
    /** PCPU_MIN_UNIT_SIZE of the kernel. */
    private static final int MAX_VALUE = 1 << 15;

    /** What a value takes beside its bytes, about. */
    private static final int OVERHEAD = 160;

    private final ByteRegion[][] values;
    private final int stride;

    public PercpuArrayMap(MapDefinition definition) {
        super(definition);
        checkFlags(RDONLY | WRONLY | RDONLY_PROG | WRONLY_PROG);
        stride = ArrayMap.checkedStride(definition);
        if (stride > MAX_VALUE) {
            throw failure(Errno.E2BIG, "values of %d bytes, at most 32768".formatted(valueSize()));
        }
        ArrayMap.takeRoom(definition, new MapMemory(this), Cpu.COUNT * (long) (stride + OVERHEAD));
        values = new ByteRegion[(int) maxEntries()][Cpu.COUNT];
        boolean readOnly = (definition.flags() & RDONLY_PROG) != 0;
        for (int i = 0; i < values.length; i++) {
            for (int cpu = 0; cpu < Cpu.COUNT; cpu++) {
                var label = "value %d of map %s on CPU %d".formatted(i, name(), cpu);
                var value = ByteRegion.allocate(label, valueSize());
                values[i][cpu] = readOnly ? value.readOnly() : value;
            }
        }
    }

    @Override
    public int userValueSize() {
        return ((valueSize() + 7) & ~7) * Cpu.COUNT;
    }

    @Override
    public Region lookupFromProgram(byte[] key) {
        long index = IndexKey.indexOf(key);
        return index < values.length ? values[(int) index][Cpu.current()] : null;
    }

    @Override
    protected Optional<byte[]> find(byte[] key) {
        long index = IndexKey.indexOf(key);
        if (index >= values.length) return Optional.empty();
        var all = new byte[userValueSize()];
        for (int cpu = 0; cpu < Cpu.COUNT; cpu++) {
            var value = values[(int) index][cpu].segment();
            MemorySegment.copy(value, JAVA_BYTE, 0, all, cpu * stride, valueSize());
        }
        return Optional.of(all);
    }

    @Override
    protected void put(byte[] key, byte[] value, UpdateFlag flag) {
        var element = element(key, flag);
        for (int cpu = 0; cpu < Cpu.COUNT; cpu++) {
            copy(value, cpu * stride, element[cpu]);
        }
    }

    @Override
    protected void putFromProgram(byte[] key, byte[] value, UpdateFlag flag) {
        copy(value, 0, element(key, flag)[Cpu.current()]);
    }

    private void copy(byte[] from, int offset, ByteRegion to) {
        MemorySegment.copy(from, offset, to.segment(), JAVA_BYTE, 0, valueSize());
    }

    private ByteRegion[] element(byte[] key, UpdateFlag flag) {
        long index = IndexKey.indexOf(key);
        if (index >= values.length) {
            throw failure(Errno.E2BIG, "index %d of %d".formatted(index, values.length));
        }
        if (flag == UpdateFlag.NOEXIST) throw occupied(key);
        return values[(int) index];
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
