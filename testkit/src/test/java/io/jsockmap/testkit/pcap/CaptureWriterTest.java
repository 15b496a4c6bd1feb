package io.jsockmap.testkit.pcap;

import static io.jsockmap.testkit.pcap.Captures.bytes;
import static io.jsockmap.testkit.pcap.Captures.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jsockmap.testkit.pcap.CaptureWriter.Settings;
import io.jsockmap.testkit.pcap.Transported.Segment;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** What is written can be read again, here and by other tools. */
class CaptureWriterTest {
    private static final InetSocketAddress CLIENT = new InetSocketAddress("10.0.0.2", 40_000);
    private static final InetSocketAddress SERVER = new InetSocketAddress("10.0.0.1", 80);
    private static final Instant START = Instant.parse("2024-01-02T03:04:05.000000006Z");

    private final ByteArrayOutputStream file = new ByteArrayOutputStream();

    private CaptureWriter writer(Settings settings) {
        return new CaptureWriter(file, settings);
    }

    private static ByteBuffer buffer(String text) {
        return ByteBuffer.wrap(bytes(text));
    }

    private Capture read() throws IOException {
        var capture = Captures.read(file.toByteArray());
        assertThat(capture.notes()).isEmpty();
        return capture;
    }

    private Conversation only() throws IOException {
        var all = read().conversations();
        assertThat(all).hasSize(1);
        return all.getFirst();
    }

    private List<Packet> packets() throws IOException {
        var source =
                PacketSource.of(new Input(new ByteArrayInputStream(file.toByteArray()), "file"));
        List<Packet> packets = new ArrayList<>();
        for (var next = source.next(); next.isPresent(); next = source.next()) {
            packets.add(next.get());
        }
        return packets;
    }

    private List<Segment> segments() throws Exception {
        List<Segment> segments = new ArrayList<>();
        for (var packet : packets()) segments.add((Segment) Transported.of(packet));
        return segments;
    }

    @ParameterizedTest
    @CsvSource({"10.0.0.2, 10.0.0.1", "2001:db8::2, 2001:db8::1", "::1, 127.0.0.1"})
    void aConnectionComesBackAsItWas(String client, String server) throws Exception {
        var from = new InetSocketAddress(client, 40_000);
        var to = new InetSocketAddress(server, 80);
        try (var writer = writer(Settings.DEFAULT)) {
            var connection = writer.open(from, to, START);
            connection.sent(true, buffer("question"), START.plusNanos(1));
            connection.sent(false, buffer("answer"), START.plusNanos(2));
            connection.ended(true, START.plusNanos(3));
            connection.sent(false, buffer(", late"), START.plusNanos(4));
            connection.ended(false, START.plusNanos(5));
        }
        var read = only();
        assertThat(read.client()).isEqualTo(from);
        assertThat(read.server()).isEqualTo(to);
        assertThat(read.openingSeen()).isTrue();
        assertThat(read.notes()).isEmpty();
        assertThat(read.pieces())
                .extracting(piece -> text(piece.bytes()))
                .containsExactly("question", "answer", ", late");
        assertThat(read.pieces().getLast().time()).isEqualTo(START.plusNanos(4));
        assertThat(read.ending()).isEqualTo(Ending.CLOSED);
        assertThat(read.ends().getFirst().afterPieces()).isEqualTo(2);
    }

    /** RFC 1071: with the checksum itself the sum of all is all ones. */
    @ParameterizedTest
    @CsvSource({"10.0.0.2, 10.0.0.1", "2001:db8::2, 2001:db8::1"})
    void checksumsAreRight(String source, String target) throws Exception {
        var from = new InetSocketAddress(source, 40_000);
        var to = new InetSocketAddress(target, 80);
        try (var writer = writer(Settings.DEFAULT)) {
            var connection = writer.open(from, to, START);
            connection.sent(true, buffer("an odd number of bytes!"), START);
            connection.reset(false, START);
            writer.datagram(from, to, buffer("a datagram"), START, List.of());
            writer.datagram(to, from, buffer(""), START, List.of());
        }
        var packets = packets();
        assertThat(packets).hasSize(7);
        for (var packet : packets) {
            var bytes = packet.bytes();
            var ip = IpPacket.of(bytes, false, packet.length());
            var carried = ip.payload().copy();
            long sum =
                    IpBytes.sum(ip.source().getAddress())
                            + IpBytes.sum(ip.target().getAddress())
                            + ip.protocol()
                            + carried.length
                            + IpBytes.sum(carried);
            assertThat(IpBytes.fold(sum)).isZero();
            if (bytes.u8(0) >> 4 == 4) {
                assertThat(IpBytes.fold(IpBytes.sum(bytes.first(20).copy()))).isZero();
            }
        }
    }

    /** The example of RFC 1071, section 3. */
    @Test
    void checksumsAreThoseOfTheInternet() {
        var words =
                new byte[] {
                    0, 1, (byte) 0xf2, 3, (byte) 0xf4, (byte) 0xf5, (byte) 0xf6, (byte) 0xf7
                };
        assertThat(IpBytes.fold(IpBytes.sum(words))).isEqualTo(~0xddf2 & 0xffff);
    }

    @Test
    void noSegmentIsLongerThanSaidAndNumbersFollowEachOther() throws Exception {
        try (var writer = writer(Settings.DEFAULT.withSegmentBytes(100))) {
            writer.open(CLIENT, SERVER, START).sent(false, ByteBuffer.allocate(1050), START);
        }
        assertThat(segments().stream().map(segment -> segment.payload().length()))
                .containsExactly(0, 0, 0, 100, 100, 100, 100, 100, 100, 100, 100, 100, 100, 50);
        int next = 1;
        for (var segment : segments().subList(3, 14)) {
            assertThat(segment.seq()).isEqualTo(next);
            assertThat(segment.ack()).isEqualTo(1);
            next += segment.payload().length();
        }
        assertThatThrownBy(() -> Settings.DEFAULT.withSegmentBytes(65_496))
                .hasMessage("a segment carries 1 to 65495 bytes, not 65496");
    }

    @Test
    void longStreamsAreAnsweredNowAndThen() throws Exception {
        try (var writer = writer(Settings.DEFAULT)) {
            writer.open(CLIENT, SERVER, START).sent(true, ByteBuffer.allocate(1_000_000), START);
        }
        var answers = segments().stream().filter(segment -> segment.ends().source().equals(SERVER));
        assertThat(answers.map(Segment::ack)).containsExactly(1, 327_476, 654_951, 982_426);
        assertThat(only().sent(true)).hasSize(1_000_000);
    }

    @Test
    void aResetIsTheEndOfBothSides() throws Exception {
        try (var writer = writer(Settings.DEFAULT)) {
            var connection = writer.open(CLIENT, SERVER, START);
            connection.reset(false, START);
            connection.reset(true, START);
            assertThat(connection.isEnded(true)).isTrue();
            assertThatThrownBy(() -> connection.sent(true, buffer("x"), START))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("the client has ended its stream");
        }
        assertThat(only().ending()).isEqualTo(Ending.SERVER_RESET);
        assertThat(only().ends()).hasSize(1);
    }

    @Test
    void datagramsKeepTheirLimits() throws Exception {
        try (var writer = writer(Settings.DEFAULT)) {
            writer.datagram(CLIENT, SERVER, buffer("one"), START, List.of());
            writer.datagram(SERVER, CLIENT, buffer(""), START, List.of("empty"));
            writer.datagram(CLIENT, SERVER, ByteBuffer.allocate(100_000), START, List.of());
        }
        var read = only();
        assertThat(read.pieces())
                .extracting(piece -> piece.bytes().length)
                .containsExactly(3, 0, 65_507);
        assertThat(read.remarks())
                .containsExactly(
                        new Remark(2, "empty"), new Remark(3, "the first 65,507 of 100,000 bytes"));
    }

    @Test
    void unixSocketsGetAddressesOfLoopbackAndACommentSaysWhich() throws Exception {
        var path = UnixDomainSocketAddress.of("/run/app.sock");
        try (var writer = writer(Settings.DEFAULT)) {
            for (int k = 0; k < 2; k++) {
                writer.open(UnixDomainSocketAddress.of(""), path, START)
                        .sent(true, buffer("hello"), START);
            }
        }
        var both = read().conversations();
        assertThat(both).extracting(c -> text(c.sent(true))).containsExactly("hello", "hello");
        assertThat(both.getLast().client()).isEqualTo(new InetSocketAddress("127.2.0.0", 1025));
        assertThat(both.getLast().server()).isEqualTo(new InetSocketAddress("127.1.0.1", 1));
        assertThat(both.getFirst().remarks())
                .containsExactly(
                        new Remark(
                                1,
                                "127.2.0.0:1024 is made up: it stands for a socket without a name"),
                        new Remark(1, "127.1.0.1:1 is made up: it stands for /run/app.sock"));
    }

    @Test
    void aRemarkIsOnTheMessageOrBehindItOrOnTheNext() throws Exception {
        try (var writer = writer(Settings.DEFAULT)) {
            var one = writer.open(CLIENT, SERVER, START);
            one.sent(true, buffer("one"), START);
            one.remark(true, "on the message", START);
            one.remarkNext(false, "on the next");
            one.sent(false, buffer("two"), START);
            var other = writer.open(new InetSocketAddress("10.0.0.3", 1), SERVER, START);
            one.remark(false, "behind it", START);
            other.remarkNext(true, "at last");
            other.finish(START);
        }
        var both = read().conversations();
        assertThat(both.getFirst().remarks())
                .containsExactly(
                        new Remark(4, "on the message"),
                        new Remark(5, "on the next"),
                        new Remark(9, "behind it"));
        assertThat(both.getLast().remarks()).containsExactly(new Remark(10, "at last"));
    }

    @Test
    void atItsLimitTheFileIsWholeAndGrowsNoMore() throws Exception {
        try (var writer = writer(Settings.DEFAULT.withLimit(2000))) {
            var connection = writer.open(CLIENT, SERVER, START);
            while (!writer.isFull()) connection.sent(true, ByteBuffer.allocate(100), START);
            connection.sent(true, ByteBuffer.allocate(1), START);
        }
        assertThat(file.size()).isBetween(1800, 2000);
        assertThat(only().sent(true).length).isPositive().isLessThan(2000);
        assertThat(only().sent(true).length % 100).isZero();
    }

    @Test
    void afterAFlushTheFileIsWholeAndHasEverything() throws Exception {
        var writer = writer(Settings.DEFAULT);
        var connection = writer.open(CLIENT, SERVER, START);
        connection.sent(true, buffer("one"), START);
        writer.flush();
        assertThat(text(only().sent(true))).isEqualTo("one");
        connection.sent(true, buffer("two"), START);
        assertThat(text(only().sent(true))).isEqualTo("one");
        writer.close();
        writer.close();
        assertThat(text(only().sent(true))).isEqualTo("onetwo");
    }

    @Test
    void sequenceNumbersGoOnBehindTheirEnd() throws Exception {
        try (var writer = writer(Settings.DEFAULT)) {
            var connection = writer.open(CLIENT, SERVER, START, -3);
            connection.sent(true, buffer("abcdef"), START);
            connection.sent(true, buffer("ghi"), START);
        }
        assertThat(segments().getLast().seq()).isEqualTo(4);
        assertThat(text(only().sent(true))).isEqualTo("abcdefghi");
    }
}
