package io.jsockmap.bpf.map;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.jsockmap.bpf.Errno;

import java.lang.foreign.MemorySegment;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A buffer of the engine in user space.
 *
 * <p>Records have the bytes that the program gave; the kernel's end in up to 7 more.
 *
 * {@snippet class="io.jsockmap.bpf.examples.EventExamples" region="perf"}
 */
public final class PerfReader implements PerfBuffer {
    /** A record's header and size in the kernel's buffer. */
    private static final int HEADER = 12;

    /** What the smallest record takes here, by what it counts. */
    private static final int OVERHEAD = 3;

    private final PerfEventArrayMap map;
    private final int cpu;
    private final int capacity;
    private final MapMemory memory = new MapMemory(this);
    private final Queue<byte[]> records = new ConcurrentLinkedQueue<>();
    private final AtomicLong used = new AtomicLong();
    private final AtomicLong lost = new AtomicLong();
    private final Bell bell = new Bell();

    private volatile boolean closed;

    PerfReader(PerfEventArrayMap map, int cpu, int capacity) {
        this.map = map;
        this.cpu = cpu;
        this.capacity = capacity;
        if (!memory.takeForMap((long) OVERHEAD * capacity)) {
            throw map.failure(
                    Errno.ENOMEM, "no memory for a buffer of %d bytes".formatted(capacity));
        }
    }

    @Override
    public int cpu() {
        return cpu;
    }

    @Override
    public Optional<byte[]> poll() {
        var record = records.poll();
        if (record == null) return Optional.empty();
        used.addAndGet(-room(record.length));
        return Optional.of(record);
    }

    @Override
    public byte[] take() throws InterruptedException {
        return bell.await(this::pollOrFail);
    }

    private Optional<byte[]> pollOrFail() {
        // Asked before: what comes until the reader is closed is still given.
        boolean last = closed;
        var record = poll();
        if (record.isEmpty() && last) throw map.failure(Errno.EBADF, "the reader is closed");
        return record;
    }

    @Override
    public long lost() {
        return lost.get();
    }

    @Override
    public void close() {
        map.close(this);
        closed = true;
        memory.giveAll();
        bell.ring();
    }

    boolean offer(MemorySegment data, MemorySegment packet) {
        long size = data.byteSize() + packet.byteSize();
        long room = room(size);
        if (used.addAndGet(room) > capacity) {
            used.addAndGet(-room);
            lost.incrementAndGet();
            return false;
        }
        var record = new byte[(int) size];
        MemorySegment.copy(data, JAVA_BYTE, 0, record, 0, (int) data.byteSize());
        MemorySegment.copy(
                packet, JAVA_BYTE, 0, record, (int) data.byteSize(), (int) packet.byteSize());
        records.add(record);
        bell.ring();
        return true;
    }

    private static long room(long size) {
        return HEADER + size + 7 & ~7L;
    }
}
