package io.jsockmap.bpf.object;

import io.jsockmap.bpf.MalformedObjectException;
import io.jsockmap.bpf.elf.ElfFile;
import io.jsockmap.bpf.elf.Section;
import io.jsockmap.bpf.elf.Symbol;
import io.jsockmap.bpf.map.MapDefinition;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Map definitions from before BTF: structures of plain numbers in a section {@code maps}, or each
 * in a section {@code maps/NAME} of its own.
 */
final class LegacyMaps {
    private static final String SECTION = "maps";
    private static final String PREFIX = "maps/";

    /** type, key_size, value_size, max_entries: what all layouts begin with. */
    private static final int SHORTEST = 16;

    /** The same and map_flags. */
    private static final int WITH_FLAGS = 20;

    /** The same, then id, pinning, inner_id and inner_idx. */
    private static final int IPROUTE2 = 36;

    /** Where the layouts that can pin keep it, by their size: iproute2's and gobpf's. */
    private static final Map<Integer, Integer> PINNING = Map.of(IPROUTE2, 24, 280, 20);

    private LegacyMaps() {}

    static boolean isLegacy(Section section) {
        return section.name().equals(SECTION) || section.name().startsWith(PREFIX);
    }

    /** The maps of a section by their offset in bytes. */
    static Map<Long, MapSpec> read(ElfFile elf, Section section) {
        var symbols = symbolsOf(elf, section);
        if (symbols.isEmpty()) {
            throw new MalformedObjectException(section.name(), 0, "no symbol names its maps");
        }
        List<LegacyMap> maps = new ArrayList<>();
        for (int i = 0; i < symbols.size(); i++) {
            long end = i + 1 < symbols.size() ? symbols.get(i + 1).value() : section.size();
            var symbol = symbols.get(i);
            maps.add(define(section, symbol, end - symbol.value()));
        }
        Map<Long, MapSpec> specs = new TreeMap<>();
        for (var map : maps) specs.put(map.offset, map.withInner(section.name(), maps));
        return specs;
    }

    /**
     * A map, and how iproute2's layout ties a map of maps to those in it.
     *
     * @param id a number that others name it by, or 0
     * @param innerId the id of a map that those in this one are like, or 0
     * @param innerIndex where this map is put into those that name it; -1 for nowhere
     */
    private record LegacyMap(
            long offset, MapDefinition definition, int id, int innerId, int innerIndex) {

        MapSpec withInner(String section, List<LegacyMap> maps) {
            Map<Integer, String> values = new HashMap<>();
            var whole = definition;
            for (var map : maps) {
                if (innerId == 0 || map.id != innerId) continue;
                whole = definition.holding(map.definition);
                boolean put = map.innerId == 0 && map.innerIndex >= 0;
                if (put) values.put(map.innerIndex, map.definition.name());
            }
            return new MapSpec(whole, section, values);
        }
    }

    private static List<Symbol> symbolsOf(ElfFile elf, Section section) {
        return elf.symbols().stream()
                .filter(s -> s.section() == section.index() && !s.isSection())
                .sorted(Comparator.comparingLong(Symbol::value))
                .toList();
    }

    private static LegacyMap define(Section section, Symbol symbol, long size) {
        if (size < SHORTEST
                || symbol.value() < 0
                || symbol.value() + size > section.bytes().length) {
            throw new MalformedObjectException(
                    section.name(),
                    symbol.value(),
                    "the definition of map %s has %d bytes, at least 16 expected"
                            .formatted(symbol.name(), size));
        }
        var fields = ByteBuffer.wrap(section.bytes()).order(ByteOrder.LITTLE_ENDIAN);
        int at = (int) symbol.value();
        var pinning = PINNING.get((int) size);
        var definition =
                new MapDefinition(
                        symbol.name(),
                        fields.getInt(at),
                        fields.getInt(at + 4),
                        fields.getInt(at + 8),
                        Integer.toUnsignedLong(fields.getInt(at + 12)),
                        size >= WITH_FLAGS ? fields.getInt(at + 16) : 0,
                        pinning != null && fields.getInt(at + pinning) != 0,
                        0,
                        0);
        if (size != IPROUTE2) return new LegacyMap(symbol.value(), definition, 0, 0, -1);
        return new LegacyMap(
                symbol.value(),
                definition,
                fields.getInt(at + 20),
                fields.getInt(at + 28),
                fields.getInt(at + 32));
    }
}
