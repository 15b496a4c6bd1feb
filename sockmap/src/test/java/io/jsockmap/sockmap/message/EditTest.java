package io.jsockmap.sockmap.message;

import static io.jsockmap.sockmap.message.Part.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.Errno;
import io.jsockmap.sockmap.network.Bytes;
import io.jsockmap.sockmap.socket.Delivery;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import java.util.Arrays;

/**
 * Pull, push and pop over the limits of elements and messages, and what the account has of them.
 */
@ParameterizedClass
@EnumSource(Delivery.class)
class EditTest extends ScriptTest {
    private static final String TEXT = "0123456789";
    private static final long EINVAL = -22;
    private static final long ENOMEM = -12;

    EditTest(Delivery delivery) {
        super(delivery);
    }

    /** Sends a text through a program; gives what the peer gets. */
    private String through(String text, Part part) {
        script.plays(part);
        assertThat(source.sends(text).accepted()).isEqualTo(text.length());
        return source.peer().received();
    }

    private static String zeros(int count) {
        return "\0".repeat(count);
    }

    private void gave(long... results) {
        var expected = Arrays.stream(results).boxed().toList();
        assertThat(script.onlyRun().results()).isEqualTo(expected);
    }

    // --- Pull ------------------------------------------------------------------------------------

    @ParameterizedTest
    @DisplayName("S38: any range of a message that takes many elements, or a whole ring")
    @CsvSource({"65536, 0, 65536", "131072, 0, 131072", "500000, 0, 500000", "65536, 100, 200"})
    void pullOfManyElements(int size, int start, int end) {
        // The message may be longer than the ring of the smallest elements: only its first part is
        // asked for.
        int from = hostile ? Math.min(start, 65000) : start;
        int to = hostile ? Math.min(end, 65000) : end;
        var text = Bytes.pattern(size);
        script.plays(run().pull(from, to).load(0), run());

        source.sends(text).succeeds();

        var first = script.runs().getFirst();
        assertThat(first.results()).containsExactly(0L, (long) text.charAt(from));
        assertThat(first.steps().getFirst().visible()).isEqualTo(to - from);
        assertThat(source.peer().received()).isEqualTo(text);
    }

    // --- Push ------------------------------------------------------------------------------------

    @ParameterizedTest
    @DisplayName(
            "S40, S24, F11: push inserts zeros before a byte or at the end; send gives the caller's"
                    + " bytes")
    @CsvSource({"0", "1", "4", "9", "10"})
    void pushInserts(int start) {
        assertThat(through(TEXT, run().push(start, 5)))
                .isEqualTo(TEXT.substring(0, start) + zeros(5) + TEXT.substring(start));

        gave(0);
        assertThat(script.onlyRun().steps().getFirst().size()).isEqualTo(15);
        assertThat(source.account().send().edited()).isEqualTo(5);
    }

    @Test
    @DisplayName("S41: 4 MiB can be pushed, more can't: no memory")
    void pushOfMuch() {
        var received =
                through(
                        TEXT,
                        run().push(0, 8 << 20)
                                .push(0, Integer.MAX_VALUE)
                                .push(0, 0xffff_ffffL)
                                .push(0, (4 << 20) + 1)
                                .push(0, 65536)
                                .push(0, 1 << 20)
                                .push(0, 4 << 20));

        gave(ENOMEM, ENOMEM, ENOMEM, ENOMEM, 0, 0, 0);
        assertThat(received).hasSize((4 << 20) + (1 << 20) + 65536 + 10).endsWith(TEXT);
    }

    @ParameterizedTest
    @DisplayName("S41: a program that adds more than it deals with comes to an end")
    @CsvSource({"4194304, 0", "1, 0", "1, 1"})
    void growthEnds(int pushed, int verdict) {
        script.plays(run().push(0, pushed).apply(1).returns(verdict));

        // Only what was put in front of the byte goes anywhere.
        source.sends("x").failsWith(Errno.EACCES);

        assertThat(script.runCount()).isEqualTo(1 + 1024);
        assertThat(network.losses()).singleElement().asString().contains("judged 1025 times");
        assertThat(script.runs().get(3).results()).startsWith(0L);
        assertThat(script.runs().get(4).results()).startsWith(pushed == 1 ? 0 : ENOMEM);
    }

    @Test
    @DisplayName("S41: more pushes than the ring has elements")
    void pushesBeyondTheRing() {
        script.plays(
                run().push(1, 1)
                        .push(3, 1)
                        .push(5, 1)
                        .push(7, 1)
                        .push(9, 1)
                        .push(11, 1)
                        .push(13, 1)
                        .cork(40),
                run().push(15, 1)
                        .push(17, 1)
                        .push(19, 1)
                        .push(20, 1)
                        .push(25, 1)
                        .push(28, 1)
                        .push(0, 1));

        source.sends(TEXT).succeeds();
        source.sends("abcdefghijklmnopqrstuvwxyz").succeeds();

        var model = new StringBuilder(TEXT);
        for (int at : new int[] {1, 3, 5, 7, 9, 11, 13}) model.insert(at, '\0');
        model.append("abcdefghijklmnopqrstuvwxyz");
        for (int at : new int[] {15, 17, 19, 20, 25, 28, 0}) model.insert(at, '\0');
        assertThat(source.peer().received()).isEqualTo(model.toString());
    }

    // --- Pop -------------------------------------------------------------------------------------

    @Test
    @DisplayName("S42: all may go; the send succeeds and transmits nothing")
    void popOfAll() {
        assertThat(through(TEXT, run().pop(0, 10).load(0).pull(0, 1).pop(0, 1))).isEmpty();

        gave(0, -1, EINVAL, EINVAL);
        assertThat(script.onlyRun().steps().getFirst()).isEqualTo(new Seen.Outcome(0, 0, 0));
        assertThat(source.egressSignals()).isZero();
    }

    @Test
    @DisplayName("S42: an empty message can be pushed into again")
    void pushIntoNothing() {
        assertThat(through(TEXT, run().pop(0, 10).push(0, 2).store(0, 'o').store(1, 'k')))
                .isEqualTo("ok");
    }

    @Test
    @DisplayName("S42: a long message, over element limits")
    void popOfMuch() {
        var text = Bytes.pattern(65536);

        assertThat(through(text, run().pop(10000, 50000)))
                .isEqualTo(text.substring(0, 10000) + text.substring(60000));
    }
}
