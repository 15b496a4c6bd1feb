package io.jsockmap.testkit.pcap;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Writes packets of raw IP as pcapng. The last one is held back, so that something can be said of
 * it still. What is written ends with a whole block, always.
 */
final class PcapngOutput {
    private static final int USER_APPLICATION = 4;
    private static final int INTERFACE_NAME = 2;
    private static final int INTERFACE_RESOLUTION = 9;
    private static final byte NANOSECONDS = 9;
    private static final long NANOS = 1_000_000_000;

    /** The latest time that fits. */
    private static final long LAST_SECOND = Long.MAX_VALUE / NANOS - 1;

    /** Characters of a comment: its length has 16 bits. */
    private static final int LONGEST_COMMENT = 16_000;

    private static final int GATHERED = 1 << 16;

    private final OutputStream out;
    private final long limit;
    private final ByteArrayOutputStream gathered = new ByteArrayOutputStream();
    private long size;
    private boolean full;
    private Optional<Pending> pending = Optional.empty();

    /** A packet that is not written yet, and whose it is. */
    private record Pending(Object owner, byte[] packet, Instant time, List<String> comments) {}

    private record Option(int code, byte[] value) {
        static Option of(int code, String text) {
            return new Option(code, text.getBytes(StandardCharsets.UTF_8));
        }

        int length() {
            return Integer.BYTES + padded(value.length);
        }

        void put(ByteBuffer block) {
            block.putShort((short) code).putShort((short) value.length).put(value);
            block.position(block.position() + padded(value.length) - value.length);
        }
    }

    /**
     * @param limit how many bytes the file may have at the most
     * @param application what wrote it, in words
     */
    PcapngOutput(OutputStream out, long limit, String application) {
        this.out = out;
        this.limit = limit;
        var section =
                ByteBuffer.allocate(16)
                        .putInt(PcapngFile.ORDER_MARK)
                        .putShort((short) PcapngFile.VERSION)
                        .putShort((short) 0)
                        .putLong(-1);
        write(
                block(
                        PcapngFile.SECTION_HEADER,
                        section.array(),
                        List.of(Option.of(USER_APPLICATION, application))));
        var described = ByteBuffer.allocate(8).putShort((short) LinkHeader.RAW);
        write(
                block(
                        PcapngFile.INTERFACE,
                        described.array(),
                        List.of(
                                Option.of(INTERFACE_NAME, application),
                                new Option(INTERFACE_RESOLUTION, new byte[] {NANOSECONDS}))));
    }

    private static int padded(int length) {
        return (length + Integer.BYTES - 1) & -Integer.BYTES;
    }

    private static byte[] block(int type, byte[] body, List<Option> options) {
        int length = PcapngFile.AROUND + padded(body.length);
        for (var option : options) length += option.length();
        if (!options.isEmpty()) length += Integer.BYTES;
        var block = ByteBuffer.allocate(length).putInt(type).putInt(length).put(body);
        block.position(block.position() + padded(body.length) - body.length);
        for (var option : options) option.put(block);
        return block.putInt(length - Integer.BYTES, length).array();
    }

    /** Whether the next block did not fit: then nothing more is written. */
    boolean isFull() {
        return full;
    }

    /**
     * Writes a packet, or rather the one before it.
     *
     * @param owner who may add to its comments
     */
    void put(Object owner, byte[] packet, Instant time, List<String> comments) throws IOException {
        writePending();
        pending = Optional.of(new Pending(owner, packet, time, new ArrayList<>(comments)));
        if (gathered.size() >= GATHERED) writeGathered();
    }

    /** Says something of the last packet, if it is of that owner and not written yet. */
    @SuppressWarnings("ReferenceEquality")
    boolean comment(Object owner, String text) {
        if (pending.isEmpty() || pending.get().owner != owner) return false;
        pending.get().comments.add(text);
        return true;
    }

    /** Writes all, the last packet too. */
    void flush() throws IOException {
        writePending();
        writeGathered();
        out.flush();
    }

    private void writeGathered() throws IOException {
        try {
            gathered.writeTo(out);
        } catch (IOException e) {
            // Nothing makes sense behind a part of a block.
            full = true;
            throw e;
        } finally {
            gathered.reset();
        }
    }

    private void writePending() {
        pending.ifPresent(last -> write(packet(last)));
        pending = Optional.empty();
    }

    private static byte[] packet(Pending packet) {
        var bytes = packet.packet;
        long ticks = ticks(packet.time);
        var body =
                ByteBuffer.allocate(20 + bytes.length)
                        .putInt(0)
                        .putLong(ticks)
                        .putInt(bytes.length)
                        .putInt(bytes.length)
                        .put(bytes);
        var options = packet.comments.stream().map(PcapngOutput::comment).toList();
        return block(PcapngFile.ENHANCED_PACKET, body.array(), options);
    }

    private static Option comment(String text) {
        boolean fits = text.length() <= LONGEST_COMMENT;
        return Option.of(PcapngFile.COMMENT, fits ? text : text.substring(0, LONGEST_COMMENT));
    }

    private static long ticks(Instant time) {
        long seconds = Math.clamp(time.getEpochSecond(), 0, LAST_SECOND);
        return seconds * NANOS + time.getNano();
    }

    private void write(byte[] block) {
        if (full || size + block.length > limit) {
            full = true;
            return;
        }
        size += block.length;
        gathered.writeBytes(block);
    }
}
