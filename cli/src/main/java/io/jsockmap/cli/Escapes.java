package io.jsockmap.cli;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Texts of the command line that stand for bytes: {@code \r \n \t \0 \xNN \\}. */
final class Escapes {
    private Escapes() {}

    /**
     * The bytes; other characters are UTF-8.
     *
     * @throws IllegalArgumentException for an escape there is not
     */
    static byte[] bytes(String text) {
        var bytes = new ByteArrayOutputStream();
        for (int at = 0; at < text.length(); ) {
            if (text.charAt(at) != '\\') {
                int next = text.indexOf('\\', at);
                int end = next < 0 ? text.length() : next;
                bytes.writeBytes(text.substring(at, end).getBytes(StandardCharsets.UTF_8));
                at = end;
            } else {
                at = escape(text, at, bytes);
            }
        }
        return bytes.toByteArray();
    }

    private static int escape(String text, int at, ByteArrayOutputStream bytes) {
        char kind = at + 1 < text.length() ? text.charAt(at + 1) : ' ';
        switch (kind) {
            case 'r' -> bytes.write('\r');
            case 'n' -> bytes.write('\n');
            case 't' -> bytes.write('\t');
            case '0' -> bytes.write(0);
            case '\\' -> bytes.write('\\');
            case 'x' -> {
                bytes.write(hex(text, at));
                return at + 4;
            }
            default -> throw unknown(text, at);
        }
        return at + 2;
    }

    private static int hex(String text, int at) {
        if (at + 4 > text.length()) throw unknown(text, at);
        try {
            return Integer.parseUnsignedInt(text, at + 2, at + 4, 16);
        } catch (NumberFormatException _) {
            throw unknown(text, at);
        }
    }

    private static IllegalArgumentException unknown(String text, int at) {
        return new IllegalArgumentException(
                "%s: there are \\r \\n \\t \\0 \\xNN \\\\"
                        .formatted(text.substring(at, Math.min(text.length(), at + 4))));
    }
}
