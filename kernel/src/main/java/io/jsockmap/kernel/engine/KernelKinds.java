package io.jsockmap.kernel.engine;

import io.jsockmap.bpf.map.BpfMap;
import io.jsockmap.bpf.map.MapDefinition;
import io.jsockmap.bpf.map.MapType;
import io.jsockmap.kernel.call.Descriptor;
import io.jsockmap.kernel.load.MapCreation;

/** Which of our classes a kind of map has. */
final class KernelKinds {
    private final Loaded loaded;

    KernelKinds(Loaded loaded) {
        this.loaded = loaded;
    }

    BpfMap create(MapDefinition wanted) {
        var definition =
                isSection(wanted)
                        ? wanted.withFlags(wanted.flags() | KernelSection.MMAPABLE)
                        : wanted;
        return of(definition, loaded.keep(MapCreation.create(definition)));
    }

    /** A map that exists. */
    BpfMap of(MapDefinition definition, Descriptor descriptor) {
        return loaded.add(wrapped(definition, descriptor));
    }

    private KernelMap wrapped(MapDefinition definition, Descriptor descriptor) {
        return switch (definition.kind().orElse(MapType.ARRAY)) {
            case SOCKMAP -> new KernelSocketMap.ByIndex(definition, descriptor, loaded);
            case SOCKHASH -> new KernelSocketMap.ByKey(definition, descriptor, loaded);
            case RINGBUF -> new KernelRingBuffer(definition, descriptor);
            case PERF_EVENT_ARRAY -> new KernelPerfArray(definition, descriptor);
            case PROG_ARRAY -> new KernelProgramArray(definition, descriptor);
            case ARRAY_OF_MAPS, HASH_OF_MAPS -> new KernelMapOfMaps(definition, descriptor, loaded);
            default ->
                    isSection(definition)
                            ? new KernelSection(definition, descriptor)
                            : new KernelMap(definition, descriptor);
        };
    }

    /** No map that C declares has such a name. */
    private static boolean isSection(MapDefinition definition) {
        return definition.name().startsWith(".");
    }
}
