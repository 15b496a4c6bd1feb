package io.jsockmap.bpf.object;

import io.jsockmap.bpf.map.Cpu;
import io.jsockmap.bpf.map.MapDefinition;

/** What an object file may leave open in a definition, and loaders fill in. */
final class MapFilling {
    private static final long PAGE = 4096;

    private MapFilling() {}

    static MapDefinition fill(MapDefinition definition) {
        return switch (definition.kind().orElse(null)) {
            case PERF_EVENT_ARRAY -> perCpu(definition);
            case RINGBUF, USER_RINGBUF -> definition.withMaxEntries(pages(definition.maxEntries()));
            case null, default -> definition;
        };
    }

    /** A buffer for each CPU. */
    private static MapDefinition perCpu(MapDefinition definition) {
        var sized =
                definition.withSizes(
                        definition.keySize() == 0 ? Integer.BYTES : definition.keySize(),
                        definition.valueSize() == 0 ? Integer.BYTES : definition.valueSize());
        return sized.maxEntries() == 0 ? sized.withMaxEntries(Cpu.COUNT) : sized;
    }

    /** The size of a ring buffer is a power of two, and whole pages. */
    private static long pages(long size) {
        if (size <= 0 || size > 1L << 31) return size;
        return Math.max(PAGE, Long.highestOneBit(2 * size - 1));
    }
}
