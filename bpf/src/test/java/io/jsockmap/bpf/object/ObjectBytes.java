package io.jsockmap.bpf.object;

import io.jsockmap.bpf.Fixtures;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;

/** The bytes of a good object, and where its parts lie, for tests that damage them. */
final class ObjectBytes {
    static final int SECTION_TABLE = 40;
    static final int NAMES_INDEX = 62;

    // Fields of a section header.
    static final int TYPE = 4;
    static final int OFFSET = 24;
    static final int SIZE = 32;
    static final int LINK = 40;

    private static final int HEADER = 64;
    private static final int SYMBOL = 24;

    private final ByteBuffer bytes;

    private ObjectBytes(byte[] bytes) {
        this.bytes = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    static ObjectBytes of(String fixture) {
        try {
            return new ObjectBytes(Files.readAllBytes(Fixtures.path(fixture)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    byte[] array() {
        return bytes.array();
    }

    ObjectBytes put8(int at, int value) {
        bytes.put(at, (byte) value);
        return this;
    }

    ObjectBytes put16(int at, int value) {
        bytes.putShort(at, (short) value);
        return this;
    }

    ObjectBytes put32(int at, int value) {
        bytes.putInt(at, value);
        return this;
    }

    ObjectBytes put64(int at, long value) {
        bytes.putLong(at, value);
        return this;
    }

    int get32(int at) {
        return bytes.getInt(at);
    }

    /** Where the header of a section lies. */
    int header(String section) {
        for (int i = 0; i < bytes.getShort(60); i++) {
            int at = (int) bytes.getLong(SECTION_TABLE) + i * HEADER;
            if (text(namesStart() + bytes.getInt(at)).equals(section)) return at;
        }
        throw new AssertionError("no section " + section);
    }

    /** Where the contents of a section lie. */
    int start(String section) {
        return (int) bytes.getLong(header(section) + OFFSET);
    }

    int size(String section) {
        return (int) bytes.getLong(header(section) + SIZE);
    }

    /** Where the entry of a symbol lies. */
    int symbol(String name) {
        int names = start(".strtab");
        int table = start(".symtab");
        for (int at = table; at < table + size(".symtab"); at += SYMBOL) {
            if (text(names + bytes.getInt(at)).equals(name)) return at;
        }
        throw new AssertionError("no symbol " + name);
    }

    /** Takes away all symbols of a section but its own. */
    ObjectBytes withoutSymbols(String section) {
        int index = (header(section) - (int) bytes.getLong(SECTION_TABLE)) / HEADER;
        int table = start(".symtab");
        for (int at = table; at < table + size(".symtab"); at += SYMBOL) {
            boolean inSection = bytes.getShort(at + 6) == index && (bytes.get(at + 4) & 0xf) != 3;
            if (inSection) bytes.putShort(at + 6, (short) 0);
        }
        return this;
    }

    /** Where the first BTF type of a kind lies; its number comes from {@link #typeNumber}. */
    int type(int kind) {
        for (int at = firstType(); ; at += typeSize(at)) {
            if (bytes.getInt(at + 4) >>> 24 == kind) return at;
        }
    }

    /** Where the first BTF type of a name lies. */
    int type(String name) {
        int btf = start(".BTF");
        int strings = btf + bytes.getInt(btf + 4) + bytes.getInt(btf + 16);
        for (int at = firstType(); ; at += typeSize(at)) {
            if (text(strings + bytes.getInt(at)).equals(name)) return at;
        }
    }

    int typeNumber(int type) {
        int number = 1;
        for (int at = firstType(); at < type; at += typeSize(at)) number++;
        return number;
    }

    private int firstType() {
        int btf = start(".BTF");
        return btf + bytes.getInt(btf + 4) + bytes.getInt(btf + 8);
    }

    private int typeSize(int at) {
        int count = bytes.getShort(at + 4) & 0xffff;
        return 12
                + switch (bytes.getInt(at + 4) >>> 24 & 0x1f) {
                    case 1, 14, 17 -> 4;
                    case 3 -> 12;
                    case 4, 5, 15, 19 -> 12 * count;
                    case 6, 13 -> 8 * count;
                    default -> 0;
                };
    }

    private int namesStart() {
        int names = Short.toUnsignedInt(bytes.getShort(NAMES_INDEX));
        return (int) bytes.getLong((int) bytes.getLong(SECTION_TABLE) + names * HEADER + OFFSET);
    }

    private String text(int at) {
        int end = at;
        while (bytes.get(end) != 0) end++;
        return new String(bytes.array(), at, end - at, StandardCharsets.UTF_8);
    }
}
