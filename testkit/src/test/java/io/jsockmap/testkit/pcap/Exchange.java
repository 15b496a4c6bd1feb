package io.jsockmap.testkit.pcap;

import io.jsockmap.testkit.pcap.IpBytes.Tcp;
import io.jsockmap.testkit.pcap.Transported.Ends;
import io.jsockmap.testkit.pcap.Transported.Segment;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.Arrays;

/** Segments between a client and a server, in whatever order a test wants them. */
final class Exchange {
    static final Ends ENDS =
            new Ends(
                    new InetSocketAddress("10.0.0.2", 40_000),
                    new InetSocketAddress("10.0.0.1", 80));
    static final int SYN = Segment.SYN;
    static final int FIN = Segment.FIN;
    static final int RST = Segment.RST;
    static final int ACK = Segment.ACK;

    private final Captures.Classic file = Captures.Classic.raw();
    private int packets;

    /** The client's numbers begin at 1000, the server's at 5000. */
    Exchange handshake() {
        client(SYN, 999, 0, "");
        server(SYN | ACK, 4999, 1000, "");
        return client(ACK, 1000, 5000, "");
    }

    Exchange client(int flags, int seq, int ack, String text) {
        return segment(ENDS, flags, seq, ack, text);
    }

    Exchange server(int flags, int seq, int ack, String text) {
        return segment(ENDS.reversed(), flags, seq, ack, text);
    }

    private Exchange segment(Ends ends, int flags, int seq, int ack, String text) {
        return packet(tcp(ends, flags, seq, ack, text));
    }

    static byte[] tcp(Ends ends, int flags, int seq, int ack, String text) {
        return IpBytes.tcp(
                ends, new Tcp(seq, ack, flags, 1000, new byte[0]), View.of(Captures.bytes(text)));
    }

    Exchange packet(byte[] packet) {
        file.packet(Instant.ofEpochSecond(packets++), packet);
        return this;
    }

    /** Of the packet only so many bytes are captured. */
    Exchange cut(byte[] packet, int captured) {
        file.packet(
                Instant.ofEpochSecond(packets++), Arrays.copyOf(packet, captured), packet.length);
        return this;
    }

    Capture capture() throws IOException {
        return Captures.read(file.file());
    }

    Capture capture(CaptureLimits limits) throws IOException {
        return Captures.read(file.file(), limits);
    }

    /** The only conversation there is. */
    Conversation conversation() throws IOException {
        var all = capture().conversations();
        if (all.size() == 1) return all.getFirst();
        throw new AssertionError(all.size() + " conversations: " + all);
    }
}
