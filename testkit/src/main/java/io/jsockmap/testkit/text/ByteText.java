package io.jsockmap.testkit.text;

import java.util.Arrays;
import java.util.HexFormat;

/** Bytes in a line: as a text if they look like one, else in hex. */
public final class ByteText {
    /** As many bytes are shown. */
    private static final int MOST = 48;

    private ByteText() {}

    /** Bytes in a line; of many the first. */
    public static String of(byte[] bytes) {
        if (bytes.length == 0) return "\"\"";
        var shown = bytes.length > MOST ? Arrays.copyOf(bytes, MOST) : bytes;
        var more = bytes.length > MOST ? "... of %d bytes".formatted(bytes.length) : "";
        return (isText(bytes) ? quoted(shown) : "hex:" + HexFormat.of().formatHex(shown)) + more;
    }

    /** A text has nothing but printable characters, ends of lines, and zeros at the end. */
    private static boolean isText(byte[] bytes) {
        int end = bytes.length;
        while (end > 0 && bytes[end - 1] == 0) end--;
        for (int i = 0; i < end; i++) {
            boolean printable = bytes[i] >= ' ' && bytes[i] < 0x7f;
            if (!printable && bytes[i] != '\r' && bytes[i] != '\n' && bytes[i] != '\t') {
                return false;
            }
        }
        return end > 0;
    }

    private static String quoted(byte[] bytes) {
        var text = new StringBuilder("\"");
        for (byte b : bytes) {
            switch (b) {
                case 0 -> text.append("\\0");
                case '\r' -> text.append("\\r");
                case '\n' -> text.append("\\n");
                case '\t' -> text.append("\\t");
                case '"' -> text.append("\\\"");
                case '\\' -> text.append("\\\\");
                default -> text.append((char) b);
            }
        }
        return text.append('"').toString();
    }
}
