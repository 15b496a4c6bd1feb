package io.jsockmap.bpf.object;

import io.jsockmap.bpf.MalformedObjectException;
import io.jsockmap.bpf.elf.ElfFile;
import io.jsockmap.bpf.elf.Section;
import io.jsockmap.bpf.elf.Symbol;
import io.jsockmap.bpf.map.MapDefinition;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Comparator;
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

    /** Where the layouts that can pin keep it, by their size: iproute2's and gobpf's. */
    private static final Map<Integer, Integer> PINNING = Map.of(36, 24, 280, 20);

    private LegacyMaps() {}

    static boolean isLegacy(Section section) {
        return section.name().equals(SECTION) || section.name().startsWith(PREFIX);
    }

    /** The definitions of a section by their offset in bytes. */
    static Map<Long, MapDefinition> read(ElfFile elf, Section section) {
        var symbols = symbolsOf(elf, section);
        if (symbols.isEmpty()) {
            throw new MalformedObjectException(section.name(), 0, "no symbol names its maps");
        }
        Map<Long, MapDefinition> maps = new TreeMap<>();
        for (int i = 0; i < symbols.size(); i++) {
            long end = i + 1 < symbols.size() ? symbols.get(i + 1).value() : section.size();
            var symbol = symbols.get(i);
            maps.put(symbol.value(), define(section, symbol, end - symbol.value()));
        }
        return maps;
    }

    private static List<Symbol> symbolsOf(ElfFile elf, Section section) {
        return elf.symbols().stream()
                .filter(s -> s.section() == section.index() && !s.isSection())
                .sorted(Comparator.comparingLong(Symbol::value))
                .toList();
    }

    private static MapDefinition define(Section section, Symbol symbol, long size) {
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
        return new MapDefinition(
                symbol.name(),
                fields.getInt(at),
                fields.getInt(at + 4),
                fields.getInt(at + 8),
                Integer.toUnsignedLong(fields.getInt(at + 12)),
                size >= WITH_FLAGS ? fields.getInt(at + 16) : 0,
                pinning != null && fields.getInt(at + pinning) != 0,
                0,
                0);
    }
}
