package io.jsockmap.testkit.pcap;

import io.jsockmap.testkit.pcap.Transported.Ends;

import java.net.InetAddress;
import java.nio.ByteBuffer;

/** Makes packets of IP, with right lengths and checksums. */
final class IpBytes {
    /** Bytes of a TCP segment, without its headers, that fit into a packet of IPv4 and IPv6. */
    static final int MOST_OF_TCP = 65_535 - 20 - 20;

    /** Bytes of a datagram, without its headers, that fit too. */
    static final int MOST_OF_UDP = 65_535 - 20 - 8;

    private static final int TTL = 64;
    private static final int DONT_FRAGMENT = 0x4000;
    private static final int IP4_HEADER = 20;
    private static final int IP6_HEADER = 40;
    private static final int TCP_HEADER = 20;
    private static final int UDP_HEADER = 8;
    private static final int TCP_CHECKSUM = 16;
    private static final int UDP_CHECKSUM = 6;
    private static final int SHORT = 0xffff;

    private IpBytes() {}

    /**
     * What a TCP header says.
     *
     * @param options a multiple of four bytes
     */
    record Tcp(int seq, int ack, int flags, int window, byte[] options) {}

    static byte[] tcp(Ends ends, Tcp header, View payload) {
        int length = TCP_HEADER + header.options.length;
        var tcp = ByteBuffer.allocate(length + payload.length());
        putPorts(tcp, ends)
                .putInt(header.seq)
                .putInt(header.ack)
                .put((byte) (length / 4 << 4))
                .put((byte) header.flags)
                .putShort((short) header.window)
                .putInt(0)
                .put(header.options)
                .put(payload.buffer().duplicate());
        return packet(ends, Transported.TCP, tcp.array(), TCP_CHECKSUM);
    }

    static byte[] udp(Ends ends, View payload) {
        int length = UDP_HEADER + payload.length();
        var udp = ByteBuffer.allocate(length);
        putPorts(udp, ends)
                .putShort((short) length)
                .putShort((short) 0)
                .put(payload.buffer().duplicate());
        return packet(ends, Transported.UDP, udp.array(), UDP_CHECKSUM);
    }

    private static ByteBuffer putPorts(ByteBuffer header, Ends ends) {
        return header.putShort((short) ends.source().getPort())
                .putShort((short) ends.target().getPort());
    }

    private static byte[] packet(Ends ends, int protocol, byte[] carried, int checksumAt) {
        var source = ends.source().getAddress().getAddress();
        var target = ends.target().getAddress().getAddress();
        // Both are of one family: of a pair, the one of IPv4 is written as IPv6 has it.
        boolean ip4 = source.length == 4 && target.length == 4;
        source = ip4 ? source : ip6(ends.source().getAddress());
        target = ip4 ? target : ip6(ends.target().getAddress());
        long sum = sum(source) + sum(target) + protocol + carried.length + sum(carried);
        int checksum = fold(sum);
        // To UDP, zero says that there is none.
        if (checksum == 0 && protocol == Transported.UDP) checksum = SHORT;
        ByteBuffer.wrap(carried).putShort(checksumAt, (short) checksum);
        return ip4
                ? ip4(source, target, protocol, carried)
                : ip6(source, target, protocol, carried);
    }

    private static byte[] ip4(byte[] source, byte[] target, int protocol, byte[] carried) {
        int length = IP4_HEADER + carried.length;
        var ip =
                ByteBuffer.allocate(length)
                        .put((byte) 0x45)
                        .put((byte) 0)
                        .putShort((short) length)
                        .putShort((short) 0)
                        .putShort((short) DONT_FRAGMENT)
                        .put((byte) TTL)
                        .put((byte) protocol)
                        .putShort((short) 0)
                        .put(source)
                        .put(target);
        int checksum = fold(sum(ip.array()));
        return ip.putShort(10, (short) checksum).put(carried).array();
    }

    private static byte[] ip6(byte[] source, byte[] target, int protocol, byte[] carried) {
        return ByteBuffer.allocate(IP6_HEADER + carried.length)
                .putInt(0x60000000)
                .putShort((short) carried.length)
                .put((byte) protocol)
                .put((byte) TTL)
                .put(source)
                .put(target)
                .put(carried)
                .array();
    }

    /** ::ffff:a.b.c.d, or what is of IPv6 already. */
    private static byte[] ip6(InetAddress address) {
        var bytes = address.getAddress();
        if (bytes.length == 16) return bytes;
        return ByteBuffer.allocate(16).putShort(10, (short) SHORT).put(12, bytes).array();
    }

    /** Of all pairs of bytes; a last one alone has a zero behind it. */
    static long sum(byte[] bytes) {
        long sum = 0;
        for (int k = 0; k < bytes.length; k++) {
            int value = bytes[k] & 0xff;
            sum += k % 2 == 0 ? value << 8 : value;
        }
        return sum;
    }

    /** The checksum of the Internet (RFC 1071). */
    static int fold(long sum) {
        long folded = sum;
        while (folded > SHORT) folded = (folded & SHORT) + (folded >> 16);
        return (int) ~folded & SHORT;
    }
}
