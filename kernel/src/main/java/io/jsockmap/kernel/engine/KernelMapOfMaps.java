package io.jsockmap.kernel.engine;

import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.map.BpfMap;
import io.jsockmap.bpf.map.MapDefinition;
import io.jsockmap.bpf.map.MapOfMaps;
import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.kernel.call.Descriptor;
import io.jsockmap.kernel.inspect.KernelObjects;
import io.jsockmap.kernel.inspect.MapInfo;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/** BPF_MAP_TYPE_ARRAY_OF_MAPS and BPF_MAP_TYPE_HASH_OF_MAPS. */
final class KernelMapOfMaps extends KernelMap implements MapOfMaps {
    private final Loaded loaded;

    KernelMapOfMaps(MapDefinition definition, Descriptor descriptor, Loaded loaded) {
        super(definition, descriptor);
        this.loaded = loaded;
    }

    @Override
    public MapDefinition inner() {
        return definition().inner().orElseThrow();
    }

    @Override
    public void update(byte[] key, BpfMap inner, UpdateFlag flag) {
        if (!(inner instanceof KernelMap mine)) {
            throw refused(Errno.EBADF, "map %s of another engine".formatted(inner));
        }
        update(key, KernelProgramArray.value(mine.descriptor().number()), flag);
    }

    @Override
    public Optional<BpfMap> map(byte[] key) {
        return lookup(key)
                .map(id -> ByteBuffer.wrap(id).order(ByteOrder.nativeOrder()).getInt())
                .map(this::mapOf);
    }

    private BpfMap mapOf(int id) {
        return loaded.map(id)
                .orElseGet(
                        () -> {
                            var opened = loaded.keep(KernelObjects.map(id));
                            return loaded.add(
                                    new KernelMap(MapInfo.of(opened).definition(), opened));
                        });
    }
}
