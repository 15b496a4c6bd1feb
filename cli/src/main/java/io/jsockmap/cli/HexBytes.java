package io.jsockmap.cli;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

import java.util.HexFormat;

/** Reads bytes in hex; spaces don't count. */
final class HexBytes implements ITypeConverter<byte[]> {
    @Override
    public byte[] convert(String text) {
        try {
            return HexFormat.of().parseHex(text.replace(" ", ""));
        } catch (IllegalArgumentException _) {
            throw new TypeConversionException("'%s' is not bytes in hex".formatted(text));
        }
    }
}
