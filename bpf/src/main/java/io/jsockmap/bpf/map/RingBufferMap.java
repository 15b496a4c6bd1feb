package io.jsockmap.bpf.map;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.memory.ByteRegion;
import io.jsockmap.bpf.memory.Region;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * BPF_MAP_TYPE_RINGBUF: records from programs on all CPUs to an application, in the order in which
 * they were reserved. A record that is reserved and not yet submitted holds back those behind it.
 *
 * <p>max_entries is the size in bytes. A record takes its own, rounded up to 8, and 8 more.
 *
 * {@snippet class="io.jsockmap.bpf.examples.EventExamples" region="ring"}
 */
public final class RingBufferMap extends BpfMap implements RingBuffer {
    /** BPF_RB_NO_WAKEUP: whoever waits in {@link #take} is not woken. */
    public static final long NO_WAKEUP = 1;

    /** BPF_RB_FORCE_WAKEUP: whoever waits is woken; so it is without a flag here. */
    public static final long FORCE_WAKEUP = 1 << 1;

    private static final int PAGE = 4096;
    private static final int HEADER = Long.BYTES;
    private static final long MAX_RECORD = 0xffff_ffffL / 4;

    private static final long BUSY = 1L << 31;
    private static final long DISCARDED = 1L << 30;
    private static final VarHandle HEADERS = JAVA_LONG.varHandle();

    /**
     * Twice the size: a record that begins before the end goes on behind it, in one piece, and
     * nobody else uses its bytes at the start meanwhile. The kernel maps the same memory twice.
     */
    private final ByteRegion memory;

    private final long mask;
    private final ReentrantLock producers = new ReentrantLock();
    private final ReentrantLock consumers = new ReentrantLock();
    private final Bell bell = new Bell();

    /** Bytes since the beginning, both. */
    private volatile long produced;

    private volatile long consumed;

    public RingBufferMap(MapDefinition definition) {
        super(definition);
        checkFlags(NUMA_NODE);
        if (keySize() != 0 || valueSize() != 0) {
            throw failure(Errno.EINVAL, "a key or a value, expected neither");
        }
        long size = maxEntries();
        if (Long.bitCount(size) != 1 || size % PAGE != 0) {
            throw failure(
                    Errno.EINVAL,
                    "max_entries is %d, expected a power of two of at least %d bytes"
                            .formatted(size, PAGE));
        }
        boolean fits = size <= Integer.MAX_VALUE / 2;
        if (!fits || !new MapMemory(this).takeForMap(2 * size)) {
            throw failure(Errno.ENOMEM, "no memory for %d bytes".formatted(2 * size));
        }
        memory = ByteRegion.allocate("ring buffer " + name(), (int) (2 * size));
        mask = size - 1;
    }

    // --- Applications ----------------------------------------------------------------------------

    @Override
    public Optional<byte[]> poll() {
        consumers.lock();
        try {
            while (true) {
                long from = consumed;
                if (from == produced) return Optional.empty();
                int at = (int) (from & mask);
                long header = (long) HEADERS.getVolatile(memory.segment(), (long) at);
                if ((header & BUSY) != 0) return Optional.empty();
                long size = header & ~DISCARDED;
                var record =
                        (header & DISCARDED) == 0
                                ? memory.segment().asSlice(at + HEADER, size).toArray(JAVA_BYTE)
                                : null;
                consumed = from + room(size);
                if (record != null) return Optional.of(record);
            }
        } finally {
            consumers.unlock();
        }
    }

    @Override
    public byte[] take() throws InterruptedException {
        return bell.await(this::poll);
    }

    // --- Programs --------------------------------------------------------------------------------

    /**
     * {@code bpf_ringbuf_reserve}: a record that the program may write until it submits or discards
     * it; null if there is no room, or for any flag. What it holds at first is not defined.
     */
    public RingRecord reserve(long size, long flags) {
        return flags == 0 ? reserve(size) : null;
    }

    private RingRecord reserve(long size) {
        if (size < 0 || size > MAX_RECORD) return null;
        long room = room(size);
        if (room > mask) return null;
        producers.lock();
        try {
            long from = produced;
            // Never quite full, as in the kernel: the last 8 bytes stay free.
            if (from + room - consumed > mask) return null;
            int at = (int) (from & mask);
            HEADERS.setVolatile(memory.segment(), (long) at, BUSY | size);
            produced = from + room;
            var label = "record of ring buffer " + name();
            return new RingRecord(this, at, memory.slice(label, at + HEADER, (int) size));
        } finally {
            producers.unlock();
        }
    }

    private static long room(long size) {
        return HEADER + size + 7 & ~7L;
    }

    /** {@code bpf_ringbuf_output}; 0, EINVAL for other flags, or EAGAIN without room, negative. */
    public long output(MemorySegment data, long flags) {
        if ((flags & ~(NO_WAKEUP | FORCE_WAKEUP)) != 0) return Errno.EINVAL.negative();
        var record = reserve(data.byteSize());
        if (record == null) return Errno.EAGAIN.negative();
        record.memory().segment().copyFrom(data);
        record.submit(flags);
        return 0;
    }

    /**
     * {@code bpf_ringbuf_query}: bytes not yet read, size, or a position; 0 for other questions.
     */
    public long query(long question) {
        // Before what was produced, which is never less.
        long read = consumed;
        if (question == 0) return produced - read;
        if (question == 1) return mask + 1;
        if (question == 2) return read;
        return question == 3 ? produced : 0;
    }

    void commit(RingRecord record, boolean discarded, long flags) {
        long header = record.memory().size() | (discarded ? DISCARDED : 0);
        HEADERS.setVolatile(memory.segment(), (long) record.at(), header);
        if ((flags & NO_WAKEUP) == 0 || (flags & FORCE_WAKEUP) != 0) bell.ring();
    }

    @Override
    public Region lookupFromProgram(Key key) {
        return null;
    }

    @Override
    protected Optional<byte[]> find(byte[] key) {
        throw elementless();
    }

    @Override
    protected void put(byte[] key, byte[] value, UpdateFlag flag) {
        throw elementless();
    }

    @Override
    protected void remove(byte[] key) {
        throw elementless();
    }

    @Override
    protected Optional<byte[]> following(byte[] key) {
        throw elementless();
    }

    private MapException elementless() {
        return failure(Errno.ENOTSUPP, "a ring buffer has no elements: poll its records");
    }
}
