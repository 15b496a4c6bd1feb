package io.jsockmap.bpf.map;

import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.memory.ObjectRegion;
import io.jsockmap.bpf.memory.Region;

import java.util.EnumSet;
import java.util.Iterator;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * BPF_MAP_TYPE_HASH_OF_MAPS: maps by key. A program's lookup gives a map that it can use like one
 * of its own; an application's gives the map's id.
 *
 * {@snippet class="io.jsockmap.bpf.examples.MapKindExamples" region="nested"}
 */
public final class HashOfMaps extends BpfMap implements MapOfMaps {
    private final MapDefinition inner;
    private final HashTable<ObjectRegion> table;

    public HashOfMaps(MapDefinition definition) {
        super(definition);
        ObjectArray.checkValueSize(this);
        HashRules.check(this, false, HashTable.WhenFull.REFUSE);
        inner = InnerMaps.template(this);
        table = new HashTable<>(this, Long.BYTES, HashTable.WhenFull.REFUSE, _ -> {});
    }

    @Override
    public MapDefinition inner() {
        return inner;
    }

    @Override
    public void update(byte[] key, BpfMap map, UpdateFlag flag) {
        checkKey(key);
        write(
                () -> {
                    var region = InnerMaps.checked(this, inner, map);
                    table.put(key, flag, (_, _) -> region);
                });
    }

    @Override
    public Optional<BpfMap> map(byte[] key) {
        return Optional.ofNullable(table.get(Key.of(key))).map(InnerMaps::mapOf);
    }

    @Override
    public OptionalLong count() {
        return OptionalLong.of(table.size());
    }

    @Override
    public Region lookupFromProgram(Key key) {
        return table.get(key);
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
        if (table.remove(key) == null) throw missing(key);
    }

    @Override
    protected Set<Batch.Operation> batchOperations() {
        return EnumSet.allOf(Batch.Operation.class);
    }

    @Override
    protected Optional<byte[]> findAndRemove(byte[] key) {
        return Optional.ofNullable(table.remove(key))
                .map(region -> ObjectArray.idOf(InnerMaps.mapOf(region).id()));
    }

    /** The kernel has it in batches only. */
    @Override
    protected Optional<byte[]> findAndRemoveOne(byte[] key) {
        throw failure(Errno.ENOTSUPP, "maps can be taken out of it in a batch only");
    }

    @Override
    protected Iterator<byte[]> walk() {
        return table.keys();
    }

    @Override
    protected Optional<byte[]> following(byte[] key) {
        return table.following(key);
    }
}
