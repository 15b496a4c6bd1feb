package io.jsockmap.sockmap.network;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Random;

/**
 * Bytes as tests write them: a character is a byte, numbers are little-endian.
 *
 * {@snippet class="io.jsockmap.sockmap.examples.TrafficExamples" region="network"}
 */
public final class Bytes {
    private Bytes() {}

    public static byte[] of(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    public static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    public static byte[] u32(long value) {
        return ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt((int) value).array();
    }

    public static byte[] u64(long value) {
        return ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array();
    }

    public static long number(byte[] bytes) {
        var buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        return bytes.length == 4 ? Integer.toUnsignedLong(buffer.getInt()) : buffer.getLong();
    }

    /** A text of that length, in small letters, that repeats only after a long while. */
    public static String pattern(int length) {
        var bytes = new byte[length];
        var random = new Random(length);
        for (int i = 0; i < length; i++) bytes[i] = (byte) ('a' + random.nextInt(26));
        return text(bytes);
    }
}
