package io.jsockmap.testkit.scenario;

import java.util.Arrays;

/** Shows where bytes are other than expected: in hex and as text, marked. */
final class ByteDiff {
    private static final int ROW = 16;

    private ByteDiff() {}

    /** For people; several lines. */
    static String of(byte[] expected, byte[] found) {
        int at = Arrays.mismatch(expected, found);
        if (at < 0) return "no difference";
        var text = new StringBuilder();
        text.append(
                "first difference at byte %d of %d expected, %d found%n"
                        .formatted(at, expected.length, found.length));
        int row = at / ROW * ROW;
        text.append("  expected %s%n".formatted(row(expected, row)));
        text.append("  found    %s%n".formatted(row(found, row)));
        text.append(
                "  %s^^".formatted(" ".repeat("found    00000000  ".length() + 3 * (at - row))));
        return text.toString();
    }

    private static String row(byte[] bytes, int from) {
        var hex = new StringBuilder();
        var text = new StringBuilder();
        for (int i = from; i < from + ROW; i++) {
            hex.append(i < bytes.length ? "%02x ".formatted(bytes[i]) : "   ");
            if (i < bytes.length) text.append(isPrintable(bytes[i]) ? (char) bytes[i] : '.');
        }
        return "%08x  %s |%s|".formatted(from, hex, text);
    }

    private static boolean isPrintable(byte b) {
        return b >= ' ' && b < 0x7f;
    }

    /** Bytes in one short line. */
    static String brief(byte[] bytes) {
        var text = new StringBuilder("\"");
        int shown = Math.min(bytes.length, 60);
        for (int i = 0; i < shown; i++) {
            switch (bytes[i]) {
                case '\r' -> text.append("\\r");
                case '\n' -> text.append("\\n");
                case '"' -> text.append("\\\"");
                default ->
                        text.append(
                                isPrintable(bytes[i])
                                        ? "" + (char) bytes[i]
                                        : "\\x%02x".formatted(bytes[i]));
            }
        }
        text.append('"');
        if (shown < bytes.length) text.append("... (%d bytes)".formatted(bytes.length));
        return text.toString();
    }
}
