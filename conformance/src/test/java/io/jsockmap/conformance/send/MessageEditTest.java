package io.jsockmap.conformance.send;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.Errno;
import io.jsockmap.conformance.lab.EngineTest;
import io.jsockmap.conformance.lab.KernelFault;
import io.jsockmap.conformance.lab.MsgScript.Outcome;
import io.jsockmap.conformance.lab.MsgScript.Step;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Pull, push and pop: what the receiver gets, and what the program is told. */
@EngineTest
class MessageEditTest extends ScriptedSends {
    private static final long EINVAL = -Errno.EINVAL.number();
    private static final long ENOMEM = -Errno.ENOMEM.number();

    /** Ten bytes are sent through a run, and that arrives. */
    private void arrivesAs(String expected, Step... steps) throws Exception {
        runs(steps);
        sends(1);
        sender.farReceives(expected);
    }

    private void gave(Long... results) {
        assertThat(script.run(0).results()).containsExactly(results);
    }

    // --- Pull ------------------------------------------------------------------------------------

    @Test
    @DisplayName("S38: pull shows exactly the bytes that were asked for")
    void pullShowsExactlyThose() throws Exception {
        arrivesAs(
                TEXT,
                Step.pull(3, 7),
                Step.load(0),
                Step.load(3),
                Step.load(4),
                Step.pull(0, 10),
                Step.load(9));

        gave(0L, (long) '3', (long) '6', -1L, 0L, (long) '9');
        assertThat(script.run(0).steps().get(0)).isEqualTo(new Outcome(0, 10, 4));
        assertThat(script.run(0).steps().get(4)).isEqualTo(new Outcome(0, 10, 10));
    }

    @ParameterizedTest
    @CsvSource({"65536, 0, 65536", "131072, 0, 131072", "500000, 100, 200", "500000, 0, 500000"})
    @DisplayName("S38: any range of a message of many elements")
    void pullOfManyElements(int size, int start, int end) throws Exception {
        var text = pattern(size);
        runs(Step.pull(start, end), Step.load(0));

        sendsAll(text);

        assertThat(script.run(0).steps().getFirst()).isEqualTo(new Outcome(0, size, end - start));
        assertThat(script.run(0).results().getLast()).isEqualTo(text.charAt(start));
    }

    @ParameterizedTest
    @CsvSource({
        "0, 10, 1",
        "0, 10, 4294967296",
        "5, 5, 0",
        "7, 3, 0",
        "10, 11, 0",
        "0, 11, 0",
        "4294967295, 4294967295, 0",
        "5, 4294967295, 0",
        "0, 0, 0"
    })
    @DisplayName("S38: pull refuses flags, empty ranges and ranges beyond the message")
    void pullRefuses(long start, long end, long flags) throws Exception {
        arrivesAs(TEXT, Step.pull(2, 5), Step.pull(start, end).withFlags(flags), Step.load(0));

        gave(0L, EINVAL, (long) '2');
        assertThat(script.run(0).steps().get(1)).isEqualTo(new Outcome(EINVAL, 10, 3));
    }

    @Test
    @DisplayName("S39: what is written into pulled bytes is sent")
    void writesIntoWhatWasPulled() throws Exception {
        arrivesAs(
                "01xz4567y9",
                Step.pull(2, 9),
                Step.store(0, 'x'),
                Step.store(6, 'y'),
                Step.pull(3, 4),
                Step.store(0, 'z'));
    }

    @Test
    @DisplayName("S45: a run for the rest begins at the rest's first byte, whatever was pulled")
    void aRerunForgetsThePull() throws Exception {
        runs(Step.pull(7, 9), Step.apply(4));
        runs(Step.apply(0));

        sends(1);

        assertThat(script.run(1).first()).isEqualTo('4');
    }

    // --- Push ------------------------------------------------------------------------------------

    @ParameterizedTest
    @CsvSource({"0", "1", "4", "9", "10"})
    @DisplayName("S40, S24: push makes room before a byte or at the end; the count is the caller's")
    void pushInserts(int start) throws Exception {
        arrivesAs(
                TEXT.substring(0, start) + "ab" + TEXT.substring(start),
                Step.push(start, 2),
                Step.pull(start, start + 2L),
                Step.store(0, 'a'),
                Step.store(1, 'b'));

        assertThat(script.run(0).steps().getFirst().size()).isEqualTo(12);
    }

    @Test
    @DisplayName("F11: what is pushed is zeros")
    @KernelFault(value = "F11", instead = "bytes that lay in memory, which may be zeros by luck")
    void pushIsZeros() throws Exception {
        arrivesAs("0123" + "\0".repeat(5) + "456789", Step.push(4, 5));
    }

    @Test
    @DisplayName("S43: after a push at 0 the pushed part is visible")
    void pushedPartIsVisible() throws Exception {
        arrivesAs(
                "abc" + TEXT,
                Step.push(0, 3),
                Step.store(0, 'a'),
                Step.store(1, 'b'),
                Step.store(2, 'c'));
    }

    @ParameterizedTest
    @CsvSource({"0, 5, 1", "11, 5, 0", "4294967295, 5, 0", "11, 4194304, 0"})
    @DisplayName("S40: push refuses flags and places behind the end, and changes nothing")
    void pushRefuses(long start, long count, long flags) throws Exception {
        arrivesAs(TEXT, Step.pull(2, 5), Step.push(start, count).withFlags(flags), Step.load(0));

        gave(0L, EINVAL, (long) '2');
        assertThat(script.run(0).steps().get(1)).isEqualTo(new Outcome(EINVAL, 10, 3));
    }

    @Test
    @DisplayName("S40: a push of nothing gives 0 wherever it is; but flags come first")
    void pushOfNothing() throws Exception {
        arrivesAs(
                TEXT,
                Step.pull(2, 5),
                Step.push(99, 0),
                Step.push(0, 0).withFlags(1),
                Step.load(0));

        gave(0L, 0L, EINVAL, (long) '2');
    }

    @ParameterizedTest
    @CsvSource({"8388608", "2147483647", "4294967295"})
    @DisplayName("S41: a push of 8 MiB and more finds no memory")
    void pushOfTooMuch(long count) throws Exception {
        arrivesAs(TEXT, Step.push(0, count));

        gave(ENOMEM);
    }

    @Test
    @DisplayName("S41: a push of 1 MiB is more than the ring holds, and no error")
    void pushOfMuch() throws Exception {
        runs(Step.push(10, 1 << 20));

        sends(1);

        sender.farReceives(TEXT);
        assertThat(script.run(0).steps().getFirst().result()).isZero();
        assertThat(script.run(0).steps().getFirst().size()).isEqualTo((1 << 20) + 10);
    }

    // --- Pop -------------------------------------------------------------------------------------

    @ParameterizedTest
    @CsvSource({"0, 4", "2, 4", "6, 4", "0, 9", "1, 9", "9, 1"})
    @DisplayName("S42, S24: pop takes bytes out; the count is the caller's")
    void popTakesOut(int start, int count) throws Exception {
        arrivesAs(TEXT.substring(0, start) + TEXT.substring(start + count), Step.pop(start, count));

        gave(0L);
        assertThat(script.run(0).steps().getFirst().size()).isEqualTo(10 - count);
    }

    @Test
    @DisplayName("S42: the second pop counts from what the first left")
    void popsInARow() throws Exception {
        arrivesAs("0489", Step.pop(1, 3), Step.pop(2, 3));
    }

    @Test
    @DisplayName("S42: a long message, over the limits of elements")
    void popOfMuch() throws Exception {
        var text = pattern(65536);
        runs(Step.pop(10_000, 50_000));

        sender.sends(text);

        sender.farReceives(text.substring(0, 10_000) + text.substring(60_000));
    }

    @ParameterizedTest
    @CsvSource({"0, 5, 1", "10, 1, 0", "5, 6, 0", "4294967295, 1, 0"})
    @DisplayName("S42: pop refuses flags and ranges beyond the message")
    void popRefuses(long start, long count, long flags) throws Exception {
        arrivesAs(TEXT, Step.pull(2, 5), Step.pop(start, count).withFlags(flags), Step.load(0));

        gave(0L, EINVAL, (long) '2');
        assertThat(script.run(0).steps().get(1)).isEqualTo(new Outcome(EINVAL, 10, 3));
    }

    @Test
    @DisplayName("F11, S42: a pop whose end is beyond 2^32 is beyond the message, too")
    @KernelFault(value = "F11", instead = "6.12: the end wraps, and the message grows")
    void popWraps() throws Exception {
        arrivesAs(TEXT, Step.pop(5, 0xffff_ffffL));

        gave(EINVAL);
    }

    @Test
    @DisplayName("S42: a pop of nothing gives 0 wherever it is; but flags come first")
    void popOfNothing() throws Exception {
        arrivesAs(
                TEXT, Step.pull(2, 5), Step.pop(99, 0), Step.pop(0, 0).withFlags(1), Step.load(0));

        gave(0L, 0L, EINVAL, (long) '2');
    }

    @Test
    @DisplayName("S42: all may go: the send succeeds, and nothing is sent")
    void popOfAll() throws Exception {
        runs(Step.pop(0, 10));
        runs();

        sends(1);
        sender.sends("next");

        sender.farReceives("next");
    }

    @Test
    @DisplayName("F41: a message that is popped to nothing and redirected in stops no reader")
    @KernelFault(value = "F41", instead = "every read of the target fails with EFAULT")
    void popOfAllAndRedirect() throws Exception {
        runs(Step.pop(0, 10), Step.redirectToIngress(0));
        runs(Step.redirectToIngress(0));

        sends(1);
        sender.sends("next");

        target.receives("next");
    }

    @Test
    @DisplayName("S43: after push or pop the first bytes are visible, whatever was pulled")
    void editsShowTheFirstElement() throws Exception {
        runs(
                Step.pull(5, 9),
                Step.push(10, 1),
                Step.load(0),
                Step.pull(5, 9),
                Step.pop(9, 1),
                Step.load(0));

        sends(1);

        gave(0L, 0L, (long) '0', 0L, 0L, (long) '0');
    }

    // --- The count -------------------------------------------------------------------------------

    @Test
    @DisplayName("S26: a drop reports nothing as sent though the program added bytes")
    void dropAfterAPush() throws Exception {
        runs(Step.push(0, 5), Step.drop());

        sender.sendFails(TEXT, Errno.EACCES);

        sender.farReceivesNothing();
    }

    @Test
    @DisplayName("S26: a drop reports nothing as sent though the program took bytes away")
    void dropAfterAPop() throws Exception {
        runs(Step.pop(0, 5), Step.drop());

        sender.sendFails(TEXT, Errno.EACCES);

        sender.farReceivesNothing();
    }

    @Test
    @DisplayName("S24: what is redirected is what the program left; the count is the caller's")
    void editedAndRedirected() throws Exception {
        runs(Step.pop(0, 4), Step.redirect(0));

        sends(1);

        target.farReceives("456789");
    }
}
