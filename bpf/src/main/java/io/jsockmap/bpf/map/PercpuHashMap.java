package io.jsockmap.bpf.map;

import io.jsockmap.bpf.memory.Region;

import java.util.EnumSet;
import java.util.Iterator;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * BPF_MAP_TYPE_PERCPU_HASH: a hash with a value for each CPU. Applications read and write the
 * values of a key of all CPUs at once, each rounded up to 8 bytes; a program sets the value of its
 * own CPU, and those of the others are 0 if the key is new.
 *
 * {@snippet class="io.jsockmap.bpf.examples.MapKindExamples" region="percpu"}
 */
public sealed class PercpuHashMap extends BpfMap implements PercpuMap permits LruPercpuHashMap {
    private final HashTable<PercpuValue> table;

    public PercpuHashMap(MapDefinition definition) {
        this(definition, HashTable.WhenFull.REFUSE);
    }

    PercpuHashMap(MapDefinition definition, HashTable.WhenFull whenFull) {
        super(definition);
        HashRules.check(this, true, whenFull);
        table = new HashTable<>(this, PercpuValue.room(definition()), whenFull, _ -> {});
    }

    @Override
    public int userValueSize() {
        return definition().stride() * Cpu.COUNT;
    }

    @Override
    public OptionalLong count() {
        return OptionalLong.of(table.size());
    }

    @Override
    public Region lookupFromProgram(Key key) {
        return lookupFromProgram(key, Cpu.current());
    }

    @Override
    public Region lookupFromProgram(Key key, int cpu) {
        var value = table.use(key);
        return value == null ? null : value.seen(cpu);
    }

    @Override
    public Optional<Iterator<ProgramElement>> elementsFromProgram() {
        int cpu = Cpu.current();
        return Optional.of(table.elements(value -> value.seen(cpu)));
    }

    @Override
    protected Optional<byte[]> find(byte[] key) {
        return Optional.ofNullable(table.get(Key.of(key))).map(PercpuValue::copy);
    }

    @Override
    protected void put(byte[] key, byte[] all, UpdateFlag flag) {
        table.put(key, flag, (_, old) -> setAll(old == null ? zeros() : old, all));
    }

    @Override
    protected void putFromProgram(byte[] key, byte[] one, UpdateFlag flag) {
        table.put(key, flag, (_, old) -> setOne(old == null ? zeros() : old, one));
    }

    private PercpuValue zeros() {
        return new PercpuValue(this, "value of map " + name());
    }

    private static PercpuValue setAll(PercpuValue value, byte[] all) {
        value.setAll(all);
        return value;
    }

    private static PercpuValue setOne(PercpuValue value, byte[] one) {
        value.set(Cpu.current(), one);
        return value;
    }

    @Override
    protected void remove(byte[] key) {
        if (table.remove(key) == null) throw missing(key);
    }

    @Override
    protected Optional<byte[]> findAndRemove(byte[] key) {
        return Optional.ofNullable(table.remove(key)).map(PercpuValue::copy);
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
