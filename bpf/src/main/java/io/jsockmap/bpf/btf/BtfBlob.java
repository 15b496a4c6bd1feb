package io.jsockmap.bpf.btf;

import io.jsockmap.bpf.MalformedObjectException;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** What {@code .BTF} and {@code .BTF.ext} have in common: a header, parts, and strings. */
final class BtfBlob {
    private static final int MAGIC = 0xeb9f;
    private static final int MIN_HEADER = 24;
    private static final int MAX_STRING = 1024;

    private final String name;
    private final ByteBuffer bytes;
    private final ByteBuffer strings;
    private final Map<Integer, String> cache = new HashMap<>();

    /**
     * @param name the section's
     * @param section the section's bytes
     * @param btf the {@code .BTF} section, which has the strings of both
     */
    BtfBlob(String name, byte[] section, byte[] btf) {
        this.name = name;
        bytes = checked(name, section);
        strings = part(".BTF", checked(".BTF", btf), 16, 20);
    }

    private static ByteBuffer checked(String name, byte[] section) {
        if (section.length < MIN_HEADER) {
            throw new MalformedObjectException(
                    name, 0, "truncated: %d bytes, a header has 24".formatted(section.length));
        }
        var buffer = ByteBuffer.wrap(section).order(ByteOrder.LITTLE_ENDIAN);
        if (Short.toUnsignedInt(buffer.getShort(0)) != MAGIC) {
            throw new MalformedObjectException(name, 0, "wrong magic number");
        }
        return buffer;
    }

    /** The part whose place and length, in bytes behind the header, stand at these offsets. */
    ByteBuffer part(int offsetAt, int lengthAt) {
        return part(name, bytes, offsetAt, lengthAt);
    }

    /** Whether the header is long enough to have a field there. */
    boolean hasField(int at) {
        return bytes.getInt(4) >= at + Integer.BYTES && bytes.capacity() >= at + Integer.BYTES;
    }

    private static ByteBuffer part(String name, ByteBuffer bytes, int offsetAt, int lengthAt) {
        long start = Integer.toUnsignedLong(bytes.getInt(4)) + bytes.getInt(offsetAt);
        long length = Integer.toUnsignedLong(bytes.getInt(lengthAt));
        if (start < 0 || start + length > bytes.capacity()) {
            throw new MalformedObjectException(
                    name,
                    offsetAt,
                    "truncated: %d bytes at %d end beyond the section's %d"
                            .formatted(length, start, bytes.capacity()));
        }
        return bytes.slice((int) start, (int) length).order(ByteOrder.LITTLE_ENDIAN);
    }

    String string(int offset) {
        if (offset == 0) return "";
        if (offset < 0 || offset >= strings.capacity()) {
            throw new MalformedObjectException(
                    ".BTF", offset, "a name outside of the %d bytes".formatted(strings.capacity()));
        }
        return cache.computeIfAbsent(offset, this::read);
    }

    /** Names, and lines of C, of which the rest of a very long one tells nothing. */
    private String read(int offset) {
        int end = offset;
        int last = Math.min(strings.capacity(), offset + MAX_STRING);
        while (end < last && strings.get(end) != 0) end++;
        var text = new byte[end - offset];
        strings.get(offset, text);
        return new String(text, StandardCharsets.UTF_8);
    }
}
