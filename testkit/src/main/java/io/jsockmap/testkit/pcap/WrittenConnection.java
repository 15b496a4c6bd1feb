package io.jsockmap.testkit.pcap;

import io.jsockmap.testkit.pcap.IpBytes.Tcp;
import io.jsockmap.testkit.pcap.Transported.Ends;
import io.jsockmap.testkit.pcap.Transported.Segment;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * A connection in a file that a {@link CaptureWriter} writes. For one thread at a time.
 *
 * {@snippet class="io.jsockmap.testkit.examples.CaptureExamples" region="write"}
 */
public final class WrittenConnection {
    /** Together a window of 1 GiB, so that nobody takes the connection for one that is stuck. */
    private static final int WINDOW = 0xffff;

    private static final byte WINDOW_SHIFT = 14;
    private static final byte[] NO_OPTIONS = {};
    private static final View NOTHING = View.of(NO_OPTIONS);

    /** Bytes after which somebody who only receives says so. */
    private static final int UNANSWERED = 1 << 18;

    private final PcapngOutput packets;
    private final int segmentBytes;
    private final Side client;
    private final Side server;
    private boolean reset;

    WrittenConnection(PcapngOutput packets, Ends ends, int segmentBytes, int sequence) {
        this.packets = packets;
        this.segmentBytes = segmentBytes;
        client = new Side(ends, sequence);
        server = new Side(ends.reversed(), sequence);
    }

    private static final class Side {
        final Ends ends;

        /** Comments of the next packet. */
        final List<String> remarks = new ArrayList<>();

        int seq;
        int unanswered;
        boolean ended;

        Side(Ends ends, int sequence) {
            this.ends = ends;
            seq = sequence;
        }
    }

    private Side side(boolean fromClient) {
        return fromClient ? client : server;
    }

    private Side other(Side side) {
        return side.equals(client) ? server : client;
    }

    void open(Instant time, List<String> remarks) throws IOException {
        var options =
                ByteBuffer.allocate(8)
                        .put((byte) 2)
                        .put((byte) 4)
                        .putShort((short) segmentBytes)
                        .put((byte) 1)
                        .put((byte) 3)
                        .put((byte) 3)
                        .put(WINDOW_SHIFT)
                        .array();
        client.remarks.addAll(remarks);
        put(client, Segment.SYN, options, NOTHING, time);
        client.seq++;
        put(server, Segment.SYN | Segment.ACK, options, NOTHING, time);
        server.seq++;
        acknowledge(client, time);
    }

    private void put(Side from, int flags, byte[] options, View payload, Instant time)
            throws IOException {
        var other = other(from);
        int ack = (flags & Segment.ACK) == 0 ? 0 : other.seq;
        var header = new Tcp(from.seq, ack, flags, WINDOW, options);
        var packet = IpBytes.tcp(from.ends, header, payload);
        packets.put(from, packet, time, from.remarks);
        from.remarks.clear();
        from.seq += payload.length();
        from.unanswered += payload.length();
        other.unanswered = 0;
    }

    private void acknowledge(Side from, Instant time) throws IOException {
        put(from, Segment.ACK, NO_OPTIONS, NOTHING, time);
    }

    /** Whether that side can send no more. */
    public boolean isEnded(boolean fromClient) {
        return reset || side(fromClient).ended;
    }

    private Side open(boolean fromClient) {
        if (!isEnded(fromClient)) return side(fromClient);
        throw new IllegalStateException(
                "the %s has ended its stream".formatted(fromClient ? "client" : "server"));
    }

    /**
     * One side sent bytes.
     *
     * @param bytes all that remain, which stay; none is harmless
     * @throws IllegalStateException if that side has ended its stream
     */
    public void sent(boolean fromClient, ByteBuffer bytes, Instant time) throws IOException {
        var from = open(fromClient);
        for (var rest = new View(bytes); rest.length() > 0; ) {
            var part = rest.first(segmentBytes);
            put(from, Segment.ACK | Segment.PSH, NO_OPTIONS, part, time);
            rest = rest.from(part.length());
            if (from.unanswered >= UNANSWERED) acknowledge(other(from), time);
        }
    }

    /**
     * One side ended its stream (FIN).
     *
     * @throws IllegalStateException if it had done so before
     */
    public void ended(boolean fromClient, Instant time) throws IOException {
        var from = open(fromClient);
        put(from, Segment.FIN | Segment.ACK, NO_OPTIONS, NOTHING, time);
        from.seq++;
        from.ended = true;
        acknowledge(other(from), time);
    }

    /** One side reset the connection (RST). Twice is harmless. */
    public void reset(boolean fromClient, Instant time) throws IOException {
        if (reset) return;
        put(side(fromClient), Segment.RST | Segment.ACK, NO_OPTIONS, NOTHING, time);
        reset = true;
    }

    /**
     * Says something of what one side sent last: on that packet if it is the last of the file, or
     * on an acknowledgement by the other side.
     */
    public void remark(boolean fromClient, String text, Instant time) throws IOException {
        if (packets.comment(side(fromClient), text)) return;
        remarkByAnswer(!fromClient, text, time);
    }

    /** Says something on a packet of its own, which acknowledges what the other side sent. */
    public void remarkByAnswer(boolean fromClient, String text, Instant time) throws IOException {
        var from = side(fromClient);
        from.remarks.add(text);
        acknowledge(from, time);
    }

    /** Says something of what one side sends next. */
    public void remarkNext(boolean fromClient, String text) {
        side(fromClient).remarks.add(text);
    }

    /** Nothing more comes: what is still to be said of a next packet is said by an answer. */
    public void finish(Instant time) throws IOException {
        for (var side : List.of(client, server)) {
            if (!side.remarks.isEmpty()) acknowledge(side, time);
        }
    }
}
