package io.jsockmap.bpf.object;

import io.jsockmap.bpf.MalformedObjectException;
import io.jsockmap.bpf.btf.Btf;
import io.jsockmap.bpf.btf.BtfType.Placed;
import io.jsockmap.bpf.btf.BtfType.Struct;
import io.jsockmap.bpf.btf.BtfType.Variable;
import io.jsockmap.bpf.elf.ElfFile;
import io.jsockmap.bpf.elf.Relocation;
import io.jsockmap.bpf.elf.Section;
import io.jsockmap.bpf.elf.Symbol;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Finds the maps of an object file: by BTF in {@code .maps}, and in the older sections. */
final class MapReader {
    private static final String BTF_MAPS = ".maps";

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
                LegacyMaps.read(elf, section).forEach(this::add);
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

    private void add(long offset, MapSpec map) {
        specs.add(map);
        byPlace.put(ObjectSpec.placeOf(map.section(), (int) offset), map.name());
    }

    private void readBtfMaps(Section section) {
        var types =
                btf.orElseThrow(
                        () -> broken(0, "maps are described by BTF: compile with clang -g"));
        var variables =
                types.dataSection(BTF_MAPS)
                        .orElseThrow(() -> broken(0, "BTF does not know of the section"));
        var definitions = new BtfMapDefinition(types, BTF_MAPS, notes);
        for (Placed placed : variables.variables()) {
            if (!(types.type(placed.type()) instanceof Variable variable)) continue;
            var symbol = symbolOf(section, variable.name());
            if (!(types.resolve(variable.type()) instanceof Struct struct)) {
                throw broken(symbol.value(), "map %s is not a struct".formatted(variable.name()));
            }
            var definition = definitions.read(variable.name(), struct);
            var values = values(section, symbol, struct);
            add(symbol.value(), new MapSpec(definition, section.name(), values));
        }
    }

    private Symbol symbolOf(Section section, String name) {
        return elf.symbols().stream()
                .filter(s -> s.section() == section.index() && s.name().equals(name))
                .findFirst()
                .orElseThrow(() -> broken(0, "no symbol for map " + name));
    }

    private Map<Integer, String> values(Section section, Symbol map, Struct struct) {
        var member = BtfMapDefinition.valuesOf(struct);
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
