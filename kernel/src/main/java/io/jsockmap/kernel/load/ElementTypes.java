package io.jsockmap.kernel.load;

import io.jsockmap.bpf.map.MapDefinition;
import io.jsockmap.bpf.map.MapType;
import io.jsockmap.bpf.map.SpecialField;
import io.jsockmap.kernel.call.Descriptor;
import io.jsockmap.kernel.load.TypeWriter.Named;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Types of a map's keys and values, made up: the kernel finds spin locks and timers by them, and
 * wants them for some kinds of maps.
 *
 * @param section the types
 * @param key the number of the key's type
 * @param value the number of the value's type
 */
record ElementTypes(byte[] section, int key, int value) {

    /** The types, where the kernel wants any. */
    static Optional<ElementTypes> of(MapDefinition definition) {
        boolean wanted = !definition.special().isEmpty() || definition.is(MapType.SK_STORAGE);
        return wanted ? Optional.of(write(definition)) : Optional.empty();
    }

    Descriptor load() {
        return ProgramTypes.load(section);
    }

    private static ElementTypes write(MapDefinition definition) {
        var types = new TypeWriter();
        int integer = types.integer("int", Integer.BYTES, true);
        int key =
                definition.keySize() == Integer.BYTES
                        ? integer
                        : types.struct("key", definition.keySize(), List.of());
        var special = special(types, integer, definition.special());
        int value = types.struct("value", definition.valueSize(), special);
        return new ElementTypes(types.toBytes(), key, value);
    }

    private static List<Named> special(TypeWriter types, int integer, List<SpecialField> fields) {
        int wide = types.integer("long long", Long.BYTES, false);
        Map<SpecialField.Kind, Integer> structures = new EnumMap<>(SpecialField.Kind.class);
        for (var kind : SpecialField.Kind.values()) {
            structures.put(kind, structure(types, kind, integer, wide));
        }
        List<Named> members = new ArrayList<>();
        for (var field : sorted(fields)) {
            var name = "field" + field.offset();
            members.add(new Named(name, structures.get(field.kind()), field.offset()));
        }
        return members;
    }

    private static int structure(TypeWriter types, SpecialField.Kind kind, int integer, int wide) {
        List<Named> members = new ArrayList<>();
        if (kind.size() == Integer.BYTES) members.add(new Named("val", integer, 0));
        for (int at = 0; at + Long.BYTES <= kind.size(); at += Long.BYTES) {
            members.add(new Named("opaque" + at, wide, at));
        }
        return types.struct(kind.structure(), kind.size(), members);
    }

    private static List<SpecialField> sorted(List<SpecialField> fields) {
        return fields.stream().sorted(Comparator.comparingInt(SpecialField::offset)).toList();
    }
}
