package io.jsockmap.testkit.pcap;

import java.net.InetAddress;
import java.net.UnknownHostException;

/**
 * What IP carries.
 *
 * @param source who sent it
 * @param target to whom
 * @param protocol of what is carried
 * @param payload what is carried, as far as it was captured
 * @param missing bytes behind it that were not
 */
record IpPacket(InetAddress source, InetAddress target, int protocol, View payload, int missing) {
    private static final int IP4_HEADER = 20;
    private static final int IP6_HEADER = 40;
    private static final int IP6_FRAGMENT = 44;
    private static final int IP6_AUTHENTICATION = 51;

    /** Of IPv4: more fragments, or an offset. */
    private static final int IS_FRAGMENT = 0x3fff;

    /** Of IPv6: an offset, or more fragments. */
    private static final int IS_FRAGMENT_6 = 0xfff9;

    /**
     * @param cut whether the capture has only the beginning of the packet
     * @param length bytes that there were from here on, captured or not
     */
    static IpPacket of(View bytes, boolean cut, long length) throws Unreadable {
        if (!bytes.has(1)) throw Unreadable.tooShort("IP", cut);
        return switch (bytes.u8(0) >> 4) {
            case 4 -> ofIp4(bytes, cut, length);
            case 6 -> ofIp6(bytes, cut, length);
            default -> throw new Unreadable("damaged: neither IPv4 nor IPv6");
        };
    }

    private static IpPacket ofIp4(View bytes, boolean cut, long length) throws Unreadable {
        if (!bytes.has(IP4_HEADER)) throw Unreadable.tooShort("IPv4", cut);
        int header = (bytes.u8(0) & 0xf) * 4;
        if (header < IP4_HEADER) throw new Unreadable("damaged: its IPv4 header is too short");
        if (!bytes.has(header)) throw Unreadable.tooShort("IPv4", cut);
        // Of what a card is to cut up later the length may be left open.
        long total = bytes.u16(2) == 0 ? length : bytes.u16(2);
        if (total < header) throw new Unreadable("damaged: its length is less than its header");
        if ((bytes.u16(6) & IS_FRAGMENT) != 0) {
            throw new Unreadable("a fragment; fragments are not put together");
        }
        var source = address(bytes.from(12).first(4));
        var target = address(bytes.from(16).first(4));
        var payload = bytes.first((int) Math.min(total, Packet.LONGEST)).from(header);
        int missing = (int) (Math.min(total, Packet.LONGEST) - header - payload.length());
        return new IpPacket(source, target, bytes.u8(9), payload, missing);
    }

    private static IpPacket ofIp6(View bytes, boolean cut, long length) throws Unreadable {
        if (!bytes.has(IP6_HEADER)) throw Unreadable.tooShort("IPv6", cut);
        long carried = bytes.u16(4) == 0 ? length - IP6_HEADER : bytes.u16(4);
        int total = (int) Math.min(carried, Packet.LONGEST);
        var rest = bytes.from(IP6_HEADER).first(total);
        int missing = total - rest.length();
        int next = bytes.u8(6);
        while (isExtension(next)) {
            if (!rest.has(8)) throw Unreadable.tooShort("IPv6", cut);
            if (next == IP6_FRAGMENT && (rest.u16(2) & IS_FRAGMENT_6) != 0) {
                throw new Unreadable("a fragment; fragments are not put together");
            }
            int skipped = extensionLength(next, rest);
            if (!rest.has(skipped)) throw Unreadable.tooShort("IPv6", cut);
            next = rest.u8(0);
            rest = rest.from(skipped);
        }
        var source = address(bytes.from(8).first(16));
        var target = address(bytes.from(24).first(16));
        return new IpPacket(source, target, next, rest, missing);
    }

    private static boolean isExtension(int next) {
        return switch (next) {
            // Hop by hop, routing, destination, mobility, host identity, shim.
            case 0, 43, 60, 135, 139, 140, IP6_FRAGMENT, IP6_AUTHENTICATION -> true;
            default -> false;
        };
    }

    private static int extensionLength(int kind, View header) {
        return switch (kind) {
            case IP6_FRAGMENT -> 8;
            case IP6_AUTHENTICATION -> (header.u8(1) + 2) * 4;
            default -> (header.u8(1) + 1) * 8;
        };
    }

    private static InetAddress address(View bytes) {
        try {
            return InetAddress.getByAddress(bytes.copy());
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }
}
