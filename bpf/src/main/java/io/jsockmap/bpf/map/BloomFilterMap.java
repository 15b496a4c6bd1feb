package io.jsockmap.bpf.map;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.memory.Region;

import java.lang.foreign.MemorySegment;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * BPF_MAP_TYPE_BLOOM_FILTER: remembers that values were put in, in little memory. It never denies
 * one that was; one that was not it may affirm by mistake, the more often the more values beyond
 * max_entries it was given.
 *
 * {@snippet class="io.jsockmap.bpf.examples.MapKindExamples" region="keyless"}
 */
public final class BloomFilterMap extends BpfMap implements KeylessMap {
    private static final int ZERO_SEED = 1 << 6;
    private static final int DEFAULT_HASHES = 5;
    private static final int MAX_HASHES = 15;

    /** KMALLOC_MAX_SIZE of the kernel. */
    private static final int MAX_VALUE = 1 << 22;

    /** As many bits as the kernel takes at the most. */
    private static final long MAX_BITS = 1L << 32;

    private static final byte[] NO_KEY = {};

    private final AtomicLongArray bits;
    private final long mask;
    private final int hashes;

    public BloomFilterMap(MapDefinition definition) {
        super(definition);
        checkFlags(NUMA_NODE | ZERO_SEED | RDONLY | WRONLY | RDONLY_PROG | WRONLY_PROG);
        if (keySize() != 0) {
            throw failure(Errno.EINVAL, "a key of %d bytes, expected none".formatted(keySize()));
        }
        if (valueSize() == 0) throw failure(Errno.EINVAL, "no value");
        if (definition.extra() < 0 || definition.extra() > MAX_HASHES) {
            throw failure(
                    Errno.EINVAL,
                    "map_extra %d, expected 0 to 15 hashes".formatted(definition.extra()));
        }
        if (valueSize() < 0 || valueSize() > MAX_VALUE) {
            throw failure(
                    Errno.E2BIG,
                    "values of %d bytes, at most %d"
                            .formatted(Integer.toUnsignedLong(valueSize()), MAX_VALUE));
        }
        hashes = definition.extra() == 0 ? DEFAULT_HASHES : (int) definition.extra();
        long size = bitsFor(maxEntries(), hashes);
        mask = size - 1;
        if (!new MapMemory(this).takeForMap(size / Byte.SIZE)) {
            throw failure(Errno.ENOMEM, "no memory for %d bits".formatted(size));
        }
        bits = new AtomicLongArray((int) (size / Long.SIZE));
    }

    /** Bits for about the fewest mistakes with so many values: hashes by 1/ln 2, which is 7/5. */
    private static long bitsFor(long values, int hashes) {
        long wanted = values * hashes / 5 * 7;
        if (wanted > MAX_BITS / 2) return MAX_BITS;
        return Math.max(Long.SIZE, Long.highestOneBit(Math.max(wanted, 1) * 2 - 1));
    }

    /**
     * Puts a value in.
     *
     * @throws MapException EINVAL for a value of another size, EPERM as for update
     */
    public void push(byte[] value) {
        update(NO_KEY, value, UpdateFlag.ANY);
    }

    /**
     * Whether a value was put in, or seems so.
     *
     * @throws MapException EINVAL for a value of another size, EPERM for a BPF_F_WRONLY map
     */
    public boolean mayContain(byte[] value) {
        checkReadable();
        if (value.length == valueSize()) return contains(value);
        throw failure(
                Errno.EINVAL,
                "a value of %d bytes, expected %d".formatted(value.length, valueSize()));
    }

    private boolean contains(byte[] value) {
        long hash = hash(value);
        for (int i = 0; i < hashes; i++) {
            long bit = bit(hash, i);
            if ((bits.get((int) (bit >> 6)) & 1L << bit) == 0) return false;
        }
        return true;
    }

    private long bit(long hash, int round) {
        return mixed(hash + round * 0x9e37_79b9_7f4a_7c15L) & mask;
    }

    /** FNV-1a. The same in all runs: a simulation must find the same mistakes again. */
    private static long hash(byte[] value) {
        long hash = 0xcbf2_9ce4_8422_2325L;
        for (byte b : value) hash = (hash ^ b & 0xff) * 0x100_0000_01b3L;
        return hash;
    }

    /** The last step of SplitMix64, which spreads each bit over all. */
    private static long mixed(long hash) {
        long h = (hash ^ hash >>> 30) * 0xbf58_476d_1ce4_e5b9L;
        h = (h ^ h >>> 27) * 0x94d0_49bb_1331_11ebL;
        return h ^ h >>> 31;
    }

    @Override
    public long pushFromProgram(byte[] value, long flags) {
        var flag = UpdateFlag.of(flags);
        if (flag.isEmpty()) return Errno.EINVAL.negative();
        if ((definition().flags() & RDONLY_PROG) != 0) return Errno.EACCES.negative();
        return errnoOf(() -> put(NO_KEY, value, flag.get()));
    }

    @Override
    public long popFromProgram(MemorySegment value) {
        return Errno.EOPNOTSUPP.negative();
    }

    @Override
    public long peekFromProgram(MemorySegment value) {
        return contains(value.toArray(JAVA_BYTE)) ? 0 : Errno.ENOENT.negative();
    }

    @Override
    protected void put(byte[] key, byte[] value, UpdateFlag flag) {
        if (flag != UpdateFlag.ANY) throw failure(Errno.EINVAL, "values have no keys here");
        long hash = hash(value);
        for (int i = 0; i < hashes; i++) {
            long bit = bit(hash, i);
            bits.getAndUpdate((int) (bit >> 6), word -> word | 1L << bit);
        }
    }

    @Override
    protected void putFromProgram(byte[] key, byte[] value, UpdateFlag flag) {
        throw failure(Errno.EINVAL, "values have no keys here");
    }

    @Override
    public Region lookupFromProgram(Key key) {
        return null;
    }

    @Override
    protected Optional<byte[]> find(byte[] key) {
        throw failure(Errno.EINVAL, "a value is asked for, not a key: use mayContain(value)");
    }

    @Override
    protected void remove(byte[] key) {
        throw failure(Errno.EOPNOTSUPP, "what was put in can't be taken out");
    }

    @Override
    protected Optional<byte[]> following(byte[] key) {
        throw failure(Errno.EOPNOTSUPP, "the values are not kept, only whether they were put in");
    }
}
