package io.jsockmap.bpf.map;

import io.jsockmap.bpf.memory.Region;

import java.util.EnumSet;
import java.util.Iterator;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * BPF_MAP_TYPE_HASH. An update puts a new value in the place of the old, so whoever still points to
 * the old one reads a whole value.
 *
 * {@snippet class="io.jsockmap.bpf.examples.MapExamples" region="full"}
 */
public sealed class HashMap extends BpfMap permits LruHashMap {
    static final int NO_PREALLOC = HashRules.NO_PREALLOC;

    private final HashTable<MapValue> table;

    public HashMap(MapDefinition definition) {
        this(definition, HashTable.WhenFull.REFUSE);
    }

    HashMap(MapDefinition definition, HashTable.WhenFull whenFull) {
        super(definition);
        HashRules.check(this, false, whenFull);
        table = new HashTable<>(this, valueSize(), whenFull, MapValue::retire);
    }

    @Override
    public OptionalLong count() {
        return OptionalLong.of(table.size());
    }

    @Override
    public Region lookupFromProgram(Key key) {
        var value = table.use(key);
        return value == null ? null : value.seen();
    }

    @Override
    public Optional<Iterator<ProgramElement>> elementsFromProgram() {
        return Optional.of(table.elements(MapValue::seen));
    }

    @Override
    protected Optional<byte[]> find(byte[] key) {
        return Optional.ofNullable(table.get(Key.of(key))).map(MapValue::copy);
    }

    @Override
    protected void put(byte[] key, byte[] value, UpdateFlag flag) {
        table.put(
                key,
                flag,
                (own, old) -> valueOf(old == null ? own.bytes() : old.elementKey(), value));
    }

    private MapValue valueOf(byte[] key, byte[] bytes) {
        var value = MapValue.allocate(this, "value of map " + name(), key);
        value.set(bytes, 0);
        return value;
    }

    @Override
    protected void remove(byte[] key) {
        if (table.remove(key) == null) throw missing(key);
    }

    @Override
    protected Optional<byte[]> findAndRemove(byte[] key) {
        return Optional.ofNullable(table.remove(key)).map(MapValue::copy);
    }

    @Override
    protected Set<Batch.Operation> batchOperations() {
        return EnumSet.allOf(Batch.Operation.class);
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
