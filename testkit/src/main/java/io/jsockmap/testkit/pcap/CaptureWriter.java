package io.jsockmap.testkit.pcap;

import io.jsockmap.sockmap.socket.Addresses;
import io.jsockmap.testkit.pcap.Transported.Ends;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes bytes of connections as a capture that tools for packets can read: pcapng, with packets of
 * raw IP. The bytes and their times are real; headers, handshakes and acknowledgements are made up
 * for them. Sockets without an address of IP get one of the loopback network, and a comment says
 * which.
 *
 * <p>The file is whole whenever it was flushed. For one thread at a time.
 *
 * {@snippet class="io.jsockmap.testkit.examples.CaptureExamples" region="write"}
 */
public final class CaptureWriter implements Closeable {
    private final OutputStream out;
    private final PcapngOutput packets;
    private final MadeUpAddresses addresses = new MadeUpAddresses();
    private final int segmentBytes;
    private boolean closed;

    /**
     * What a writer may be told.
     *
     * @param application what wrote the file, in words
     * @param segmentBytes how many bytes a segment may carry: more are sent as several; 1 to 65,495
     * @param limit how many bytes the file may have; where it would have more nothing is written
     *     any more
     */
    public record Settings(String application, int segmentBytes, long limit) {
        /** As on loopback, where most reads are one segment; no limit. */
        public static final Settings DEFAULT =
                new Settings("jsockmap", IpBytes.MOST_OF_TCP, Long.MAX_VALUE);

        public Settings {
            if (segmentBytes < 1 || segmentBytes > IpBytes.MOST_OF_TCP) {
                throw new IllegalArgumentException(
                        "a segment carries 1 to %d bytes, not %d"
                                .formatted(IpBytes.MOST_OF_TCP, segmentBytes));
            }
        }

        public Settings withSegmentBytes(int most) {
            return new Settings(application, most, limit);
        }

        public Settings withLimit(long most) {
            return new Settings(application, segmentBytes, most);
        }
    }

    /**
     * @param out the file, closed with the writer
     */
    public CaptureWriter(OutputStream out, Settings settings) {
        this.out = out;
        segmentBytes = settings.segmentBytes;
        packets = new PcapngOutput(out, settings.limit, settings.application);
    }

    /**
     * A TCP connection, or a UNIX stream, begins: a handshake is written.
     *
     * @param client who opened it
     */
    public WrittenConnection open(SocketAddress client, SocketAddress server, Instant time)
            throws IOException {
        return open(client, server, time, 0);
    }

    /** The same with the number of the SYNs, from which the sequence numbers go on. */
    WrittenConnection open(SocketAddress client, SocketAddress server, Instant time, int sequence)
            throws IOException {
        var ends = new Ends(addresses.of(client), addresses.of(server));
        var connection = new WrittenConnection(packets, ends, segmentBytes, sequence);
        connection.open(time, madeUp(client, server, ends));
        return connection;
    }

    private static List<String> madeUp(SocketAddress source, SocketAddress target, Ends ends) {
        List<String> comments = new ArrayList<>();
        if (!MadeUpAddresses.isReal(source)) comments.add(madeUp(ends.source(), source));
        if (!MadeUpAddresses.isReal(target)) comments.add(madeUp(ends.target(), target));
        return comments;
    }

    private static String madeUp(SocketAddress shown, SocketAddress real) {
        return "%s is made up: it stands for %s"
                .formatted(Addresses.print(shown), MadeUpAddresses.name(real));
    }

    /**
     * A datagram was sent. One that is too long for IP is shown by its first 65,507 bytes, and a
     * comment says so.
     *
     * @param bytes all that remain, which stay
     * @param remarks comments of the packet
     */
    public void datagram(
            SocketAddress source,
            SocketAddress target,
            ByteBuffer bytes,
            Instant time,
            List<String> remarks)
            throws IOException {
        var ends = new Ends(addresses.of(source), addresses.of(target));
        var comments = madeUp(source, target, ends);
        var all = new View(bytes);
        if (all.length() > IpBytes.MOST_OF_UDP) {
            comments.add("the first %,d of %,d bytes".formatted(IpBytes.MOST_OF_UDP, all.length()));
        }
        comments.addAll(remarks);
        packets.put(this, IpBytes.udp(ends, all.first(IpBytes.MOST_OF_UDP)), time, comments);
    }

    /** Says something of the datagram that was the last, if no other packet came behind it. */
    boolean remarkDatagram(String text) {
        return packets.comment(this, text);
    }

    /** Whether the limit was reached: what is written from then on is forgotten. */
    public boolean isFull() {
        return packets.isFull();
    }

    /** Has all in the file that was written. */
    public void flush() throws IOException {
        packets.flush();
    }

    /** Twice is harmless. */
    @Override
    public void close() throws IOException {
        if (closed) return;
        closed = true;
        try (out) {
            packets.flush();
        }
    }
}
