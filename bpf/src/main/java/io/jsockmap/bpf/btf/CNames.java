package io.jsockmap.bpf.btf;

import io.jsockmap.bpf.btf.BtfType.Enumeration;
import io.jsockmap.bpf.btf.BtfType.Struct;
import io.jsockmap.bpf.btf.BtfType.Typedef;

import java.util.HashMap;
import java.util.Map;

/**
 * Names in a header, where two types may not have one: the second {@code name} becomes {@code
 * name___2}, which CO-RE takes for the same.
 */
final class CNames {
    private final Btf types;
    private final Map<Integer, String> ofTypes = new HashMap<>();

    /** How often a name behind struct, union or enum is taken. */
    private final Map<String, Integer> tags = new HashMap<>();

    /** How often a name of a typedef or constant is taken. */
    private final Map<String, Integer> identifiers = new HashMap<>();

    CNames(Btf types) {
        this.types = types;
        for (int id = 1; id < types.size(); id++) {
            var type = types.type(id);
            if (type.name().isEmpty()) continue;
            if (type instanceof Struct || type instanceof Enumeration) {
                ofTypes.put(id, unique(type.name(), tags));
            } else if (type instanceof Typedef) {
                ofTypes.put(id, unique(type.name(), identifiers));
            }
        }
    }

    /** The name of a type; empty where it has none. */
    String of(int id) {
        return ofTypes.getOrDefault(id, types.type(id).name());
    }

    /** The name for a constant that is written now. */
    String ofConstant(String name) {
        return unique(name, identifiers);
    }

    private static String unique(String name, Map<String, Integer> taken) {
        int times = taken.merge(name, 1, Integer::sum);
        return times == 1 ? name : "%s___%d".formatted(name, times);
    }
}
