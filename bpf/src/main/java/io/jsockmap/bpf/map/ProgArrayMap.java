package io.jsockmap.bpf.map;

import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.memory.Region;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * BPF_MAP_TYPE_PROG_ARRAY: the programs that {@code bpf_tail_call} jumps to. A tail call to a
 * program of another type than the caller's finds nothing.
 *
 * @param <P> what a program is; this package does not look into it
 */
public final class ProgArrayMap<P> extends BpfMap {
    private final AtomicReferenceArray<P> programs;

    public ProgArrayMap(MapDefinition definition) {
        super(definition);
        checkFlags(NUMA_NODE | RDONLY | WRONLY);
        ArrayMap.checkedStride(definition);
        ArrayMap.takeRoom(definition, new MapMemory(this), Long.BYTES);
        if (definition.valueSize() != Integer.BYTES) {
            throw failure(Errno.EINVAL, "a value of %d bytes, expected 4".formatted(valueSize()));
        }
        programs = new AtomicReferenceArray<>((int) maxEntries());
    }

    /** The program at an index, or null. */
    public P program(long index) {
        return index >= 0 && index < programs.length() ? programs.get((int) index) : null;
    }

    /**
     * Puts a program at an index, or takes it away for null.
     *
     * @throws MapException E2BIG for an index beyond the end
     */
    public void set(long index, P program) {
        checkWritable();
        if (index < 0 || index >= programs.length()) throw tooLarge(index);
        programs.set((int) index, program);
    }

    private MapException tooLarge(long index) {
        return failure(Errno.E2BIG, "index %d of %d".formatted(index, programs.length()));
    }

    @Override
    public Region lookupFromProgram(byte[] key) {
        return null;
    }

    @Override
    protected Optional<byte[]> find(byte[] key) {
        throw failure(Errno.EOPNOTSUPP, "its values are programs: ask for program(index)");
    }

    @Override
    protected void put(byte[] key, byte[] value, UpdateFlag flag) {
        throw failure(Errno.EBADF, "its values are programs: use set(index, program)");
    }

    @Override
    protected void remove(byte[] key) {
        long index = IndexKey.indexOf(key);
        if (index >= programs.length()) throw tooLarge(index);
        if (programs.getAndSet((int) index, null) == null) throw missing(key);
    }

    @Override
    protected Optional<byte[]> following(byte[] key) {
        return IndexKey.following(key, maxEntries());
    }
}
