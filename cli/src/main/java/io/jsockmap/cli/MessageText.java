package io.jsockmap.cli;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** Reads a message: a text in UTF-8, in which some bytes are written as in C. */
final class MessageText implements ITypeConverter<byte[]> {
    @Override
    public byte[] convert(String text) {
        var bytes = new ByteArrayOutputStream();
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) != '\\') {
                int point = text.codePointAt(i);
                bytes.writeBytes(Character.toString(point).getBytes(StandardCharsets.UTF_8));
                i += Character.charCount(point) - 1;
                continue;
            }
            char kind = ++i < text.length() ? text.charAt(i) : ' ';
            switch (kind) {
                case 'r' -> bytes.write('\r');
                case 'n' -> bytes.write('\n');
                case 't' -> bytes.write('\t');
                case '0' -> bytes.write(0);
                case '\\' -> bytes.write('\\');
                case 'x' -> {
                    bytes.write(hex(text, i + 1));
                    i += 2;
                }
                default -> throw mistake(text);
            }
        }
        return bytes.toByteArray();
    }

    private static int hex(String text, int at) {
        try {
            return HexFormat.fromHexDigits(text, at, at + 2);
        } catch (IllegalArgumentException | IndexOutOfBoundsException _) {
            throw mistake(text);
        }
    }

    private static TypeConversionException mistake(String text) {
        return new TypeConversionException(
                "'%s': behind a backslash stands r, n, t, 0, xHH or a backslash".formatted(text));
    }
}
