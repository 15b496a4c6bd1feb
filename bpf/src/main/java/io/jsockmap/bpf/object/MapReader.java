package io.jsockmap.bpf.object;

import io.jsockmap.bpf.MalformedObjectException;
import io.jsockmap.bpf.btf.Btf;
import io.jsockmap.bpf.btf.BtfType;
import io.jsockmap.bpf.btf.BtfType.Array;
import io.jsockmap.bpf.btf.BtfType.Enumeration;
import io.jsockmap.bpf.btf.BtfType.Member;
import io.jsockmap.bpf.btf.BtfType.Placed;
import io.jsockmap.bpf.btf.BtfType.Pointer;
import io.jsockmap.bpf.btf.BtfType.Struct;
import io.jsockmap.bpf.btf.BtfType.Variable;
import io.jsockmap.bpf.elf.ElfFile;
import io.jsockmap.bpf.elf.Relocation;
import io.jsockmap.bpf.elf.Section;
import io.jsockmap.bpf.elf.Symbol;
import io.jsockmap.bpf.map.MapDefinition;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Finds the maps of an object file: by BTF in {@code .maps}, and in the older sections. */
final class MapReader {
    private static final String BTF_MAPS = ".maps";
    private static final int PIN_BY_NAME = 1;

    private final ElfFile elf;
    private final Optional<Btf> btf;
    private final List<String> notes;
    private final List<MapSpec> specs = new ArrayList<>();
    private final Map<String, String> byPlace = new HashMap<>();

    MapReader(ElfFile elf, Optional<Btf> btf, List<String> notes) {
        this.elf = elf;
        this.btf = btf;
        this.notes = notes;
    }

    MapReader read() {
        for (var section : elf.sections()) {
            if (section.name().equals(BTF_MAPS)) readBtfMaps(section);
            if (LegacyMaps.isLegacy(section)) {
                var found = LegacyMaps.read(elf, section);
                found.forEach((offset, definition) -> add(section, offset, definition, Map.of()));
            }
        }
        return this;
    }

    List<MapSpec> specs() {
        return specs;
    }

    /** The map at a byte of a section, if the section is one of maps. */
    Optional<String> mapAt(Section section, long offset) {
        return Optional.ofNullable(byPlace.get(ObjectSpec.placeOf(section.name(), (int) offset)));
    }

    boolean isMapSection(Section section) {
        return section.name().equals(BTF_MAPS) || LegacyMaps.isLegacy(section);
    }

    private void add(
            Section section, long offset, MapDefinition definition, Map<Integer, String> values) {
        specs.add(new MapSpec(definition, section.name(), values));
        byPlace.put(ObjectSpec.placeOf(section.name(), (int) offset), definition.name());
    }

    private void readBtfMaps(Section section) {
        var types =
                btf.orElseThrow(
                        () -> broken(0, "maps are described by BTF: compile with clang -g"));
        var variables =
                types.dataSection(BTF_MAPS)
                        .orElseThrow(() -> broken(0, "BTF does not know of the section"));
        for (Placed placed : variables.variables()) {
            if (!(types.type(placed.type()) instanceof Variable variable)) continue;
            var symbol = symbolOf(section, variable.name());
            if (!(types.resolve(variable.type()) instanceof Struct struct)) {
                throw broken(symbol.value(), "map %s is not a struct".formatted(variable.name()));
            }
            var definition = define(types, variable.name(), struct);
            add(section, symbol.value(), definition, values(section, symbol, struct));
        }
    }

    private Symbol symbolOf(Section section, String name) {
        return elf.symbols().stream()
                .filter(s -> s.section() == section.index() && s.name().equals(name))
                .findFirst()
                .orElseThrow(() -> broken(0, "no symbol for map " + name));
    }

    private MapDefinition define(Btf types, String name, Struct struct) {
        var fields = new HashMap<String, Integer>();
        int keyType = 0;
        int valueType = 0;
        for (Member member : struct.members()) {
            switch (member.name()) {
                case "key" -> keyType = pointee(types, member);
                case "value" -> valueType = pointee(types, member);
                case "values" -> {}
                default -> fields.put(member.name(), number(types, member));
            }
        }
        for (var field : fields.keySet()) {
            if (!KNOWN_FIELDS.contains(field)) {
                notes.add("map %s: field %s is passed over".formatted(name, field));
            }
        }
        return new MapDefinition(
                name,
                fields.getOrDefault("type", 0),
                fields.getOrDefault("key_size", types.sizeOf(keyType)),
                fields.getOrDefault("value_size", valueSize(types, struct, valueType)),
                Integer.toUnsignedLong(fields.getOrDefault("max_entries", 0)),
                fields.getOrDefault("map_flags", 0),
                fields.getOrDefault("pinning", 0) == PIN_BY_NAME,
                keyType,
                valueType);
    }

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

    /** A map of maps or programs has values of 4 bytes without saying so. */
    private static int valueSize(Btf types, Struct struct, int valueType) {
        boolean holdsObjects = struct.members().stream().anyMatch(m -> m.name().equals("values"));
        return holdsObjects && valueType == 0 ? Integer.BYTES : types.sizeOf(valueType);
    }

    private static int pointee(Btf types, Member member) {
        if (types.resolve(member.type()) instanceof Pointer(int target)) return target;
        throw broken(0, "field %s is not a pointer to a type".formatted(member.name()));
    }

    /** A number n is written as a pointer to an array of n, or as an enumeration's constant. */
    private static int number(Btf types, Member member) {
        BtfType type = types.resolve(member.type());
        if (type instanceof Enumeration constants && constants.constants().size() == 1) {
            return (int) constants.constants().getFirst().value();
        }
        if (type instanceof Pointer(int target) && types.resolve(target) instanceof Array array) {
            return array.count();
        }
        throw broken(0, "field %s is not a number".formatted(member.name()));
    }

    private Map<Integer, String> values(Section section, Symbol map, Struct struct) {
        var member = struct.members().stream().filter(m -> m.name().equals("values")).findFirst();
        if (member.isEmpty()) return Map.of();
        long start = map.value() + member.get().bitOffset() / 8;
        Map<Integer, String> values = new HashMap<>();
        for (Relocation relocation : elf.relocationsOf(section)) {
            boolean inside =
                    relocation.offset() >= start && relocation.offset() < map.value() + map.size();
            if (!inside) continue;
            int index = (int) (relocation.offset() - start) / Long.BYTES;
            values.put(index, relocation.symbol().name());
        }
        return values;
    }

    private static MalformedObjectException broken(long offset, String problem) {
        return new MalformedObjectException(BTF_MAPS, offset, problem);
    }
}
