package io.jsockmap.testkit.pcap;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;

/** Captures that tests read: committed ones, and ones made byte by byte. */
final class Captures {
    private static final Path FOLDER = Path.of("src/test/resources/captures");

    private Captures() {}

    static Path file(String name) {
        return FOLDER.resolve(name);
    }

    static Capture read(String name) throws IOException {
        return Capture.read(file(name));
    }

    static Capture read(byte[] file) throws IOException {
        return read(file, CaptureLimits.DEFAULT);
    }

    static Capture read(byte[] file, CaptureLimits limits) throws IOException {
        return Capture.read(new ByteArrayInputStream(file), "made up", limits);
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    /** A file in the classic format. */
    static final class Classic {
        private final ByteArrayOutputStream file = new ByteArrayOutputStream();
        private final ByteOrder order;
        private final boolean nanoseconds;

        Classic(ByteOrder order, boolean nanoseconds, int link) {
            this.order = order;
            this.nanoseconds = nanoseconds;
            file.writeBytes(
                    ByteBuffer.allocate(24)
                            .order(order)
                            .putInt(nanoseconds ? 0xa1b23c4d : 0xa1b2c3d4)
                            .putShort((short) 2)
                            .putShort((short) 4)
                            .putInt(0)
                            .putInt(0)
                            .putInt(262_144)
                            .putInt(link)
                            .array());
        }

        /** A big-endian file of raw IP. */
        static Classic raw() {
            return new Classic(ByteOrder.BIG_ENDIAN, false, 101);
        }

        Classic packet(Instant time, byte[] bytes) {
            return packet(time, bytes, bytes.length);
        }

        Classic packet(Instant time, byte[] bytes, int length) {
            file.writeBytes(
                    ByteBuffer.allocate(16 + bytes.length)
                            .order(order)
                            .putInt((int) time.getEpochSecond())
                            .putInt(nanoseconds ? time.getNano() : time.getNano() / 1000)
                            .putInt(bytes.length)
                            .putInt(length)
                            .put(bytes)
                            .array());
            return this;
        }

        byte[] file() {
            return file.toByteArray();
        }
    }

    /** A file of blocks. */
    static final class Blocks {
        private final ByteArrayOutputStream file = new ByteArrayOutputStream();
        private ByteOrder order = ByteOrder.BIG_ENDIAN;

        Blocks section(ByteOrder order) {
            this.order = order;
            return block(
                    0x0a0d0d0a,
                    buffer(16)
                            .putInt(0x1a2b3c4d)
                            .putInt(order.equals(ByteOrder.BIG_ENDIAN) ? 0x10000 : 1)
                            .putLong(-1));
        }

        Blocks device(int link, int snapLength, byte[] options) {
            return block(
                    1,
                    buffer(8 + options.length)
                            .putShort((short) link)
                            .putShort((short) 0)
                            .putInt(snapLength)
                            .put(options));
        }

        Blocks packet(int device, long ticks, byte[] bytes, byte[] options) {
            int padded = bytes.length + 3 & -4;
            var block =
                    buffer(20 + padded + options.length)
                            .putInt(device)
                            .putInt((int) (ticks >> 32))
                            .putInt((int) ticks)
                            .putInt(bytes.length)
                            .putInt(bytes.length)
                            .put(bytes);
            return block(6, block.position(20 + padded).put(options));
        }

        Blocks block(int type, ByteBuffer body) {
            int length = 12 + body.capacity();
            file.writeBytes(
                    buffer(length)
                            .putInt(type)
                            .putInt(length)
                            .put(body.duplicate().clear())
                            .putInt(length)
                            .array());
            return this;
        }

        ByteBuffer buffer(int length) {
            return ByteBuffer.allocate(length).order(order);
        }

        /** An option; a last one follows by itself. */
        byte[] option(int code, byte[] value) {
            return buffer(8 + (value.length + 3 & -4))
                    .putShort((short) code)
                    .putShort((short) value.length)
                    .put(value)
                    .array();
        }

        byte[] file() {
            return file.toByteArray();
        }
    }
}
