package io.jsockmap.bpf.map;

import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.memory.Region;

import java.util.EnumSet;
import java.util.Iterator;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/**
 * BPF_MAP_TYPE_LPM_TRIE: values by prefixes; a lookup finds the longest prefix that matches. A key
 * is the prefix's length in bits, as a number of 4 bytes, and the bytes it is taken from, the most
 * significant bit first. Two keys that differ only behind their prefix are the same.
 *
 * <p>A lookup takes no lock: it goes through a tree that never changes. Updates take turns, and
 * each puts a new tree, which has most of its nodes from the old, in the place of the old one.
 *
 * {@snippet class="io.jsockmap.bpf.examples.MapKindExamples" region="prefix"}
 */
public final class LpmTrieMap extends BpfMap {
    private static final int MAX_DATA = 256;

    /** KMALLOC_MAX_SIZE of the kernel without what a node of its own tree takes. */
    private static final int MAX_VALUE = (1 << 22) - MAX_DATA - 40;

    /** What an element takes beside its key and value, about: it may need two nodes. */
    private static final int OVERHEAD = 256;

    private final ReentrantLock updates = new ReentrantLock();
    private final MapMemory memory = new MapMemory(this);
    private volatile PrefixTree tree = PrefixTree.EMPTY;

    public LpmTrieMap(MapDefinition definition) {
        super(definition);
        if ((definition.flags() & HashRules.NO_PREALLOC) == 0) {
            throw failure(Errno.EINVAL, "without BPF_F_NO_PREALLOC: add it to the map's flags");
        }
        checkFlags(HashRules.NO_PREALLOC | NUMA_NODE | RDONLY | WRONLY | RDONLY_PROG | WRONLY_PROG);
        int data = keySize() - Prefix.LENGTH_SIZE;
        if (data < 1 || data > MAX_DATA) {
            throw failure(Errno.EINVAL, "keys of %d bytes, expected 5 to 260".formatted(keySize()));
        }
        if (valueSize() < 1 || valueSize() > MAX_VALUE) {
            throw failure(
                    Errno.EINVAL,
                    "values of %d bytes, expected 1 to %d".formatted(valueSize(), MAX_VALUE));
        }
    }

    @Override
    public OptionalLong count() {
        return OptionalLong.of(tree.size());
    }

    @Override
    public Region lookupFromProgram(Key key) {
        var value = longest(key.bytes());
        return value == null ? null : value.seen();
    }

    @Override
    protected Optional<byte[]> find(byte[] key) {
        return Optional.ofNullable(longest(key)).map(MapValue::copy);
    }

    private MapValue longest(byte[] key) {
        var prefix = new Prefix(key);
        return prefix.isTooLong() ? null : tree.longestMatch(prefix);
    }

    @Override
    protected void put(byte[] key, byte[] bytes, UpdateFlag flag) {
        var prefix = checked(key.clone());
        var value = MapValue.allocate(this, "value of map " + name());
        value.set(bytes, 0);
        updates.lock();
        try {
            boolean present = tree.valueOf(prefix) != null;
            if (present && flag == UpdateFlag.NOEXIST) throw occupied(key);
            if (!present && flag == UpdateFlag.EXIST) throw missing(key);
            if (!present) takeRoom();
            tree = tree.with(prefix, value);
        } finally {
            updates.unlock();
        }
    }

    private void takeRoom() {
        if (tree.size() >= maxEntries()) {
            throw failure(
                    Errno.ENOSPC,
                    "all %d entries are in use; delete some or raise max_entries"
                            .formatted(maxEntries()));
        }
        if (memory.take(elementSize())) return;
        throw failure(Errno.ENOMEM, "no memory for another %d bytes".formatted(elementSize()));
    }

    private long elementSize() {
        return OVERHEAD + keySize() + (long) valueSize();
    }

    @Override
    protected void remove(byte[] key) {
        var prefix = checked(key);
        updates.lock();
        try {
            if (tree.valueOf(prefix) == null) throw missing(key);
            tree = tree.without(prefix);
            memory.give(elementSize());
        } finally {
            updates.unlock();
        }
    }

    private Prefix checked(byte[] key) {
        var prefix = new Prefix(key);
        if (!prefix.isTooLong()) return prefix;
        throw failure(
                Errno.EINVAL,
                "a prefix of %d bits, at most %d"
                        .formatted(prefix.length(), (keySize() - Prefix.LENGTH_SIZE) * Byte.SIZE));
    }

    @Override
    protected Set<Batch.Operation> batchOperations() {
        return EnumSet.complementOf(EnumSet.of(Batch.Operation.LOOKUP_AND_DELETE));
    }

    @Override
    protected Iterator<byte[]> walk() {
        return tree.keys();
    }

    @Override
    protected Optional<byte[]> following(byte[] key) {
        return tree.following(key == null ? null : new Prefix(key));
    }
}
