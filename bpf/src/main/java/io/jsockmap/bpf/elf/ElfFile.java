package io.jsockmap.bpf.elf;

import io.jsockmap.bpf.MalformedObjectException;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * A relocatable 64-bit little-endian ELF file for the eBPF machine, as clang writes it: sections,
 * symbols and relocations. Every field that says where something is has been checked.
 */
public final class ElfFile {
    private static final int HEADER = 64;
    private static final int SECTION_HEADER = 64;
    private static final int SYMBOL = 24;
    private static final int RELOCATION = 16;

    /** No object of the field comes near; a damaged size does. */
    private static final long MAX_SECTION = 1 << 26;

    /** Longer than any compiler makes them; the kernel takes 512 bytes. */
    private static final int MAX_NAME = 1024;

    private static final int MAGIC = 0x464c457f;
    private static final int CLASS_64 = 2;
    private static final int LITTLE_ENDIAN = 1;
    private static final int BIG_ENDIAN = 2;
    private static final int MACHINE_BPF = 247;
    private static final int MACHINE_NONE = 0;
    private static final int TYPE_RELOCATABLE = 1;

    private final ByteBuffer bytes;
    private long total;
    private final List<Section> sections = new ArrayList<>();
    private final List<Symbol> symbols = new ArrayList<>();

    private ElfFile(byte[] file) {
        bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * Reads a file.
     *
     * @throws MalformedObjectException naming the section, the offset and what is wrong
     */
    public static ElfFile read(byte[] file) {
        var elf = new ElfFile(file);
        elf.checkHeader();
        elf.readSections();
        elf.readSymbols();
        return elf;
    }

    /** All sections by their number; the first is the empty one. */
    public List<Section> sections() {
        return Collections.unmodifiableList(sections);
    }

    /** The first section of that name. */
    public Optional<Section> section(String name) {
        return sections.stream().filter(s -> s.name().equals(name)).findFirst();
    }

    /** All symbols by their number; the first is the empty one. */
    public List<Symbol> symbols() {
        return Collections.unmodifiableList(symbols);
    }

    /** The relocations that apply to a section. */
    public List<Relocation> relocationsOf(Section target) {
        List<Relocation> all = new ArrayList<>();
        for (var table : sections) {
            if (table.info() != target.index()) continue;
            if (table.type() == Section.RELA) {
                throw broken(
                        table.name(), 0, "relocations with addends, which eBPF objects have not");
            }
            if (table.type() == Section.REL) readRelocations(table, target, all);
        }
        return all;
    }

    private void checkHeader() {
        if (bytes.capacity() < HEADER) {
            throw broken("header", 0, "the file has %d bytes, an ELF header 64", bytes.capacity());
        }
        if (bytes.getInt(0) != MAGIC) throw broken("header", 0, "not an ELF file");
        if (bytes.get(4) != CLASS_64) throw broken("header", 4, "not a 64-bit object");
        if (bytes.get(5) == BIG_ENDIAN) {
            throw broken(
                    "header",
                    5,
                    "a big-endian object (bpfeb): compile with clang -target bpfel or -target bpf");
        }
        if (bytes.get(5) != LITTLE_ENDIAN) throw broken("header", 5, "unknown byte order");
        int machine = Short.toUnsignedInt(bytes.getShort(18));
        if (machine != MACHINE_BPF && machine != MACHINE_NONE) {
            throw broken(
                    "header",
                    18,
                    "an object for machine %d, not eBPF (247): compile with clang -target bpf",
                    machine);
        }
        if (bytes.getShort(16) != TYPE_RELOCATABLE) {
            throw broken(
                    "header", 16, "ELF type %d, not a relocatable object (1)", bytes.getShort(16));
        }
    }

    private void readSections() {
        long table = bytes.getLong(40);
        int size = Short.toUnsignedInt(bytes.getShort(58));
        int count = Short.toUnsignedInt(bytes.getShort(60));
        int namesIndex = Short.toUnsignedInt(bytes.getShort(62));
        if (size != SECTION_HEADER) {
            throw broken("header", 58, "section headers of %d bytes, not 64", size);
        }
        if (table < 0 || table > bytes.capacity() - (long) count * size) {
            throw broken(
                    "header",
                    40,
                    "truncated: %d section headers at %d end beyond the file's %d bytes",
                    count,
                    table,
                    bytes.capacity());
        }
        if (namesIndex >= count) throw broken("header", 62, "no section with the names");
        var names = contents((int) table + namesIndex * size, "section names");
        for (int i = 0; i < count; i++) {
            sections.add(readSection(i, (int) table + i * size, names));
        }
    }

    private Section readSection(int index, int at, byte[] names) {
        var name = string(names, bytes.getInt(at), "section names");
        int type = bytes.getInt(at + 4);
        boolean inFile = type != Section.NOBITS && type != Section.NULL;
        long size = bytes.getLong(at + 32);
        if (size < 0 || size > MAX_SECTION) throw broken(name, 0, "a section of %d bytes", size);
        total += size;
        // Sections share no bytes, and what is not in the file is not large in any real object.
        if (total > MAX_SECTION + bytes.capacity()) {
            throw broken(name, 0, "sections of %d bytes in all", total);
        }
        return new Section(
                index,
                name,
                type,
                bytes.getLong(at + 8),
                (int) size,
                bytes.getInt(at + 40),
                bytes.getInt(at + 44),
                inFile ? contents(at, name) : new byte[0]);
    }

    private byte[] contents(int header, String name) {
        long start = bytes.getLong(header + 24);
        long size = bytes.getLong(header + 32);
        if (start < 0 || size < 0 || start > bytes.capacity() - size) {
            throw broken(
                    name,
                    start,
                    "truncated: %d bytes at %d end beyond the file's %d",
                    size,
                    start,
                    bytes.capacity());
        }
        var copy = new byte[(int) size];
        bytes.get((int) start, copy);
        return copy;
    }

    private void readSymbols() {
        var table = sections.stream().filter(s -> s.type() == Section.SYMTAB).findFirst();
        if (table.isEmpty()) return;
        var section = table.get();
        if (section.link() < 0 || section.link() >= sections.size()) {
            throw broken(
                    section.name(), 0, "names in section %d, which is not there", section.link());
        }
        var names = sections.get(section.link());
        for (int at = 0; at + SYMBOL <= section.bytes().length; at += SYMBOL) {
            symbols.add(readSymbol(section, names, at));
        }
    }

    private Symbol readSymbol(Section table, Section names, int at) {
        var entry = ByteBuffer.wrap(table.bytes()).order(ByteOrder.LITTLE_ENDIAN);
        int info = Byte.toUnsignedInt(entry.get(at + 4));
        int section = Short.toUnsignedInt(entry.getShort(at + 6));
        if (section >= sections.size() && section < Symbol.RESERVED) {
            throw broken(table.name(), at, "a symbol of section %d, which is not there", section);
        }
        var name = string(names.bytes(), entry.getInt(at), names.name());
        return new Symbol(
                name.isEmpty() && (info & 0xf) == Symbol.SECTION && section < sections.size()
                        ? sections.get(section).name()
                        : name,
                info & 0xf,
                info >> 4,
                entry.get(at + 5) & 0x3,
                section,
                entry.getLong(at + 8),
                entry.getLong(at + 16));
    }

    private void readRelocations(Section table, Section target, List<Relocation> into) {
        int size = RELOCATION;
        var entries = ByteBuffer.wrap(table.bytes()).order(ByteOrder.LITTLE_ENDIAN);
        if (table.bytes().length % size != 0) {
            throw broken(table.name(), table.size(), "truncated: entries have %d bytes", size);
        }
        for (int at = 0; at < table.bytes().length; at += size) {
            long offset = entries.getLong(at);
            int type = entries.getInt(at + 8);
            int symbol = entries.getInt(at + 12);
            if (symbol < 0 || symbol >= symbols.size()) {
                throw broken(
                        table.name(),
                        at,
                        "bad relocation: symbol %d of %d",
                        symbol,
                        symbols.size());
            }
            if (offset < 0 || offset >= target.size()) {
                throw broken(
                        table.name(),
                        at,
                        "bad relocation: at %d of section %s, which has %d bytes",
                        offset,
                        target.name(),
                        target.size());
            }
            into.add(new Relocation((int) offset, type, symbols.get(symbol)));
        }
    }

    private static String string(byte[] table, int offset, String section) {
        if (offset == 0 && table.length == 0) return "";
        if (offset < 0 || offset >= table.length) {
            throw broken(section, offset, "a name outside of the section's %d bytes", table.length);
        }
        int end = offset;
        while (end < table.length && table[end] != 0) end++;
        if (end == table.length) throw broken(section, offset, "a name without an end");
        if (end - offset > MAX_NAME) {
            throw broken(section, offset, "a name of %d bytes", end - offset);
        }
        return new String(table, offset, end - offset, StandardCharsets.UTF_8);
    }

    private static MalformedObjectException broken(
            String section, long offset, String format, Object... values) {
        return new MalformedObjectException(section, offset, format.formatted(values));
    }
}
