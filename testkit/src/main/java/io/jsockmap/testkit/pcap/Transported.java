package io.jsockmap.testkit.pcap;

import java.net.InetSocketAddress;

/** A TCP segment or a UDP datagram. */
sealed interface Transported {
    /** IPPROTO_TCP. */
    int TCP = 6;

    /** IPPROTO_UDP. */
    int UDP = 17;

    /** The packet that brought it. */
    Packet packet();

    Ends ends();

    /** What it brings, as far as it was captured. */
    View payload();

    /** Bytes behind it that were not captured. */
    int missing();

    /**
     * Between whom it goes.
     *
     * @param source who sent it
     * @param target to whom
     */
    record Ends(InetSocketAddress source, InetSocketAddress target) {
        Ends reversed() {
            return new Ends(target, source);
        }
    }

    /**
     * A TCP segment.
     *
     * @param seq the number of its first byte, or of its SYN
     * @param ack the number of the next byte that is expected, if it has the flag
     */
    record Segment(Packet packet, Ends ends, int seq, int ack, int flags, View payload, int missing)
            implements Transported {
        static final int FIN = 1;
        static final int SYN = 2;
        static final int RST = 4;
        static final int PSH = 8;
        static final int ACK = 16;

        boolean is(int flag) {
            return (flags & flag) != 0;
        }
    }

    record Datagram(Packet packet, Ends ends, View payload, int missing) implements Transported {}

    /**
     * What a packet brings.
     *
     * @throws Unreadable if it is something else, or damaged
     */
    static Transported of(Packet packet) throws Unreadable {
        var bytes = LinkHeader.strip(packet);
        long length = packet.length() - (packet.bytes().length() - bytes.length());
        var ip = IpPacket.of(bytes, packet.isCut(), length);
        return switch (ip.protocol()) {
            case TCP -> segment(packet, ip);
            case UDP -> datagram(packet, ip);
            default -> throw new Unreadable("neither TCP nor UDP");
        };
    }

    private static Ends ends(IpPacket ip) {
        return new Ends(
                new InetSocketAddress(ip.source(), ip.payload().u16(0)),
                new InetSocketAddress(ip.target(), ip.payload().u16(2)));
    }

    private static Segment segment(Packet packet, IpPacket ip) throws Unreadable {
        var bytes = ip.payload();
        if (!bytes.has(20)) throw Unreadable.tooShort("TCP", ip.missing() > 0);
        int header = (bytes.u8(12) >> 4) * 4;
        if (header < 20) throw new Unreadable("damaged: its TCP header is too short");
        if (!bytes.has(header)) throw Unreadable.tooShort("TCP", ip.missing() > 0);
        return new Segment(
                packet,
                ends(ip),
                bytes.i32(4),
                bytes.i32(8),
                bytes.u8(13),
                bytes.from(header),
                ip.missing());
    }

    private static Datagram datagram(Packet packet, IpPacket ip) throws Unreadable {
        var bytes = ip.payload();
        if (!bytes.has(8)) throw Unreadable.tooShort("UDP", ip.missing() > 0);
        int there = bytes.length() + ip.missing();
        int length = bytes.u16(4) == 0 ? there : bytes.u16(4);
        if (length < 8 || length > there) {
            throw new Unreadable("damaged: its UDP length is not that of its packet");
        }
        var payload = bytes.first(length).from(8);
        return new Datagram(packet, ends(ip), payload, length - 8 - payload.length());
    }
}
