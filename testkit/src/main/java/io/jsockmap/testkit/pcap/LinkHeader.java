package io.jsockmap.testkit.pcap;

import java.util.Set;

/** What stands in front of IP, by the registry of link types. */
final class LinkHeader {
    static final int NULL = 0;
    static final int ETHERNET = 1;
    static final int RAW = 101;
    static final int LOOP = 108;
    static final int LINUX_SLL = 113;
    static final int IPV4 = 228;
    static final int IPV6 = 229;
    static final int LINUX_SLL2 = 276;

    /** Raw IP as some systems wrote it before it had a number. */
    private static final Set<Integer> OTHER_RAW = Set.of(12, 14);

    private static final int ETHERTYPE_IPV4 = 0x0800;
    private static final int ETHERTYPE_IPV6 = 0x86dd;
    private static final Set<Integer> VLAN = Set.of(0x8100, 0x88a8, 0x9100);

    private static final int AF_INET = 2;

    /** Linux, then the BSDs and Darwin. */
    private static final Set<Integer> AF_INET6 = Set.of(10, 24, 28, 30);

    private LinkHeader() {}

    /** The packet of IP behind it. */
    static View strip(Packet packet) throws Unreadable {
        var bytes = packet.bytes();
        boolean cut = packet.isCut();
        int link = OTHER_RAW.contains(packet.link()) ? RAW : packet.link();
        return switch (link) {
            case RAW, IPV4, IPV6 -> bytes;
            case ETHERNET -> ofType(need(bytes, 14, "Ethernet", cut), 12, 14, cut);
            case LINUX_SLL -> ofType(need(bytes, 16, "cooked", cut), 14, 16, cut);
            case LINUX_SLL2 -> ofType(need(bytes, 20, "cooked", cut), 0, 20, cut);
            case NULL, LOOP -> ofFamily(need(bytes, 4, "loopback", cut));
            default -> throw new Unreadable("of link type %d, which is not read".formatted(link));
        };
    }

    private static View need(View bytes, int count, String header, boolean cut) throws Unreadable {
        if (!bytes.has(count)) throw Unreadable.tooShort(header, cut);
        return bytes;
    }

    /** By an EtherType; any number of VLAN tags may stand between. */
    private static View ofType(View bytes, int typeAt, int headerLength, boolean cut)
            throws Unreadable {
        int type = bytes.u16(typeAt);
        var rest = bytes.from(headerLength);
        while (VLAN.contains(type)) {
            if (!rest.has(4)) throw Unreadable.tooShort("VLAN", cut);
            type = rest.u16(2);
            rest = rest.from(4);
        }
        if (type != ETHERTYPE_IPV4 && type != ETHERTYPE_IPV6) throw new Unreadable("not of IP");
        return rest;
    }

    /** In the order of the machine that captured, of which nothing is known. */
    private static View ofFamily(View bytes) throws Unreadable {
        int value = bytes.i32(0);
        int family = (value & 0xffff) == 0 ? Integer.reverseBytes(value) : value;
        if (family != AF_INET && !AF_INET6.contains(family)) throw new Unreadable("not of IP");
        return bytes.from(4);
    }
}
