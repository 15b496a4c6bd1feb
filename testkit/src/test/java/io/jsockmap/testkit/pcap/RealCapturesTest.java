package io.jsockmap.testkit.pcap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoField;
import java.util.List;

/**
 * What tcpdump captured on loopback of curl, which asked nginx twice over IPv4 and once over IPv6,
 * and of a question by UDP that got two answers, one of them empty.
 */
class RealCapturesTest {
    private static String text(Conversation conversation, boolean fromClient) {
        return new String(conversation.sent(fromClient), StandardCharsets.US_ASCII);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "tcpdump-ethernet.pcap",
                "tcpdump-cooked-nanoseconds.pcap",
                "tcpdump-cooked2.pcap",
                "editcap-ethernet.pcapng"
            })
    void theConversationsOfASession(String name) throws Exception {
        var capture = Captures.read(name);
        assertThat(capture.packets()).isEqualTo(25);
        assertThat(capture.notes()).isEmpty();
        assertThat(capture.conversations()).hasSize(3);
        two(capture.conversations().get(0));
        sixth(capture.conversations().get(1));
        datagrams(capture.conversations().get(2));
    }

    private static void two(Conversation two) {
        assertThat(two)
                .hasToString(
                        "TCP 127.0.0.1:57132 -> 127.0.0.1:28473, 169 bytes and 330 back, CLOSED");
        assertThat(two.openingSeen()).isTrue();
        assertThat(two.notes()).isEmpty();
        assertThat(text(two, true))
                .startsWith("GET /first HTTP/1.1\r\nHost: 127.0.0.1:28473\r\n")
                .contains("\r\n\r\nGET /second HTTP/1.1\r\n");
        assertThat(text(two, false))
                .startsWith("HTTP/1.1 200 OK\r\n")
                .endsWith("hello from nginx\n");
        assertThat(two.pieces())
                .extracting(Piece::toString)
                .containsExactly(
                        "packet 4: 84 bytes from the client",
                        "packet 6: 165 bytes from the server",
                        "packet 8: 85 bytes from the client",
                        "packet 9: 165 bytes from the server");
        assertThat(two.ends())
                .extracting(StreamEnd::fromClient, StreamEnd::packet, StreamEnd::afterPieces)
                .containsExactly(tuple(true, 10L, 4), tuple(false, 11L, 4));
    }

    private static void sixth(Conversation sixth) {
        assertThat(sixth)
                .hasToString(
                        "TCP [0:0:0:0:0:0:0:1]:37350 -> [0:0:0:0:0:0:0:1]:28473, 80 bytes and 165"
                                + " back, CLOSED");
        assertThat(text(sixth, true)).startsWith("GET /sixth HTTP/1.1\r\n");
    }

    private static void datagrams(Conversation datagrams) {
        assertThat(datagrams.protocol()).isEqualTo(Protocol.UDP);
        assertThat(datagrams.ending()).isEqualTo(Ending.OPEN);
        assertThat(datagrams.pieces())
                .extracting(
                        Piece::fromClient,
                        piece -> new String(piece.bytes(), StandardCharsets.US_ASCII))
                .containsExactly(tuple(true, "question"), tuple(false, "answer"), tuple(false, ""));
    }

    @Test
    void timesAreAsTheFileHasThem() throws Exception {
        var micros = Captures.read("tcpdump-ethernet.pcap").conversations().getFirst();
        assertThat(micros.pieces().getFirst().time())
                .isEqualTo(Instant.parse("2026-11-28T05:55:35.064697Z"));
        var nanos = Captures.read("tcpdump-cooked-nanoseconds.pcap").conversations().getFirst();
        assertThat(nanos.pieces().getFirst().time().get(ChronoField.NANO_OF_SECOND) % 1000)
                .isNotZero();
    }

    @Test
    void theSameSessionByTwoInterfacesOfOneFileIsPutTogetherOnce() throws Exception {
        var capture = Captures.read("mergecap-two-interfaces.pcapng");
        assertThat(capture.packets()).isEqualTo(50);
        assertThat(capture.conversations()).hasSize(3);
        assertThat(text(capture.conversations().getFirst(), true))
                .isEqualTo(
                        text(
                                Captures.read("tcpdump-ethernet.pcap").conversations().getFirst(),
                                true));
        assertThat(capture.conversations().getFirst().notes()).isEmpty();
    }

    @Test
    void whereOnlyTheFirstHundredBytesWereCapturedEachStreamIsCutAndSaysWhere() throws Exception {
        var capture = Captures.read("tcpdump-first-100-bytes.pcap");
        assertThat(capture.notes()).isEmpty();
        var two = capture.conversations().getFirst();
        // 14 bytes of Ethernet, 20 of IP and 32 of TCP go off.
        assertThat(text(two, true)).isEqualTo("GET /first HTTP/1.1\r\nHost: 127.0.0");
        assertThat(two.notes())
                .isEqualTo(
                        List.of(
                                "packets 4, 6, 8 and 1 more: cut off by the capture within what it"
                                        + " brings",
                                "client to server: bytes 34 to 83 are missing (before packet 8):"
                                        + " the stream is cut there",
                                "server to client: bytes 34 to 164 are missing (before packet 9):"
                                        + " the stream is cut there"));
    }
}
