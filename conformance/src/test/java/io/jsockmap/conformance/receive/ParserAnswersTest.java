package io.jsockmap.conformance.receive;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.Errno;
import io.jsockmap.conformance.lab.EngineTest;
import io.jsockmap.conformance.lab.KernelFault;
import io.jsockmap.conformance.lab.Lab;
import io.jsockmap.conformance.lab.Stream;
import io.jsockmap.conformance.lab.Waiting;
import io.jsockmap.sockmap.socket.ErrnoException;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;

/** What a parser's answer does. */
@EngineTest
class ParserAnswersTest {
    private Stream source;
    private Parser parser;

    @BeforeEach
    void open(Lab lab) throws Exception {
        source = lab.tcp();
        parser = Parser.of(lab, source);
        parser.insert();
    }

    @ParameterizedTest
    @CsvSource({"1, abcdefghijkl", "5, abcdefghij", "6, abcdefghijkl", "12, abcdefghijkl"})
    @DisplayName("K6, K10: messages of a length: all that are complete are passed")
    void messagesOfALength(int length, String passed) throws Exception {
        parser.answers(0, length);

        source.farSends("abcdefghijkl");

        source.receives(passed);
        source.receivesNothing();
    }

    @Test
    @DisplayName("K10: several messages of a buffer alternate parser and verdict")
    void severalMessagesInOneBuffer() throws Exception {
        parser.answers(0, 5);

        source.farSends("aaaaabbbbbccccc");

        source.receives("aaaaabbbbbccccc");
        assertThat(parser.order()).isEqualTo("PVPVPV");
    }

    @Test
    @DisplayName("F12, K11: each run sees its own message from its start, and nothing before it")
    @KernelFault(value = "F12", instead = "every run sees the whole buffer from its start")
    void laterMessagesOfABuffer() throws Exception {
        parser.answers(0, 5);

        source.farSends("aaaaabbbbbccccc");

        source.receives("aaaaabbbbbccccc");
        assertThat(parser.lengthsParsed()).containsExactly(15, 10, 5);
        assertThat(parser.lengthsJudged()).containsExactly(5, 5, 5);
    }

    @Test
    @DisplayName("K5: 0 is not enough: nothing is judged, and nothing can be read")
    void notEnough() throws Exception {
        parser.answers(100, 100);

        parser.looksAt("abc");

        source.receivesNothing();
        assertThat(parser.order()).isEqualTo("P");
    }

    @Test
    @DisplayName("K4, K5: at its next run the parser sees all bytes that were gathered")
    void gathered() throws Exception {
        parser.answers(10, 10);

        for (var piece : new String[] {"abc", "def", "ghi", "j"}) parser.looksAt(piece);

        source.receives("abcdefghij");
        assertThat(parser.lengthsParsed()).containsExactly(3, 6, 9, 10);
        assertThat(parser.lengthsJudged()).containsExactly(10);
    }

    @Test
    @DisplayName("K6: a length that is known is awaited without another run of the parser")
    void knownLengthIsAwaited() throws Exception {
        parser.answers(0, 10);

        parser.looksAt("abc");
        source.farSends("defg");
        source.farSends("hij");

        source.receives("abcdefghij");
        assertThat(parser.order()).isEqualTo("PV");
        assertThat(parser.lengthsJudged()).containsExactly(10);
    }

    @Test
    @DisplayName("K6: a message of more than 64 KiB, longer than any buffer that came")
    void aLongMessage() throws Exception {
        parser.answers(0, 70_000);
        var text = "abcdefg".repeat(14_000);

        source.farSends(text);

        source.receives(text.substring(0, 70_000));
        source.receivesNothing();
    }

    @Test
    @DisplayName("K7: a byte into the newest buffer is enough")
    void aByteIntoTheNewest() throws Exception {
        parser.answers(10, 6);

        parser.looksAt("12345");
        source.farSends("67890");

        source.receives("123456");
    }

    // --- Errors ----------------------------------------------------------------------------------

    @Test
    @DisplayName("K7: a length that does not reach the newest buffer is EPROTO")
    void lengthThatWasThereBefore() throws Exception {
        parser.answers(10, 5);

        parser.looksAt("12345");
        parser.looksAt("67890");

        framingEndsWith(Errno.EPROTO);
    }

    @Test
    @DisplayName("K7: a length beyond the receive buffer is EMSGSIZE")
    void tooLong() throws Exception {
        parser.answers(0, 100_000_000);

        parser.looksAt("abc");

        framingEndsWith(Errno.EMSGSIZE);
    }

    @ParameterizedTest
    @CsvSource({"-1, EPERM", "-71, EPROTO", "-22, EINVAL", "-110, ETIMEDOUT"})
    @DisplayName("K7, K8: a negative answer is the error, told once by a send")
    void negativeAnswers(int answer, Errno errno) throws Exception {
        parser.answers(0, answer);

        parser.looksAt("nonsense");

        framingEndsWith(errno);
        assertThat(parser.order()).isEqualTo("P");
    }

    /** One send is told, and no later one; nothing can be read. */
    private void framingEndsWith(Errno errno) throws IOException {
        Waiting.until(() -> isToldBySend(errno));
        source.sends("goes on");
        source.receivesNothing();
    }

    private boolean isToldBySend(Errno errno) throws IOException {
        try {
            source.sends("?");
            return false;
        } catch (ErrnoException e) {
            assertThat(Errno.nameOf(e.number())).isEqualTo(errno.name());
            return true;
        }
    }

    @Test
    @DisplayName("K8: after an error no program runs")
    void noRunAfterAnError() throws Exception {
        parser.answers(0, -1);
        parser.looksAt("one");
        Waiting.until(() -> isToldBySend(Errno.EPERM));
        parser.answers(0, 3);

        source.farSends("two");

        source.receivesNothing();
        assertThat(parser.order()).isEqualTo("P");
    }

    @Test
    @DisplayName(
            "K8: removal from the map brings reading back, from the buffer that was refused on")
    void removalBringsReadingBack() throws Exception {
        parser.answers(0, -1);
        parser.looksAt("one");
        Waiting.until(() -> isToldBySend(Errno.EPERM));
        source.farSends("two");

        parser.remove();

        source.receives("onetwo");
    }

    @Test
    @DisplayName("F38, K12: messages before the error stay readable, then it is told")
    @KernelFault(value = "F38", instead = "reads find nothing for ever")
    void earlierMessages() throws Exception {
        parser.answers(0, 4);
        parser.looksAt("good");
        source.hasAvailable(4);
        parser.answers(0, -1);
        parser.looksAt("bad");

        source.receives("good");
        source.receiveFails(Errno.EPERM);
    }

    @Test
    @DisplayName("F38: behind the error comes the peer's end of stream")
    @KernelFault(value = "F38", instead = "reads find nothing for ever")
    void endBehindAnError() throws Exception {
        parser.answers(0, -1);
        parser.looksAt("bad");
        source.farShutsDown();

        source.receiveFails(Errno.EPERM);
        source.receivesEnd();
    }
}
