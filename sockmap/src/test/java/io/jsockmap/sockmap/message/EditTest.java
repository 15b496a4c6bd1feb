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

/** Pull, push and pop: what the receiver gets, and what the program is told. */
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

    @Test
    @DisplayName("S38: pull shows exactly the bytes that were asked for")
    void pullShowsExactlyThose() {
        through(TEXT, run().pull(3, 7).load(0).load(3).load(4).pull(0, 10).load(9));

        gave(0, '3', '6', -1, 0, '9');
        assertThat(script.onlyRun().steps().get(0).visible()).isEqualTo(4);
        assertThat(script.onlyRun().steps().get(4).visible()).isEqualTo(10);
    }

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

    @ParameterizedTest
    @DisplayName("S38: pull refuses flags, empty ranges and ranges beyond the message")
    @CsvSource({
        "0, 10, 1",
        "0, 10, 0x100000000",
        "5, 5, 0",
        "7, 3, 0",
        "10, 11, 0",
        "0, 11, 0",
        "4294967295, 4294967295, 0",
        "5, 4294967295, 0",
        "0, 0, 0"
    })
    void pullRefuses(long start, long end, String flags) {
        var received =
                through(TEXT, run().pull(2, 5).pull(start, end).flags(Long.decode(flags)).load(0));

        gave(0, EINVAL, '2');
        assertThat(script.onlyRun().steps().get(1).visible()).isEqualTo(3);
        assertThat(received).isEqualTo(TEXT);
    }

    @Test
    @DisplayName("S39: a pull copies, and what is written there is what is sent")
    void writesIntoWhatWasPulled() {
        assertThat(
                        through(
                                TEXT,
                                run().pull(2, 9)
                                        .store(0, 'x')
                                        .store(6, 'y')
                                        .pull(3, 4)
                                        .store(0, 'z')))
                .isEqualTo("01xz4567y9");
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
    @DisplayName("S43: after a push at 0 the pushed part is visible, and can be filled")
    void pushedPartIsVisible() {
        assertThat(through(TEXT, run().push(0, 3).store(0, 'a').store(1, 'b').store(2, 'c')))
                .isEqualTo("abc" + TEXT);

        assertThat(script.onlyRun().steps().getFirst().visible()).isGreaterThanOrEqualTo(3);
    }

    @ParameterizedTest
    @DisplayName("S40: push refuses flags and places behind the end, and changes nothing")
    @CsvSource({"0, 5, 1", "11, 5, 0", "4294967295, 5, 0", "11, 4194304, 0"})
    void pushRefuses(long start, long count, long flags) {
        assertThat(through(TEXT, run().pull(2, 5).push(start, count).flags(flags).load(0)))
                .isEqualTo(TEXT);

        gave(0, EINVAL, '2');
        assertThat(script.onlyRun().steps().get(1)).isEqualTo(new Seen.Outcome(EINVAL, 10, 3));
    }

    @Test
    @DisplayName(
            "S40: a push of nothing gives 0 wherever it is, and changes nothing; flags come first")
    void pushOfNothing() {
        through(TEXT, run().pull(2, 5).push(99, 0).push(0, 0).flags(1).load(0));

        gave(0, 0, EINVAL, '2');
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

    @ParameterizedTest
    @DisplayName("S42, S24: pop takes bytes out; send gives the caller's bytes")
    @CsvSource({"0, 4", "2, 4", "6, 4", "0, 9", "1, 9", "9, 1"})
    void popTakesOut(int start, int count) {
        assertThat(through(TEXT, run().pop(start, count)))
                .isEqualTo(TEXT.substring(0, start) + TEXT.substring(start + count));

        gave(0);
        assertThat(script.onlyRun().steps().getFirst().size()).isEqualTo(10 - count);
    }

    @Test
    @DisplayName("S42: two pops, and a push with a pull")
    void popsInARow() {
        assertThat(through(TEXT, run().pop(1, 3).pop(2, 3))).isEqualTo("04" + "89");

        assertThat(through(TEXT, run().push(3, 2).pull(0, 12).load(2).load(3).load(4).load(5)))
                .isEqualTo("012" + zeros(2) + "3456789");
        gave(0, 0, '2', 0, 0, '3');
    }

    @ParameterizedTest
    @DisplayName(
            "S42: pop refuses flags and ranges beyond the message, with 64-bit arithmetic (F11)")
    @CsvSource({"0, 5, 1", "10, 1, 0", "5, 6, 0", "5, 4294967295, 0", "4294967295, 1, 0"})
    void popRefuses(long start, long count, long flags) {
        assertThat(through(TEXT, run().pull(2, 5).pop(start, count).flags(flags).load(0)))
                .isEqualTo(TEXT);

        gave(0, EINVAL, '2');
    }

    @Test
    @DisplayName(
            "S42: a pop of nothing gives 0 wherever it is, and changes nothing; flags come first")
    void popOfNothing() {
        through(TEXT, run().pull(2, 5).pop(99, 0).pop(0, 0).flags(1).load(0));

        gave(0, 0, EINVAL, '2');
    }

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
    @DisplayName("S42, F41: all popped and redirected leaves nothing to read, and blocks nobody")
    void popOfAllAndRedirect() {
        script.plays(run().pop(0, 10).redirectIn(0), run().redirectIn(0));

        source.sends(TEXT).succeeds();
        assertThat(target.socket().available()).isZero();
        source.sends("later").succeeds();

        assertThat(target.reads()).isEqualTo("later");
    }

    @Test
    @DisplayName("S42: a long message, over element limits")
    void popOfMuch() {
        var text = Bytes.pattern(65536);

        assertThat(through(text, run().pop(10000, 50000)))
                .isEqualTo(text.substring(0, 10000) + text.substring(60000));
    }

    // --- All of them -----------------------------------------------------------------------------

    @Test
    @DisplayName("S43: after push or pop the first element is visible, whatever was pulled")
    void editsShowTheFirstElement() {
        through(TEXT, run().pull(5, 9).push(10, 1).load(0).pull(5, 9).pop(9, 1).load(0));

        gave(0, 0, '0', 0, 0, '0');
    }

    @Test
    @DisplayName("S45: after a pull, a run for the rest begins at the rest's first byte")
    void aRerunForgetsThePull() {
        script.plays(run().pull(7, 9).apply(4), run().load(0).apply(0));

        source.sends(TEXT).succeeds();

        assertThat(script.runs().get(1).first()).isEqualTo('4');
        assertThat(script.runs().get(1).visible()).isEqualTo(hostile ? 1 : 6);
    }
}
