package io.jsockmap.bpf.map;

import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.memory.Region;

import java.util.EnumSet;
import java.util.Iterator;
import java.util.Optional;
import java.util.Set;

/**
 * BPF_MAP_TYPE_PERCPU_ARRAY: an array for each CPU. Applications read and write an element of all
 * CPUs at once, each value rounded up to 8 bytes.
 *
 * {@snippet class="io.jsockmap.bpf.examples.MapKindExamples" region="percpu"}
 */
public final class PercpuArrayMap extends BpfMap implements PercpuMap {
    private final PercpuValue[] values;

    public PercpuArrayMap(MapDefinition definition) {
        super(definition);
        checkFlags(RDONLY | WRONLY | RDONLY_PROG | WRONLY_PROG);
        ArrayMap.checkedStride(definition);
        PercpuValue.checkSize(definition);
        ArrayMap.takeRoom(definition, new MapMemory(this), PercpuValue.room(definition()));
        values = new PercpuValue[(int) maxEntries()];
        for (int i = 0; i < values.length; i++) {
            values[i] = new PercpuValue(this, "value %d of map %s".formatted(i, name()));
        }
    }

    @Override
    public int userValueSize() {
        return definition().stride() * Cpu.COUNT;
    }

    @Override
    public Region lookupFromProgram(Key key) {
        return lookupFromProgram(key, Cpu.current());
    }

    @Override
    public Region lookupFromProgram(Key key, int cpu) {
        long index = key.index();
        return index < values.length ? values[(int) index].seen(cpu) : null;
    }

    @Override
    public Optional<Iterator<ProgramElement>> elementsFromProgram() {
        int cpu = Cpu.current();
        return Optional.of(IndexKey.elements(maxEntries(), index -> values[(int) index].seen(cpu)));
    }

    @Override
    protected Optional<byte[]> find(byte[] key) {
        long index = IndexKey.indexOf(key);
        return index < values.length ? Optional.of(values[(int) index].copy()) : Optional.empty();
    }

    @Override
    protected void put(byte[] key, byte[] value, UpdateFlag flag) {
        element(key, flag).setAll(value);
    }

    @Override
    protected void putFromProgram(byte[] key, byte[] value, UpdateFlag flag) {
        element(key, flag).set(Cpu.current(), value);
    }

    private PercpuValue element(byte[] key, UpdateFlag flag) {
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
    protected Set<Batch.Operation> batchOperations() {
        return EnumSet.of(Batch.Operation.LOOKUP, Batch.Operation.UPDATE);
    }

    @Override
    protected Optional<byte[]> following(byte[] key) {
        return IndexKey.following(key, maxEntries());
    }
}
