package io.jsockmap.testkit.pcap;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.testkit.pcap.Transported.Ends;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Instant;
import java.util.HexFormat;

/** What stands in front of TCP and UDP: headers of links, of IPv4 and of IPv6. */
class LinkTypesTest {
    private static final Ends ENDS_6 =
            new Ends(
                    new InetSocketAddress("2001:db8::2", 40_000),
                    new InetSocketAddress("2001:db8::1", 53));
    private static final byte[] IP4 = IpBytes.udp(Exchange.ENDS, View.of(Captures.bytes("hello")));
    private static final byte[] IP6 = IpBytes.udp(ENDS_6, View.of(Captures.bytes("hello")));
    private static final String MACS = "0102030405060708090a0b0c";

    private static byte[] join(byte[] first, byte[] second) {
        return ByteBuffer.allocate(first.length + second.length).put(first).put(second).array();
    }

    private static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits.replace("macs", MACS).replace(" ", ""));
    }

    private static Capture read(int link, byte[] packet) throws Exception {
        var file = new Captures.Classic(ByteOrder.LITTLE_ENDIAN, false, link);
        return Captures.read(file.packet(Instant.EPOCH, packet).file());
    }

    private static void assertHello(Capture capture) {
        assertThat(capture.notes()).isEmpty();
        assertThat(Captures.text(capture.conversations().getFirst().sent(true))).isEqualTo("hello");
    }

    @ParameterizedTest
    @CsvSource({
        "1, macs 0800, 4",
        "1, macs 86dd, 6",
        "1, macs 8100 0007 0800, 4",
        "1, macs 88a8 0007 8100 2009 86dd, 6",
        "113, 0000 0304 0006 000000000000 0000 0800, 4",
        "113, 0004 0001 0006 010203040506 0000 86dd, 6",
        "113, 0004 0001 0006 010203040506 0000 8100 0005 86dd, 6",
        "276, 0800 0000 00000001 0304 00 06 0000000000000000, 4",
        "276, 86dd 0000 00000001 0304 00 06 0000000000000000, 6",
        "0, 00000002, 4",
        "0, 02000000, 4",
        "0, 1e000000, 6",
        "0, 0000000a, 6",
        "108, 00000002, 4",
        "108, 0000001c, 6"
    })
    void headersOfLinks(int link, String header, int version) throws Exception {
        assertHello(read(link, join(hex(header), version == 4 ? IP4 : IP6)));
    }

    @ParameterizedTest
    @CsvSource({"101, 4", "101, 6", "228, 4", "229, 6", "12, 4", "14, 6"})
    void rawPackets(int link, int version) throws Exception {
        assertHello(read(link, version == 4 ? IP4 : IP6));
    }

    @Test
    void whatFillsAFrameUpIsNoPartOfIt() throws Exception {
        assertHello(read(1, join(join(hex("macs 0800"), IP4), new byte[20])));
    }

    @ParameterizedTest
    @CsvSource({
        "1, macs 0806, not of IP",
        "1, macs 8100 0001, damaged: too short for its VLAN header",
        "1, 0102, damaged: too short for its Ethernet header",
        "113, 0102, damaged: too short for its cooked header",
        "0, 00000007 00, not of IP",
        "147, 00, 'of link type 147, which is not read'",
        "101, 20, damaged: neither IPv4 nor IPv6",
        "101, 45, damaged: too short for its IPv4 header",
        "101, 60, damaged: too short for its IPv6 header"
    })
    void whatIsNotReadIsNoted(int link, String packet, String note) throws Exception {
        var capture = read(link, hex(packet));
        assertThat(capture.conversations()).isEmpty();
        assertThat(capture.notes()).containsExactly("packet 1: " + note);
    }

    /** Its checksum is not right then, which nobody looks at. */
    @Test
    void optionsOfIp4ArePassedOver() throws Exception {
        var packet =
                ByteBuffer.allocate(IP4.length + 8)
                        .put(IP4, 0, 20)
                        .putLong(0x0101010101010101L)
                        .put(IP4, 20, IP4.length - 20);
        packet.put(0, (byte) 0x47).putShort(2, (short) (IP4.length + 8));
        assertHello(read(101, packet.array()));
    }

    @Test
    void alengthOfZeroIsThatOfThePacket() throws Exception {
        assertHello(read(101, ByteBuffer.wrap(IP4.clone()).putShort(2, (short) 0).array()));
    }

    @ParameterizedTest
    @CsvSource({"2000", "0001", "3fff"})
    void fragmentsOfIp4AreNotPutTogether(String field) throws Exception {
        var packet = ByteBuffer.wrap(IP4.clone()).put(6, hex(field)).array();
        assertThat(read(101, packet).notes())
                .containsExactly("packet 1: a fragment; fragments are not put together");
    }

    /** In front of UDP, each with what comes next: hop by hop, routing, options, AH. */
    @ParameterizedTest
    @CsvSource({
        "0, 1100010400000000",
        "43, 1102000000000000 0000000000000000 0000000000000000",
        "60, 2b00010400000000 1100000000000000",
        "51, 1101000000000001 00000002",
        "44, 1100000000000001",
        "0, 3c00010400000000 2c00010400000000 1100000000000009"
    })
    void extensionHeadersOfIp6ArePassedOver(int first, String headers) throws Exception {
        assertHello(read(101, extended(first, headers)));
    }

    private static byte[] extended(int first, String headers) {
        var extension = hex(headers);
        var packet =
                ByteBuffer.allocate(IP6.length + extension.length)
                        .put(IP6, 0, 40)
                        .put(extension)
                        .put(IP6, 40, IP6.length - 40);
        packet.putShort(4, (short) (IP6.length - 40 + extension.length)).put(6, (byte) first);
        return packet.array();
    }

    @ParameterizedTest
    @CsvSource({
        "44, 1100000100000001, a fragment; fragments are not put together",
        "44, 1100000800000001, a fragment; fragments are not put together",
        "0, 11ff010400000000, damaged: too short for its IPv6 header",
        "50, 1100000100000001, neither TCP nor UDP",
        "59, 1100000100000001, neither TCP nor UDP"
    })
    void whatIsNotReadOfIp6IsNoted(int first, String headers, String note) throws Exception {
        assertThat(read(101, extended(first, headers)).notes())
                .containsExactly("packet 1: " + note);
    }

    @Test
    void packetsOfOneNoteAreCounted() throws Exception {
        var file = new Captures.Classic(ByteOrder.LITTLE_ENDIAN, false, 147);
        for (int k = 0; k < 1003; k++) file.packet(Instant.EPOCH, new byte[] {1});
        assertThat(Captures.read(file.file()).notes())
                .containsExactly(
                        "packets 1, 2, 3 and 1,000 more: of link type 147, which is not read");
    }
}
