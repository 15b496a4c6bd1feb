package io.jsockmap.kernel.load;

import io.jsockmap.bpf.BpfException;
import io.jsockmap.bpf.map.MapDefinition;
import io.jsockmap.kernel.call.Attributes;
import io.jsockmap.kernel.call.Bpf;
import io.jsockmap.kernel.call.Descriptor;

import java.lang.foreign.Arena;

/** BPF_MAP_CREATE. */
public final class MapCreation {
    private static final int SIZE = 72;

    private MapCreation() {}

    /**
     * Makes a map. What it needs besides, an inner map to show what such maps are like and types,
     * lives only as long as the call: the kernel keeps what it wants of them.
     *
     * @throws BpfException if the kernel refuses it
     */
    public static Descriptor create(MapDefinition definition) {
        try (var arena = Arena.ofConfined();
                var inner = definition.inner().map(MapCreation::create).orElse(Descriptor.NONE);
                var types = ElementTypes.of(definition).map(Typed::load).orElse(Typed.NONE)) {
            var attributes =
                    new Attributes(arena, SIZE)
                            .u32(0, definition.type())
                            .u32(4, definition.keySize())
                            .u32(8, definition.valueSize())
                            .u32(12, (int) definition.maxEntries())
                            .u32(16, definition.flags())
                            .u32(20, inner.numberOrZero())
                            .name(28, definition.name())
                            .u32(48, types.descriptor.numberOrZero())
                            .u32(52, types.key)
                            .u32(56, types.value)
                            .u64(64, definition.extra());
            var answer = Bpf.call(Bpf.Command.MAP_CREATE, attributes);
            if (answer.isSuccess()) return new Descriptor(answer.value());
            throw definition.refused(
                    Descriptor.errno(answer), "the kernel refuses " + definition.summary());
        }
    }

    private record Typed(Descriptor descriptor, int key, int value) implements AutoCloseable {
        static final Typed NONE = new Typed(Descriptor.NONE, 0, 0);

        static Typed load(ElementTypes types) {
            return new Typed(types.load(), types.key(), types.value());
        }

        @Override
        public void close() {
            descriptor.close();
        }
    }
}
