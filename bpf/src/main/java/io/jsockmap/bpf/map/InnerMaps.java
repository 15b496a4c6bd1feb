package io.jsockmap.bpf.map;

import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.memory.ObjectRegion;

import java.util.Set;

/** The rules for what is in a map of maps. */
final class InnerMaps {
    private static final Set<MapType> NESTED = Set.of(MapType.ARRAY_OF_MAPS, MapType.HASH_OF_MAPS);

    /** Kinds of which the kernel can't tell whether two are alike. */
    private static final Set<MapType> INCOMPARABLE =
            Set.of(
                    MapType.PROG_ARRAY,
                    MapType.CGROUP_STORAGE,
                    MapType.PERCPU_CGROUP_STORAGE,
                    MapType.STRUCT_OPS);

    private InnerMaps() {}

    /** The definition that an outer map has for those in it. */
    static MapDefinition template(BpfMap outer) {
        var inner = outer.definition().inner();
        if (inner.isEmpty()) {
            throw outer.failure(
                    Errno.EBADF,
                    "nothing says what its maps are like: define them in the map's values");
        }
        var type = inner.get().kind();
        if (type.isEmpty() || NESTED.contains(type.get())) {
            throw outer.failure(
                    Errno.EINVAL, "maps of kind %s in it".formatted(inner.get().typeName()));
        }
        if (INCOMPARABLE.contains(type.get())) {
            throw outer.failure(
                    Errno.ENOTSUPP, "maps of kind %s in it".formatted(inner.get().typeName()));
        }
        return inner.get();
    }

    /** A map as programs get it from a lookup. */
    static ObjectRegion checked(BpfMap outer, MapDefinition template, BpfMap inner) {
        if (inner.definition().fits(template)) {
            return new ObjectRegion("map " + inner.name(), inner);
        }
        throw outer.failure(
                Errno.EINVAL,
                "map %s differs from what it is for: it is %s, expected %s"
                        .formatted(inner.name(), inner.definition().summary(), template.summary()));
    }

    static BpfMap mapOf(ObjectRegion region) {
        return (BpfMap) region.object();
    }

    static MapException notBytes(BpfMap outer) {
        return outer.failure(Errno.EBADF, "its values are maps: use update(key, map, flag)");
    }

    static MapException notForPrograms(BpfMap outer) {
        return outer.failure(Errno.EINVAL, "programs can only look up a map of maps");
    }
}
