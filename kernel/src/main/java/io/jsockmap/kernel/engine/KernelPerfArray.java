package io.jsockmap.kernel.engine;

import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.map.IndexKey;
import io.jsockmap.bpf.map.MapDefinition;
import io.jsockmap.bpf.map.PerfEventArray;
import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.kernel.call.Cpus;
import io.jsockmap.kernel.call.Descriptor;
import io.jsockmap.kernel.call.Held;

import java.util.ArrayList;
import java.util.List;

/** BPF_MAP_TYPE_PERF_EVENT_ARRAY. */
final class KernelPerfArray extends KernelMap implements PerfEventArray, Held {
    private static final int PAGE = 4096;
    private static final int MAX_BYTES = 1 << 30;

    private final List<KernelPerfBuffer> buffers = new ArrayList<>();

    KernelPerfArray(MapDefinition definition, Descriptor descriptor) {
        super(definition, descriptor);
    }

    @Override
    public synchronized KernelPerfBuffer open(long index, int bytes) {
        if (Integer.bitCount(bytes) != 1 || bytes < PAGE || bytes > MAX_BYTES) {
            throw refused(
                    Errno.EINVAL,
                    "a buffer of %d bytes, expected a power of two from %d to %d"
                            .formatted(bytes, PAGE, MAX_BYTES));
        }
        if (index < 0 || index >= maxEntries()) {
            throw refused(Errno.E2BIG, "index %d of %d".formatted(index, maxEntries()));
        }
        var buffer = KernelPerfBuffer.open(this, (int) index, bytes);
        try {
            update(
                    IndexKey.of(index),
                    KernelProgramArray.value(buffer.descriptor()),
                    UpdateFlag.ANY);
        } catch (RuntimeException e) {
            buffer.close();
            throw e;
        }
        buffers.add(buffer);
        return buffer;
    }

    @Override
    public List<KernelPerfBuffer> openAll(int bytesEach) {
        List<KernelPerfBuffer> all = new ArrayList<>();
        for (int cpu = 0; cpu < Math.min(Cpus.possible(), maxEntries()); cpu++) {
            all.add(open(cpu, bytesEach));
        }
        return all;
    }

    @Override
    public synchronized void close() {
        buffers.forEach(KernelPerfBuffer::close);
    }
}
