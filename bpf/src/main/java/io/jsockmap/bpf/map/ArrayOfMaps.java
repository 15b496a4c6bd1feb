package io.jsockmap.bpf.map;

import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.memory.ObjectRegion;
import io.jsockmap.bpf.memory.Region;

import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * BPF_MAP_TYPE_ARRAY_OF_MAPS: maps by number. A program's lookup gives a map that it can use like
 * one of its own; an application's gives the map's id.
 *
 * {@snippet class="io.jsockmap.bpf.examples.MapKindExamples" region="nested"}
 */
public final class ArrayOfMaps extends BpfMap implements MapOfMaps {
    private final MapDefinition inner;
    private final AtomicReferenceArray<ObjectRegion> maps;

    public ArrayOfMaps(MapDefinition definition) {
        super(definition);
        checkFlags(NUMA_NODE | RDONLY | WRONLY);
        ObjectArray.checkSizes(this);
        inner = InnerMaps.template(this);
        ArrayMap.takeRoom(definition, new MapMemory(this), MapValue.OVERHEAD);
        maps = new AtomicReferenceArray<>((int) maxEntries());
    }

    @Override
    public MapDefinition inner() {
        return inner;
    }

    /** As for all maps of maps; E2BIG for an index beyond the end, EINVAL for flags but ANY. */
    @Override
    public void update(byte[] key, BpfMap map, UpdateFlag flag) {
        checkKey(key);
        write(
                () -> {
                    long index = IndexKey.indexOf(key);
                    if (flag != UpdateFlag.ANY) throw failure(Errno.EINVAL, "flag " + flag);
                    if (index >= maps.length()) throw tooLarge(index);
                    maps.set((int) index, InnerMaps.checked(this, inner, map));
                });
    }

    @Override
    public Optional<BpfMap> map(byte[] key) {
        return Optional.ofNullable(at(IndexKey.indexOf(key))).map(InnerMaps::mapOf);
    }

    @Override
    public Region lookupFromProgram(Key key) {
        return at(key.index());
    }

    private ObjectRegion at(long index) {
        return index < maps.length() ? maps.get((int) index) : null;
    }

    private MapException tooLarge(long index) {
        return failure(Errno.E2BIG, "index %d of %d".formatted(index, maps.length()));
    }

    @Override
    protected Optional<byte[]> find(byte[] key) {
        return map(key).map(map -> ObjectArray.idOf(map.id()));
    }

    @Override
    protected void put(byte[] key, byte[] value, UpdateFlag flag) {
        throw InnerMaps.notBytes(this);
    }

    @Override
    protected void putFromProgram(byte[] key, byte[] value, UpdateFlag flag) {
        throw InnerMaps.notForPrograms(this);
    }

    @Override
    protected void removeFromProgram(byte[] key) {
        throw InnerMaps.notForPrograms(this);
    }

    @Override
    protected void remove(byte[] key) {
        long index = IndexKey.indexOf(key);
        if (index >= maps.length()) throw tooLarge(index);
        if (maps.getAndSet((int) index, null) == null) throw missing(key);
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
