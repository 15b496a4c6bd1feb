package io.jsockmap.sockmap.receive;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.sockmap.UserObject;
import io.jsockmap.sockmap.map.AttachType;
import io.jsockmap.sockmap.map.UserSockMap;
import io.jsockmap.sockmap.network.Bytes;
import io.jsockmap.sockmap.network.Connection;
import io.jsockmap.sockmap.network.NetworkTest;
import io.jsockmap.sockmap.socket.Delivery;
import io.jsockmap.sockmap.socket.Ingress;
import io.jsockmap.sockmap.socket.Limits;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.ArrayList;
import java.util.List;

/** What a parser's answer does: the table of outcomes of C42. */
@DisplayName("C42: a parser's answers")
class FramingTest extends NetworkTest {
    private UserObject object;
    private UserSockMap sockets;
    private Connection source;

    FramingTest() {
        // What a parser sees at each run depends on the pieces.
        super(Limits.DEFAULT, Delivery.KERNEL);
    }

    @BeforeEach
    void load() {
        object = network.load("c42-parser");
        sockets = object.sockMap("sockets");
        sockets.attach(object.program("parse"), AttachType.SK_SKB_STREAM_PARSER);
        sockets.attach(object.program("pass"), AttachType.SK_SKB_STREAM_VERDICT);
        source = network.accepted();
        sockets.update(0, source.socket(), UpdateFlag.ANY);
    }

    /** The parser returns 0 below so many bytes, and then this. */
    private void parserAnswers(int below, int answer) {
        object.map("answer").update(Bytes.u32(0), Bytes.u32(answer), UpdateFlag.ANY);
        object.map("answer").update(Bytes.u32(1), Bytes.u32(below), UpdateFlag.ANY);
    }

    private long runs(int index) {
        return Bytes.number(object.map("runs").lookup(Bytes.u32(index)).orElseThrow());
    }

    private List<Long> recorded(String map, int index) {
        List<Long> values = new ArrayList<>();
        for (int i = 0; i < runs(index); i++) {
            values.add(Bytes.number(object.map(map).lookup(Bytes.u32(i)).orElseThrow()));
        }
        return values;
    }

    private String order() {
        var letters = new StringBuilder();
        recorded("order", 2).forEach(letter -> letters.append((char) letter.intValue()));
        return letters.toString();
    }

    @Test
    @DisplayName("K6, K8: an entry that brings only an sk_msg program leaves framing alone")
    void framingGoesOnAcrossAnEntryOfAnotherKind() {
        parserAnswers(0, 10);
        var other = network.load("flags");
        var senders = other.sockMap("targets");
        senders.attach(other.program("msg_map"), AttachType.SK_MSG_VERDICT);

        source.peer().sends("abc");
        senders.update(0, source.socket(), UpdateFlag.ANY);
        source.peer().sends("defghij");

        assertThat(runs(0)).isOne();
        assertThat(source.reads()).isEqualTo("abcdefghij");
    }

    @Test
    @DisplayName("K7: as long as the receive buffer is accepted, a byte longer is EMSGSIZE")
    void longestMessage() {
        int longest = Limits.DEFAULT.receiveBytes();
        parserAnswers(0, longest);
        source.peer().sends("a");
        source.peer().sends(Bytes.pattern(longest - 1));
        assertThat(source.reads()).hasSize(longest);

        parserAnswers(0, longest + 1);
        source.peer().sends("b");
        failsOnceWith(Errno.EMSGSIZE.number());
    }

    @Test
    @DisplayName("K7: a length that does not reach the newest buffer is EPROTO")
    void lengthThatWasThereBefore() {
        parserAnswers(10, 5);

        source.peer().sends("12345");
        source.peer().sends("67890");

        failsOnceWith(Errno.EPROTO.number());
        assertThat(source.account().receive().dropped()).as("gathered before").isEqualTo(5);
        assertThat(source.account().receive().held()).as("newest buffer").isEqualTo(5);
    }

    @ParameterizedTest
    @DisplayName("K8: any negative number is the error, -1000 too")
    @CsvSource({"-1, 1", "-71, 71", "-1000, 1000", "-2147483648, 2147483647"})
    void negativeAnswers(int answer, int errno) {
        parserAnswers(0, answer);

        source.peer().sends("nonsense");

        failsOnceWith(errno);
        assertThat(runs(1)).as("runs of the verdict").isZero();
    }

    private void failsOnceWith(int errno) {
        assertThat(source.reads()).isEmpty();
        assertThat(source.outcome()).isEqualTo(new Ingress.Failed(errno));
        assertThat(source.read(1)).as("reported once").isEqualTo(new Ingress.Nothing());
    }

    @Test
    @DisplayName("C42: a parser that answers 0 for ever is found out when the buffer is full")
    void stuckParser() {
        parserAnswers(Integer.MAX_VALUE, 0);

        source.peer().sendsInPieces(Bytes.pattern(Limits.DEFAULT.receiveBytes()), 10_000);

        failsOnceWith(Errno.EMSGSIZE.number());
        assertThat(network.losses()).singleElement().asString().contains("can't be framed");
    }

    @Test
    @DisplayName("K13, F13: an incomplete message at the end of stream is counted and reported")
    void incompleteMessageAtTheEnd() {
        parserAnswers(0, 10);
        source.peer().sends("0123456789half");
        source.peer().closes();

        assertThat(source.reads()).isEqualTo("0123456789");
        assertThat(source.outcome()).isEqualTo(new Ingress.End());
        assertThat(source.account().receive().dropped()).isEqualTo(4);
        assertThat(network.losses())
                .containsExactly("4 bytes: incomplete message at the end of stream");
    }

    @Test
    @DisplayName("F15: bytes that came before the insertion are framed at once")
    void earlyBytesAreFramed() {
        parserAnswers(0, 2);
        var late = network.accepted();
        late.peer().sendsInPieces("aabbc", 1);

        sockets.update(1, late.socket(), UpdateFlag.ANY);

        assertThat(order()).isEqualTo("PVPVP");
        assertThat(late.reads()).isEqualTo("aabb");
        assertThat(late.outcome()).isEqualTo(new Ingress.Nothing());
    }

    @Test
    @DisplayName("K9: a message that is begun and not complete in time ends framing with ETIMEDOUT")
    void timeOut() {
        parserAnswers(0, 10);
        source.peer().sends("0123456789half");

        source.socket().receiveTimedOut();

        assertThat(source.reads(10)).as("complete ones stay").isEqualTo("0123456789");
        failsOnceWith(Errno.ETIMEDOUT.number());
        assertThat(source.account().receive().dropped()).isEqualTo(4);
        assertThat(network.losses())
                .containsExactly("4 bytes: part of a message that can't be framed");
        source.peer().sends("later");
        assertThat(runs(0)).as("no run any more").isEqualTo(2);
        sockets.delete(0);
        assertThat(source.reads()).isEqualTo("later");
    }

    @Test
    @DisplayName("K9: so does one whose length the parser does not know yet")
    void timeOutOfUnknownLength() {
        parserAnswers(100, 100);
        source.peer().sends("half");

        source.socket().receiveTimedOut();

        failsOnceWith(Errno.ETIMEDOUT.number());
        assertThat(source.account().receive().dropped()).isEqualTo(4);
    }

    @Test
    @DisplayName("K9: between two messages, and where nothing is framed, no time is over")
    void noTimeOut() {
        parserAnswers(0, 4);
        source.peer().sends("full");
        source.socket().receiveTimedOut();
        source.peer().sends("more");
        assertThat(source.reads()).isEqualTo("fullmore");

        var plain = network.accepted();
        plain.peer().sends("half");
        plain.socket().receiveTimedOut();
        assertThat(plain.reads()).isEqualTo("half");
        assertThat(network.losses()).isEmpty();
    }

    @Test
    @DisplayName(
            "K8: inserted again after an error, the socket is framed anew from the oldest byte")
    void insertedAgainAfterAnError() {
        parserAnswers(0, -1);
        source.peer().sends("full");
        assertThat(source.read(1)).isEqualTo(new Ingress.Failed(1));
        parserAnswers(0, 4);

        sockets.delete(0);
        sockets.update(0, source.socket(), UpdateFlag.ANY);
        source.peer().sends("more");

        assertThat(recorded("verdict_lens", 1)).containsExactly(4L, 4L);
        assertThat(source.reads()).isEqualTo("fullmore");
    }
}
