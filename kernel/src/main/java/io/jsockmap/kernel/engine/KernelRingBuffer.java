package io.jsockmap.kernel.engine;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.jsockmap.bpf.BpfException;
import io.jsockmap.bpf.map.MapDefinition;
import io.jsockmap.bpf.map.RingBuffer;
import io.jsockmap.kernel.call.Descriptor;
import io.jsockmap.kernel.call.Held;
import io.jsockmap.kernel.call.Libc;
import io.jsockmap.kernel.call.Mapping;

import java.lang.invoke.VarHandle;
import java.util.Optional;

/**
 * BPF_MAP_TYPE_RINGBUF. The kernel shows a page with our position, then one with its own, then the
 * bytes, twice, so that a record that goes over the end is in one piece.
 */
final class KernelRingBuffer extends KernelMap implements RingBuffer, Held {
    private static final long PAGE = 4096;
    private static final int HEADER = Long.BYTES;
    private static final int BUSY = 1 << 31;
    private static final int DISCARDED = 1 << 30;
    private static final int WAIT_MILLISECONDS = 200;

    private static final VarHandle POSITION = JAVA_LONG.varHandle();
    private static final VarHandle LENGTH = JAVA_INT.varHandle();

    private final Mapping ours;
    private final Mapping theirs;
    private final long mask;

    KernelRingBuffer(MapDefinition definition, Descriptor descriptor) {
        super(definition, descriptor);
        mask = definition.maxEntries() - 1;
        ours = Mapping.of(descriptor, 0, PAGE, true, "the reader's position");
        theirs = records(descriptor);
    }

    private Mapping records(Descriptor descriptor) {
        try {
            return Mapping.of(descriptor, PAGE, PAGE + 2 * (mask + 1), false, "the records");
        } catch (BpfException e) {
            ours.close();
            throw e;
        }
    }

    @Override
    public synchronized Optional<byte[]> poll() {
        // Says so if the map is closed, whose memory is not to be touched then.
        var _ = descriptor().number();
        while (true) {
            long consumed = (long) POSITION.getVolatile(ours.memory(), 0L);
            if (consumed == (long) POSITION.getVolatile(theirs.memory(), 0L)) {
                return Optional.empty();
            }
            long at = PAGE + (consumed & mask);
            int header = (int) LENGTH.getVolatile(theirs.memory(), at);
            if ((header & BUSY) != 0) return Optional.empty();
            int size = header & ~DISCARDED;
            var record =
                    (header & DISCARDED) == 0
                            ? theirs.memory().asSlice(at + HEADER, size).toArray(JAVA_BYTE)
                            : null;
            POSITION.setVolatile(ours.memory(), 0L, consumed + (HEADER + (long) size + 7 & ~7L));
            if (record != null) return Optional.of(record);
        }
    }

    @Override
    public byte[] take() throws InterruptedException {
        while (true) {
            var record = poll();
            if (record.isPresent()) return record.get();
            if (Thread.interrupted()) throw new InterruptedException();
            Libc.awaitReadable(descriptor().number(), WAIT_MILLISECONDS);
        }
    }

    /** With the descriptor, so that no reader comes in between. */
    @Override
    public synchronized void close() {
        descriptor().close();
        ours.close();
        theirs.close();
    }
}
