package io.jsockmap.control.command;

import com.google.gson.JsonArray;

import java.util.Arrays;

/** Bytes as bpftool writes them in JSON. */
final class HexBytes {
    /** Texts are made once: a large map has many bytes. */
    private static final String[] TEXTS = new String[1 << Byte.SIZE];

    static {
        Arrays.setAll(TEXTS, "0x%02x"::formatted);
    }

    private HexBytes() {}

    static JsonArray print(byte[] bytes) {
        var all = new JsonArray(bytes.length);
        for (byte b : bytes) all.add(TEXTS[Byte.toUnsignedInt(b)]);
        return all;
    }
}
