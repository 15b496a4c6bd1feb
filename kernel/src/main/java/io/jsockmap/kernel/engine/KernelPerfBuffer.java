package io.jsockmap.kernel.engine;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.jsockmap.bpf.BpfException;
import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.map.PerfBuffer;
import io.jsockmap.kernel.call.Bpf;
import io.jsockmap.kernel.call.Descriptor;
import io.jsockmap.kernel.call.Libc;
import io.jsockmap.kernel.call.Mapping;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/** The records of one CPU, in the kernel's buffer for perf_event_open(2). */
final class KernelPerfBuffer implements PerfBuffer {
    private static final int PAGE = 4096;
    private static final int WAIT_MILLISECONDS = 200;

    /** PERF_TYPE_SOFTWARE, PERF_COUNT_SW_BPF_OUTPUT, PERF_SAMPLE_RAW. */
    private static final int SOFTWARE = 1;

    private static final long BPF_OUTPUT = 10;
    private static final long RAW = 1 << 10;
    private static final int ATTRIBUTES = 64;
    private static final long ENABLE = 0x2400;

    private static final int HEAD = 1024;
    private static final int TAIL = 1032;
    private static final int RECORD_LOST = 2;
    private static final int RECORD_SAMPLE = 9;
    private static final int HEADER = 8;
    private static final VarHandle POSITION = JAVA_LONG.varHandle();

    private final KernelPerfArray map;
    private final int cpu;
    private final Descriptor event;
    private final Mapping mapping;
    private final int size;
    private long lost;
    private boolean closed;

    private KernelPerfBuffer(KernelPerfArray map, int cpu, Descriptor event, int size) {
        this.map = map;
        this.cpu = cpu;
        this.event = event;
        this.size = size;
        mapping = Mapping.of(event, 0, PAGE + (long) size, true, "the records of CPU " + cpu);
    }

    static KernelPerfBuffer open(KernelPerfArray map, int cpu, int size) {
        try (var arena = Arena.ofConfined()) {
            var attributes = arena.allocate(ATTRIBUTES, Long.BYTES);
            attributes.set(JAVA_INT, 0, SOFTWARE);
            attributes.set(JAVA_INT, 4, ATTRIBUTES);
            attributes.set(JAVA_LONG, 8, BPF_OUTPUT);
            attributes.set(JAVA_LONG, 16, 1);
            attributes.set(JAVA_LONG, 24, RAW);
            attributes.set(JAVA_INT, 48, 1);
            var answer = Libc.perfEventOpen(Bpf.perfEventOpen(), attributes, cpu);
            map.check(new Bpf.Answer(0, answer.errno()), "a buffer of CPU " + cpu);
            return of(map, cpu, new Descriptor((int) answer.value()), size);
        }
    }

    private static KernelPerfBuffer of(KernelPerfArray map, int cpu, Descriptor event, int size) {
        try {
            var buffer = new KernelPerfBuffer(map, cpu, event, size);
            var enabled = Libc.ioctl(event.number(), ENABLE, MemorySegment.NULL);
            map.check(new Bpf.Answer(0, enabled.errno()), "to begin with CPU " + cpu);
            return buffer;
        } catch (BpfException e) {
            event.close();
            throw e;
        }
    }

    int descriptor() {
        return event.number();
    }

    @Override
    public int cpu() {
        return cpu;
    }

    @Override
    public synchronized Optional<byte[]> poll() {
        while (!closed) {
            long tail = (long) POSITION.getVolatile(mapping.memory(), (long) TAIL);
            if (tail == (long) POSITION.getVolatile(mapping.memory(), (long) HEAD)) break;
            var header = bytes(tail, HEADER);
            int length = Short.toUnsignedInt(header.getShort(6));
            var body = bytes(tail + HEADER, length - HEADER);
            POSITION.setVolatile(mapping.memory(), (long) TAIL, tail + length);
            switch (header.getInt(0)) {
                case RECORD_SAMPLE -> {
                    var record = new byte[body.getInt(0)];
                    body.get(Integer.BYTES, record);
                    return Optional.of(record);
                }
                case RECORD_LOST -> lost += body.getLong(Long.BYTES);
                default -> {
                    // Other records tell of processes, which nobody asked for.
                }
            }
        }
        return Optional.empty();
    }

    /** Bytes from a position on, which may go over the end. */
    private ByteBuffer bytes(long position, int length) {
        var copy = new byte[length];
        int at = (int) (position & size - 1);
        int first = Math.min(length, size - at);
        var memory = mapping.memory();
        MemorySegment.copy(memory, JAVA_BYTE, PAGE + (long) at, copy, 0, first);
        MemorySegment.copy(memory, JAVA_BYTE, PAGE, copy, first, length - first);
        return ByteBuffer.wrap(copy).order(ByteOrder.nativeOrder());
    }

    @Override
    public byte[] take() throws InterruptedException {
        while (true) {
            var record = poll();
            if (record.isPresent()) return record.get();
            if (isClosed()) throw map.refused(Errno.EBADF, "a buffer that is closed");
            if (Thread.interrupted()) throw new InterruptedException();
            Libc.awaitReadable(event.number(), WAIT_MILLISECONDS);
        }
    }

    private synchronized boolean isClosed() {
        return closed;
    }

    @Override
    public synchronized long lost() {
        return lost;
    }

    /** The kernel takes what is unread along. */
    @Override
    public synchronized void close() {
        if (closed) return;
        closed = true;
        mapping.close();
        event.close();
    }
}
