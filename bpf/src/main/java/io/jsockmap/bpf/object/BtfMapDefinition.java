package io.jsockmap.bpf.object;

import io.jsockmap.bpf.MalformedObjectException;
import io.jsockmap.bpf.btf.Btf;
import io.jsockmap.bpf.btf.BtfType;
import io.jsockmap.bpf.btf.BtfType.Array;
import io.jsockmap.bpf.btf.BtfType.Enumeration;
import io.jsockmap.bpf.btf.BtfType.Member;
import io.jsockmap.bpf.btf.BtfType.Pointer;
import io.jsockmap.bpf.btf.BtfType.Struct;
import io.jsockmap.bpf.map.MapDefinition;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the members of a structure in {@code .maps} say of a map. */
final class BtfMapDefinition {
    /** The member that has the programs or maps which a map holds at the start. */
    static final String VALUES = "values";

    private static final int PIN_BY_NAME = 1;

    private static final List<String> KNOWN_FIELDS =
            List.of(
                    "type",
                    "key_size",
                    "value_size",
                    "max_entries",
                    "map_flags",
                    "pinning",
                    "numa_node",
                    "map_extra");

    private final Btf types;
    private final String section;
    private final List<String> notes;

    /**
     * @param section where the maps are defined
     * @param notes what a person should know of them
     */
    BtfMapDefinition(Btf types, String section, List<String> notes) {
        this.types = types;
        this.section = section;
        this.notes = notes;
    }

    MapDefinition read(String name, Struct struct) {
        var inner = valuesOf(struct).flatMap(this::innerStruct);
        return read(name, struct, inner.map(s -> readInner(name, s)));
    }

    private MapDefinition readInner(String outer, Struct struct) {
        if (valuesOf(struct).flatMap(this::innerStruct).isPresent()) {
            throw broken("map %s: maps in the maps of a map are not possible".formatted(outer));
        }
        return read(outer + ".inner", struct, Optional.empty());
    }

    private MapDefinition read(String name, Struct struct, Optional<MapDefinition> inner) {
        int keyType = 0;
        int valueType = 0;
        var fields = new HashMap<String, Integer>();
        for (Member member : struct.members()) {
            switch (member.name()) {
                case "key" -> keyType = pointee(member);
                case "value" -> valueType = pointee(member);
                case VALUES -> {}
                default -> fields.put(member.name(), number(member));
            }
        }
        noteUnknown(name, fields);
        boolean holdsObjects = valueType == 0 && valuesOf(struct).isPresent();
        // A map of maps or programs has values of 4 bytes without saying so.
        int valueSize = holdsObjects ? Integer.BYTES : types.sizeOf(valueType);
        return new MapDefinition(
                name,
                fields.getOrDefault("type", 0),
                fields.getOrDefault("key_size", types.sizeOf(keyType)),
                fields.getOrDefault("value_size", valueSize),
                Integer.toUnsignedLong(fields.getOrDefault("max_entries", 0)),
                fields.getOrDefault("map_flags", 0),
                fields.getOrDefault("pinning", 0) == PIN_BY_NAME,
                keyType,
                valueType,
                Integer.toUnsignedLong(fields.getOrDefault("map_extra", 0)),
                inner,
                SpecialFields.of(types, valueType));
    }

    private void noteUnknown(String map, Map<String, Integer> fields) {
        for (var field : fields.keySet()) {
            if (!KNOWN_FIELDS.contains(field)) {
                notes.add("map %s: field %s is passed over".formatted(map, field));
            }
        }
    }

    static Optional<Member> valuesOf(Struct struct) {
        return struct.members().stream().filter(m -> m.name().equals(VALUES)).findFirst();
    }

    /** Values that are maps are an array of pointers to a structure; of programs, to functions. */
    private Optional<Struct> innerStruct(Member values) {
        return types.resolve(values.type()) instanceof Array array
                        && types.resolve(array.element()) instanceof Pointer(int target)
                        && types.resolve(target) instanceof Struct struct
                ? Optional.of(struct)
                : Optional.empty();
    }

    private int pointee(Member member) {
        if (types.resolve(member.type()) instanceof Pointer(int target)) return target;
        throw broken("field %s is not a pointer to a type".formatted(member.name()));
    }

    /** A number n is written as a pointer to an array of n, or as an enumeration's constant. */
    private int number(Member member) {
        BtfType type = types.resolve(member.type());
        if (type instanceof Enumeration constants && constants.constants().size() == 1) {
            return (int) constants.constants().getFirst().value();
        }
        if (type instanceof Pointer(int target) && types.resolve(target) instanceof Array array) {
            return array.count();
        }
        throw broken("field %s is not a number".formatted(member.name()));
    }

    private MalformedObjectException broken(String problem) {
        return new MalformedObjectException(section, 0, problem);
    }
}
