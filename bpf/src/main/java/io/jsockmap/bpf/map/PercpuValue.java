package io.jsockmap.bpf.map;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.memory.Region;

import java.lang.foreign.MemorySegment;

/** The values of one key, one for each CPU; applications see them in a row. */
final class PercpuValue {
    /** PCPU_MIN_UNIT_SIZE of the kernel. */
    private static final int MAX_VALUE = 1 << 15;

    private final MapValue[] values = new MapValue[Cpu.COUNT];
    private final int stride;

    PercpuValue(BpfMap map, String label) {
        stride = map.definition().stride();
        for (int cpu = 0; cpu < Cpu.COUNT; cpu++) {
            values[cpu] = MapValue.allocate(map, "%s on CPU %d".formatted(label, cpu));
        }
    }

    /** Bytes that the values of a key take, about. */
    static long room(MapDefinition definition) {
        return Cpu.COUNT * (long) (definition.stride() + MapValue.OVERHEAD);
    }

    static void checkSize(MapDefinition definition) {
        long size = Integer.toUnsignedLong(definition.valueSize());
        if (size <= MAX_VALUE) return;
        throw definition.refused(
                Errno.E2BIG, "values of %d bytes, at most %d".formatted(size, MAX_VALUE));
    }

    Region seen(int cpu) {
        return values[cpu].seen();
    }

    byte[] copy() {
        var all = new byte[stride * Cpu.COUNT];
        for (int cpu = 0; cpu < Cpu.COUNT; cpu++) {
            var value = values[cpu].memory();
            MemorySegment.copy(value.segment(), JAVA_BYTE, 0, all, cpu * stride, value.size());
        }
        return all;
    }

    void setAll(byte[] all) {
        for (int cpu = 0; cpu < Cpu.COUNT; cpu++) values[cpu].set(all, cpu * stride);
    }

    void set(int cpu, byte[] value) {
        values[cpu].set(value, 0);
    }
}
