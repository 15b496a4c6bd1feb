package io.jsockmap.bpf.map;

import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.memory.Region;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * BPF_MAP_TYPE_PERF_EVENT_ARRAY: a buffer of records for each CPU, which the application opens. The
 * index of a buffer is the CPU that writes it.
 *
 * {@snippet class="io.jsockmap.bpf.examples.EventExamples" region="perf"}
 */
public final class PerfEventArrayMap extends BpfMap implements PerfEventArray {
    /** BPF_F_INDEX_MASK: the part of a program's flags that is the index. */
    private static final long INDEX_MASK = 0xffff_ffffL;

    /** BPF_F_CURRENT_CPU: the index that stands for the CPU the program runs on. */
    private static final long CURRENT_CPU = INDEX_MASK;

    private static final int PRESERVE_ELEMENTS = 1 << 11;
    private static final int PAGE = 4096;
    private static final int MAX_BYTES = 1 << 30;

    private final AtomicReferenceArray<PerfReader> readers;

    public PerfEventArrayMap(MapDefinition definition) {
        super(definition);
        checkFlags(NUMA_NODE | RDONLY | WRONLY | PRESERVE_ELEMENTS);
        ObjectArray.checkSizes(this);
        ArrayMap.takeRoom(definition, new MapMemory(this), Long.BYTES);
        readers = new AtomicReferenceArray<>((int) maxEntries());
    }

    // --- Applications ----------------------------------------------------------------------------

    @Override
    public PerfReader open(long index, int bytes) {
        beginWrite();
        try {
            if (index < 0 || index >= readers.length()) throw tooLarge(index);
            if (index >= Cpu.COUNT) {
                throw failure(
                        Errno.ENODEV, "CPU %d, the last is %d".formatted(index, Cpu.COUNT - 1));
            }
            if (Integer.bitCount(bytes) != 1 || bytes < PAGE || bytes > MAX_BYTES) {
                throw failure(
                        Errno.EINVAL,
                        "a buffer of %d bytes, expected a power of two from %d to %d"
                                .formatted(bytes, PAGE, MAX_BYTES));
            }
            var reader = new PerfReader(this, (int) index, bytes);
            readers.set((int) index, reader);
            return reader;
        } finally {
            endWrite();
        }
    }

    @Override
    public List<PerfReader> openAll(int bytesEach) {
        List<PerfReader> all = new ArrayList<>();
        for (int i = 0; i < Math.min(Cpu.COUNT, readers.length()); i++) {
            all.add(open(i, bytesEach));
        }
        return all;
    }

    void close(PerfReader reader) {
        readers.compareAndSet(reader.cpu(), reader, null);
    }

    // --- Programs --------------------------------------------------------------------------------

    /**
     * {@code bpf_perf_event_output}: a record of the data and, behind it, the packet's bytes.
     *
     * @param flags the index, or BPF_F_CURRENT_CPU; nothing else
     * @return 0, or negative: EINVAL for other flags, E2BIG for an index beyond the end, ENOENT
     *     where no buffer is open, EOPNOTSUPP for the buffer of another CPU, ENOSPC for a full one
     */
    public long output(long flags, MemorySegment data, MemorySegment packet) {
        if ((flags & ~INDEX_MASK) != 0) return Errno.EINVAL.negative();
        long index = flags == CURRENT_CPU ? Cpu.current() : flags;
        if (index >= readers.length()) return Errno.E2BIG.negative();
        var reader = readers.get((int) index);
        if (reader == null) return Errno.ENOENT.negative();
        if (reader.cpu() != Cpu.current()) return Errno.EOPNOTSUPP.negative();
        return reader.offer(data, packet) ? 0 : Errno.ENOSPC.negative();
    }

    private MapException tooLarge(long index) {
        return failure(Errno.E2BIG, "index %d of %d".formatted(index, readers.length()));
    }

    @Override
    public Region lookupFromProgram(Key key) {
        return null;
    }

    @Override
    protected Optional<byte[]> find(byte[] key) {
        throw failure(Errno.ENOTSUPP, "its values are buffers: open(index, bytes) gives one");
    }

    @Override
    protected void put(byte[] key, byte[] value, UpdateFlag flag) {
        throw failure(Errno.EBADF, "its values are buffers: use open(index, bytes)");
    }

    @Override
    protected void remove(byte[] key) {
        long index = IndexKey.indexOf(key);
        if (index >= readers.length()) throw tooLarge(index);
        if (readers.getAndSet((int) index, null) == null) throw missing(key);
    }

    @Override
    protected void removeFromProgram(byte[] key) {
        throw failure(Errno.EINVAL, "programs can't take out its buffers");
    }

    @Override
    protected Optional<byte[]> following(byte[] key) {
        return IndexKey.following(key, maxEntries());
    }
}
