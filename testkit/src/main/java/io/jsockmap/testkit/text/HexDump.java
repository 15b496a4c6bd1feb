package io.jsockmap.testkit.text;

import java.util.ArrayList;
import java.util.List;

/** Bytes in rows of 16: their offset, in hex, and as text. */
public final class HexDump {
    private static final int ROW = 16;
    private static final int HALF = ROW / 2;

    private HexDump() {}

    /** The rows of the first bytes, and a last one that says how many are left out. */
    public static List<String> rows(byte[] bytes, int most) {
        return rows(bytes, most, 0);
    }

    /** The same with offsets that begin elsewhere. */
    public static List<String> rows(byte[] bytes, int most, int firstOffset) {
        List<String> rows = new ArrayList<>();
        int shown = Math.min(bytes.length, most);
        for (int at = 0; at < shown; at += ROW) {
            rows.add(row(bytes, at, Math.min(shown, at + ROW), firstOffset + at));
        }
        if (shown < bytes.length) rows.add("(%d more bytes)".formatted(bytes.length - shown));
        return rows;
    }

    private static String row(byte[] bytes, int from, int to, int offset) {
        var hex = new StringBuilder();
        var text = new StringBuilder();
        for (int i = from; i < to; i++) {
            hex.append(i - from == HALF ? "  " : " ").append("%02x".formatted(bytes[i]));
            boolean printable = bytes[i] >= ' ' && bytes[i] < 0x7f;
            text.append(printable ? (char) bytes[i] : '.');
        }
        var place = offset < 0 ? "%-4d".formatted(offset) : "%04x".formatted(offset);
        return "%s %-49s  %s".formatted(place, hex, text);
    }
}
