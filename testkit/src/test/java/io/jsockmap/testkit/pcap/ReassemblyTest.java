package io.jsockmap.testkit.pcap;

import static io.jsockmap.testkit.pcap.Exchange.ACK;
import static io.jsockmap.testkit.pcap.Exchange.ENDS;
import static io.jsockmap.testkit.pcap.Exchange.FIN;
import static io.jsockmap.testkit.pcap.Exchange.RST;
import static io.jsockmap.testkit.pcap.Exchange.SYN;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.util.List;

/** TCP streams put together from segments as networks and captures deliver them. */
class ReassemblyTest {
    private static String client(Conversation conversation) {
        return Captures.text(conversation.sent(true));
    }

    private static String server(Conversation conversation) {
        return Captures.text(conversation.sent(false));
    }

    @Test
    void aWholeConnectionHasBothStreamsTheirEndsAndNoNotes() throws Exception {
        var whole =
                new Exchange()
                        .handshake()
                        .client(ACK, 1000, 5000, "question")
                        .server(ACK, 5000, 1008, "answer")
                        .client(FIN | ACK, 1008, 5006, "")
                        .server(FIN | ACK, 5006, 1009, "")
                        .client(ACK, 1009, 5007, "")
                        .conversation();
        assertThat(client(whole)).isEqualTo("question");
        assertThat(server(whole)).isEqualTo("answer");
        assertThat(whole.client()).isEqualTo(ENDS.source());
        assertThat(whole.server()).isEqualTo(ENDS.target());
        assertThat(whole.openingSeen()).isTrue();
        assertThat(whole.ending()).isEqualTo(Ending.CLOSED);
        assertThat(whole.notes()).isEmpty();
    }

    @Test
    void whatIsSentAgainCountsOnce() throws Exception {
        var again =
                new Exchange()
                        .handshake()
                        .client(ACK, 1000, 5000, "abc")
                        .client(ACK, 1000, 5000, "abc")
                        .client(ACK, 1001, 5000, "bcde")
                        .conversation();
        assertThat(client(again)).isEqualTo("abcde");
        assertThat(again.pieces()).extracting(Piece::packet).containsExactly(4L, 6L);
        assertThat(again.notes()).isEmpty();
    }

    @Test
    void whatComesTooEarlyWaitsForWhatIsBeforeIt() throws Exception {
        var mixed =
                new Exchange()
                        .handshake()
                        .client(ACK, 1006, 5000, "ghi")
                        .client(ACK, 1003, 5000, "defg")
                        .client(FIN | ACK, 1009, 5000, "")
                        .client(ACK, 1000, 5000, "abc")
                        .conversation();
        assertThat(client(mixed)).isEqualTo("abcdefghi");
        assertThat(mixed.pieces())
                .extracting(Piece::toString)
                .containsExactly(
                        "packet 7: 3 bytes from the client",
                        "packet 5: 4 bytes from the client",
                        "packet 4: 2 bytes from the client");
        assertThat(mixed.ending()).isEqualTo(Ending.CLIENT_ENDED);
    }

    @Test
    void whereBytesAreMissingTheStreamIsCutAndTheOtherGoesOn() throws Exception {
        var gap =
                new Exchange()
                        .handshake()
                        .client(ACK, 1000, 5000, "abc")
                        .client(ACK, 1013, 5000, "nop")
                        .client(FIN | ACK, 1016, 5000, "")
                        .server(ACK, 5000, 1017, "answer")
                        .conversation();
        assertThat(client(gap)).isEqualTo("abc");
        assertThat(server(gap)).isEqualTo("answer");
        assertThat(gap.ending()).isEqualTo(Ending.OPEN);
        assertThat(gap.notes())
                .containsExactly(
                        "client to server: bytes 3 to 12 are missing (before packet 5): the stream"
                                + " is cut there");
    }

    @Test
    void anAcknowledgementTellsOfBytesThatTheCaptureNeverHad() throws Exception {
        var gap =
                new Exchange()
                        .handshake()
                        .client(ACK, 1000, 5000, "abc")
                        .server(ACK, 5000, 1010, "")
                        .conversation();
        assertThat(gap.notes())
                .containsExactly(
                        "client to server: bytes 3 to 9 are missing: the stream is cut there");
    }

    @Test
    void anEndThatIsAcknowledgedButWasNotCapturedIsNotTakenForAByte() throws Exception {
        var ended =
                new Exchange()
                        .handshake()
                        .client(ACK, 1000, 5000, "abc")
                        .server(ACK, 5000, 1004, "")
                        .conversation();
        assertThat(ended.notes()).isEmpty();
    }

    @Test
    void oneMissingByteIsToldAsOne() throws Exception {
        var gap = new Exchange().handshake().client(ACK, 1001, 5000, "bc").conversation();
        assertThat(gap.pieces()).isEmpty();
        assertThat(gap.notes())
                .containsExactly(
                        "client to server: byte 0 is missing (before packet 4): the stream is cut"
                                + " there");
    }

    @Test
    void sequenceNumbersWrapAround() throws Exception {
        var wrapped =
                new Exchange()
                        .client(SYN, -4, 0, "")
                        .server(SYN | ACK, 0x7ffffffe, -3, "")
                        .client(ACK, 2, 0x7fffffff, "fgh")
                        .client(ACK, -3, 0x7fffffff, "abcde")
                        .server(ACK, 0x7fffffff, 5, "xy")
                        .server(ACK, 0x80000001, 5, "z")
                        .conversation();
        assertThat(client(wrapped)).isEqualTo("abcdefgh");
        assertThat(server(wrapped)).isEqualTo("xyz");
        assertThat(wrapped.notes()).isEmpty();
    }

    @Test
    void aCaptureThatBeginsInTheMiddleTakesTheUpperPortForTheClient() throws Exception {
        var middle =
                new Exchange()
                        .server(ACK, 77, 1000, "nswer")
                        .client(ACK, 1000, 82, "more")
                        .conversation();
        assertThat(middle.openingSeen()).isFalse();
        assertThat(middle.client()).isEqualTo(ENDS.source());
        assertThat(server(middle)).isEqualTo("nswer");
        assertThat(client(middle)).isEqualTo("more");
    }

    @Test
    void aCaptureThatBeginsWithTheAnswerToASynKnowsWhoOpened() throws Exception {
        var late =
                new Exchange()
                        .server(SYN | ACK, 4999, 1000, "")
                        .client(ACK, 1003, 5000, "def")
                        .client(ACK, 1000, 5000, "abc")
                        .conversation();
        assertThat(late.openingSeen()).isTrue();
        assertThat(late.client()).isEqualTo(ENDS.source());
        assertThat(client(late)).isEqualTo("abcdef");
    }

    @Test
    void bytesMayComeWithTheSyn() throws Exception {
        var fast =
                new Exchange()
                        .client(SYN, 999, 0, "early")
                        .server(SYN | ACK, 4999, 1005, "")
                        .client(ACK, 1005, 5000, "!")
                        .conversation();
        assertThat(client(fast)).isEqualTo("early!");
    }

    @Test
    void aResetEndsBothDirectionsAndWhatComesBehindIsTold() throws Exception {
        var reset =
                new Exchange()
                        .handshake()
                        .client(ACK, 1000, 5000, "abc")
                        .server(RST | ACK, 5000, 1003, "")
                        .client(ACK, 1003, 5000, "def")
                        .conversation();
        assertThat(reset.ending()).isEqualTo(Ending.SERVER_RESET);
        assertThat(client(reset)).isEqualTo("abc");
        assertThat(reset.notes()).containsExactly("packet 6: sent after the reset, left out");
    }

    @Test
    void aRefusedConnectionIsAConversationWithoutBytes() throws Exception {
        var refused =
                new Exchange()
                        .client(SYN, 999, 0, "")
                        .server(RST | ACK, 0, 1000, "")
                        .conversation();
        assertThat(refused.pieces()).isEmpty();
        assertThat(refused.ending()).isEqualTo(Ending.SERVER_RESET);
    }

    @Test
    void theSamePortsUsedAgainAreAnotherConversation() throws Exception {
        var both =
                new Exchange()
                        .handshake()
                        .client(ACK, 1000, 5000, "one")
                        .client(FIN | ACK, 1003, 5000, "")
                        .client(SYN, 70_000, 0, "")
                        .client(SYN, 70_000, 0, "")
                        .server(SYN | ACK, 90_000, 70_001, "")
                        .client(ACK, 70_001, 90_001, "two")
                        .capture();
        assertThat(both.conversations())
                .extracting(ReassemblyTest::client)
                .containsExactly("one", "two");
    }

    @Test
    void moreThanMayWaitIsTakenForMissing() throws Exception {
        var limits = CaptureLimits.DEFAULT.withHeldBytes(8);
        var capture =
                new Exchange()
                        .handshake()
                        .client(ACK, 1001, 5000, "bcdefghij")
                        .client(ACK, 1000, 5000, "a")
                        .capture(limits);
        assertThat(capture.conversations().getFirst().notes())
                .containsExactly(
                        "client to server: byte 0 is missing (before packet 4): the stream is cut"
                                + " there");
    }

    @Test
    void whatIsMoreThanMemoryMayHoldIsALine() {
        var exchange = new Exchange().handshake().client(ACK, 1000, 5000, "abc");
        assertThatThrownBy(() -> exchange.capture(CaptureLimits.DEFAULT.withBytes(50)))
                .isInstanceOf(IOException.class)
                .hasMessage(
                        "made up: its conversations have more than 50 bytes: take a part of it, as"
                                + " by editcap");
        var other = Exchange.tcp(new Transported.Ends(ENDS.source(), ENDS.source()), SYN, 1, 0, "");
        assertThatThrownBy(
                        () ->
                                exchange.packet(other)
                                        .capture(CaptureLimits.DEFAULT.withConversations(1)))
                .hasMessageContaining("more than 1 conversations");
    }

    @Test
    void aSegmentOfWhichTheEndWasNotCapturedIsFilledByTheOneThatIsSentAgain() throws Exception {
        var packet = Exchange.tcp(ENDS, ACK, 1000, 5000, "abcdef");
        var cut = new Exchange().handshake().cut(packet, 43);
        assertThat(client(cut.conversation())).isEqualTo("abc");
        assertThat(cut.conversation().notes())
                .containsExactly(
                        "packet 4: cut off by the capture within what it brings",
                        "client to server: bytes 3 to 5 are missing: the stream is cut there");
        assertThat(client(cut.packet(packet).conversation())).isEqualTo("abcdef");
    }

    @Test
    void headersThatAreCutOffAreNotedAndOtherPacketsRead() throws Exception {
        var packet = Exchange.tcp(ENDS, ACK, 1000, 5000, "abcdef");
        var capture =
                new Exchange()
                        .handshake()
                        .cut(packet, 30)
                        .cut(packet, 10)
                        .cut(packet, 35)
                        .capture();
        assertThat(capture.notes())
                .isEqualTo(
                        List.of(
                                "packets 4, 6: cut off by the capture within the TCP header",
                                "packet 5: cut off by the capture within the IPv4 header"));
        assertThat(capture.conversations()).hasSize(1);
    }
}
