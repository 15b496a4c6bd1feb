package io.jsockmap.testkit.scenario;

import io.jsockmap.testkit.text.HexDump;

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
        int from = at / ROW * ROW;
        text.append("  expected %s%n".formatted(row(expected, from)));
        text.append("  found    %s%n".formatted(row(found, from)));
        int inRow = at - from;
        int column = "found    0000  ".length() + 3 * inRow + (inRow >= ROW / 2 ? 1 : 0);
        text.append("  %s^^".formatted(" ".repeat(column)));
        return text.toString();
    }

    private static String row(byte[] bytes, int from) {
        if (from >= bytes.length) return "(nothing)";
        var part = Arrays.copyOfRange(bytes, from, Math.min(bytes.length, from + ROW));
        return HexDump.rows(part, ROW, from).getFirst();
    }
}
