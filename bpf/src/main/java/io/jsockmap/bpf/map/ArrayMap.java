package io.jsockmap.bpf.map;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.memory.ByteRegion;
import io.jsockmap.bpf.memory.Region;
import io.jsockmap.bpf.memory.WriteOnlyRegion;

import java.lang.foreign.MemorySegment;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * BPF_MAP_TYPE_ARRAY: all elements exist from the beginning, zeroed.
 *
 * {@snippet class="io.jsockmap.bpf.examples.MapExamples" region="array"}
 */
public final class ArrayMap extends BpfMap implements MappedMemory {
    /** BPF_F_INNER_MAP: as an inner map it may have another number of elements. */
    public static final int INNER_MAP = 1 << 12;

    /** BPF_F_MMAPABLE: nothing here depends on it. */
    private static final int MMAPABLE = 1 << 10;

    private static final int FLAGS =
            NUMA_NODE | RDONLY | WRONLY | RDONLY_PROG | WRONLY_PROG | MMAPABLE | INNER_MAP;

    private final ByteRegion memory;
    private final Region seen;

    /** Made when they are first looked up; one each, as a pointer to one is compared by it. */
    private final AtomicReferenceArray<Region> values;

    private final int stride;

    public ArrayMap(MapDefinition definition) {
        super(definition);
        checkFlags(FLAGS);
        stride = checkedStride(definition);
        takeRoom(definition, new MapMemory(this), stride + MapValue.OVERHEAD);
        var all = ByteRegion.allocate("map " + name(), (int) (stride * maxEntries()));
        memory = (definition.flags() & RDONLY_PROG) != 0 ? all.readOnly() : all;
        // A direct address is that of the only element, whose timer is reached by it too.
        var direct = maxEntries() == 1 ? memory.asValueOf(this, IndexKey.of(0)) : memory;
        seen = (definition.flags() & WRONLY_PROG) != 0 ? new WriteOnlyRegion(direct) : direct;
        values = new AtomicReferenceArray<>((int) maxEntries());
    }

    /** Bytes from one element to the next. */
    static int checkedStride(MapDefinition definition) {
        if (definition.keySize() != IndexKey.SIZE) {
            throw definition.refused(
                    Errno.EINVAL, "a key of %d bytes, expected 4".formatted(definition.keySize()));
        }
        if (definition.valueSize() == 0) throw definition.refused(Errno.EINVAL, "no value");
        if (definition.valueSize() < 0 || definition.valueSize() > Integer.MAX_VALUE - 8) {
            throw definition.refused(Errno.E2BIG, "values of 2 GiB");
        }
        return definition.stride();
    }

    /** Refuses what would not fit into memory, before it takes that of the whole process. */
    static void takeRoom(MapDefinition definition, MapMemory memory, long bytesPerElement) {
        long count = definition.maxEntries();
        boolean fits = count <= (Integer.MAX_VALUE - 8) / bytesPerElement;
        if (fits && memory.takeForMap(count * bytesPerElement)) return;
        throw definition.refused(
                Errno.ENOMEM,
                "no memory for %d values of %d bytes".formatted(count, definition.valueSize()));
    }

    /** The bytes of all elements. */
    public ByteRegion memory() {
        return memory;
    }

    @Override
    public MemorySegment mapped() {
        return memory.segment();
    }

    /** What programs with a direct address may do with the bytes of all elements. */
    public Region seen() {
        return seen;
    }

    @Override
    public Region lookupFromProgram(Key key) {
        return lookupFromProgram((int) key.index());
    }

    /** {@link #lookupFromProgram(Key)} by index, which is unsigned. */
    public Region lookupFromProgram(int index) {
        // There are never 2^31 elements: none has a negative index.
        if (index < 0 || index >= values.length()) return null;
        var value = values.getAcquire(index);
        return value == null ? create(index) : value;
    }

    private Region create(int index) {
        var label = "value %d of map %s".formatted(index, name());
        var bytes =
                memory.slice(label, (long) index * stride, valueSize())
                        .asValueOf(this, IndexKey.of(index));
        values.compareAndSet(index, null, MapValue.of(this, bytes).seen());
        return values.get(index);
    }

    @Override
    public Optional<Iterator<ProgramElement>> elementsFromProgram() {
        return Optional.of(
                IndexKey.elements(maxEntries(), index -> lookupFromProgram((int) index)));
    }

    @Override
    protected Optional<byte[]> find(byte[] key) {
        long index = IndexKey.indexOf(key);
        return index < maxEntries()
                ? Optional.of(element(index).toArray(JAVA_BYTE))
                : Optional.empty();
    }

    @Override
    protected void put(byte[] key, byte[] value, UpdateFlag flag) {
        long index = IndexKey.indexOf(key);
        if (index >= maxEntries()) throw tooLarge(index);
        if (flag == UpdateFlag.NOEXIST) throw occupied(key);
        element(index).copyFrom(MemorySegment.ofArray(value));
        // As the kernel: the new value has no timer.
        if (maxEntries() == 1) memory.detach();
        else if (values.get((int) index) instanceof ByteRegion bytes) bytes.detach();
    }

    private MemorySegment element(long index) {
        return memory.segment().asSlice(index * stride, valueSize());
    }

    private MapException tooLarge(long index) {
        return failure(Errno.E2BIG, "index %d of %d".formatted(index, maxEntries()));
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
