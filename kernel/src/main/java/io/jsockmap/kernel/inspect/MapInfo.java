package io.jsockmap.kernel.inspect;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.jsockmap.bpf.BpfException;
import io.jsockmap.bpf.map.MapDefinition;
import io.jsockmap.kernel.call.Descriptor;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;

/**
 * What the kernel tells of a map ({@code struct bpf_map_info}).
 *
 * {@snippet class="io.jsockmap.kernel.examples.KernelExamples" region="inspect"}
 *
 * @param id its number in this kernel
 * @param definition what it was made by; of its types only their numbers in the kernel are known
 */
public record MapInfo(int id, MapDefinition definition) {
    private static final int SIZE = 88;

    /**
     * Asks.
     *
     * @throws BpfException if it is no map
     */
    public static MapInfo of(Descriptor map) {
        return ObjectInfo.of(map, SIZE, "a map", MapInfo::read);
    }

    private static MapInfo read(MemorySegment info) {
        var definition =
                new MapDefinition(
                        ObjectInfo.name(info, 24),
                        info.get(JAVA_INT, 0),
                        info.get(JAVA_INT, 8),
                        info.get(JAVA_INT, 12),
                        Integer.toUnsignedLong(info.get(JAVA_INT, 16)),
                        info.get(JAVA_INT, 20),
                        false,
                        0,
                        0,
                        info.get(JAVA_LONG, 80),
                        Optional.empty(),
                        List.of());
        return new MapInfo(info.get(JAVA_INT, 4), definition);
    }
}
