package io.jsockmap.conformance.receive;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.conformance.lab.EngineTest;
import io.jsockmap.conformance.lab.KernelFault;
import io.jsockmap.conformance.lab.Lab;
import io.jsockmap.conformance.lab.MsgScript;
import io.jsockmap.conformance.lab.MsgScript.Step;
import io.jsockmap.conformance.lab.Stream;
import io.jsockmap.conformance.lab.Waiting;
import io.jsockmap.sockmap.map.AttachType;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.ByteBuffer;

/** What an application that reads a socket finds, in which order, and at the end. */
@EngineTest
class ReadingTest extends EditedBuffers {

    /** A socket whose sends come into the target's queue. */
    private Stream intoTheTarget(Lab lab) throws Exception {
        var sender = lab.tcp();
        MsgScript.load(lab)
                .sender(0, sender.socket())
                .target(0, target.socket())
                .then(Step.redirectToIngress(0));
        return sender;
    }

    // --- Order and portions ----------------------------------------------------------------------

    @Test
    @DisplayName("R1: redirected bytes come first, also before native ones that came earlier")
    void redirectedBeforeNative(Lab lab) throws Exception {
        var sender = intoTheTarget(lab);
        target.farSends("own");
        target.peeks(64, "own");

        sender.sends("redirected");

        target.readsAtOnce("redirected");
        target.readsAtOnce("own");
    }

    @Test
    @DisplayName("R2: a plain reader that waits is woken by native bytes")
    void nativeBytesWake() throws Exception {
        var reading = Waiting.start(() -> target.take(3));

        target.farSends("own");

        assertThat(Waiting.result(reading)).isEqualTo("own");
    }

    @Test
    @DisplayName("R3: with a verdict only what it passed is read")
    void onlyWhatPassed() throws Exception {
        judgeFrames(4);

        source.farSends("passno");

        source.receives("pass");
        source.receivesNothing();
    }

    @Test
    @DisplayName("R6: a short read leaves the rest of the message for the next")
    void shortReads(Lab lab) throws Exception {
        var sender = intoTheTarget(lab);

        sender.sends("abcde");
        sender.sends("fgh");

        target.receives("ab");
        target.receives("cd");
        target.receives("efgh");
    }

    @Test
    @DisplayName("R6: one read takes the bytes of many messages")
    void manyMessages(Lab lab) throws Exception {
        var sender = intoTheTarget(lab);
        for (int i = 0; i < 40; i++) sender.sends("message %02d".formatted(i));

        target.peeks(400, expected(40));

        target.readsAtOnce(expected(40));
    }

    private static String expected(int count) {
        var text = new StringBuilder();
        for (int i = 0; i < count; i++) text.append("message %02d".formatted(i));
        return text.toString();
    }

    @Test
    @DisplayName("R7: peeks give the same bytes again, over several messages, and take none")
    void peeks(Lab lab) throws Exception {
        var sender = intoTheTarget(lab);
        sender.sends("abcd");
        sender.sends("efgh");

        target.peeks(8, "abcdefgh");
        target.peeks(2, "ab");
        target.peeks(6, "abcdef");

        target.receives("abc");
        target.peeks(64, "defgh");
        target.receives("defgh");
    }

    @Test
    @DisplayName("R7: so do peeks at what a verdict passed")
    void peeksAtPassedBytes() throws Exception {
        judgeBuffers();
        peerSends("abcd");
        peerSends("efgh");

        source.peeks(8, "abcdefgh");
        source.peeks(3, "abc");

        source.receives("abcdefgh");
    }

    @Test
    @DisplayName("R8: a read gives what is there, however much more it asks for")
    void whatIsThere(Lab lab) throws Exception {
        var sender = intoTheTarget(lab);

        sender.sends("four");

        target.readsAtOnce("four");
    }

    @Test
    @DisplayName("R9: a read of no bytes gives none, and takes nothing")
    void readOfNothing(Lab lab) throws Exception {
        var sender = intoTheTarget(lab);
        sender.sends("four");

        assertThat(target.near().read(ByteBuffer.allocate(0))).isZero();

        target.receives("four");
    }

    @ParameterizedTest
    @ValueSource(chars = {'D', 'R', 'I'})
    @DisplayName("F19, R15: a message that is dropped or redirected ends no wait of a reader")
    @KernelFault(value = "F19", instead = "a blocking read gives EAGAIN at the first such message")
    void nothingForTheReader(char verdict) throws Exception {
        judgeBuffers();
        verdict(verdict);
        var buffer = ByteBuffer.allocate(16);
        var reading = Waiting.start(() -> source.near().read(buffer));

        peerSends("elsewhere");
        verdict('P');
        peerSends("next");

        assertThat(Waiting.result(reading)).isEqualTo(4);
    }

    // --- FIONREAD --------------------------------------------------------------------------------

    @Test
    @DisplayName("F20, R16: bytes that were redirected in are available")
    @KernelFault(value = "F20", instead = "6.12: 0")
    void redirectedBytesAreAvailable(Lab lab) throws Exception {
        var sender = intoTheTarget(lab);

        sender.sends("0123456789");

        target.hasAvailable(10);
        target.receives("0123");
        assertThat(target.near().available()).isEqualTo(6);
    }

    @Test
    @DisplayName("R16: bytes that a verdict passed are available until they are read")
    void passedBytesAreAvailable() throws Exception {
        judgeBuffers();

        peerSends("0123456789");

        source.hasAvailable(10);
        source.receives("0123");
        assertThat(source.near().available()).isEqualTo(6);
    }

    @Test
    @DisplayName("F20: native bytes and redirected ones are available together")
    @KernelFault(value = "F20", instead = "6.12: the native ones alone")
    void bothAreAvailable(Lab lab) throws Exception {
        var sender = intoTheTarget(lab);
        target.farSends("own");
        target.hasAvailable(3);

        sender.sends("redirected");

        target.hasAvailable(13);
    }

    // --- Removal ---------------------------------------------------------------------------------

    @Test
    @DisplayName(
            "F42, F2: passed bytes that nobody read are read after removal, before native ones")
    @KernelFault(
            value = {"F42", "F2"},
            instead = "they are gone, and every later read gives EAGAIN")
    void passedBytesOutliveTheEntry() throws Exception {
        judgeBuffers();
        peerSends("passed");
        source.hasAvailable(6);

        sockets.delete(1);
        source.farSends("native");

        source.receives("passednative");
    }

    @Test
    @DisplayName("F2: bytes that were redirected in and not read are read after removal")
    @KernelFault(value = "F2", instead = "they are gone")
    void redirectedBytesOutliveTheEntry() throws Exception {
        judgeBuffers();
        verdict('I');
        peerSends("redirected");
        target.peeks(10, "redirected");

        sockets.delete(0);
        target.farSends("native");

        target.receives("redirectednative");
    }

    @Test
    @DisplayName("M45: with nothing unread, native reading goes on after removal")
    void nativeReadingGoesOn() throws Exception {
        judgeBuffers();
        peerSends("passed");
        source.receives("passed");

        sockets.delete(1);
        source.farSends("native");

        source.receives("native");
        assertThat(seen("runs")).isEqualTo(1);
    }

    @Test
    @DisplayName("F20: foreign bytes that were read do not disturb native ones after removal")
    @KernelFault(value = "F20", instead = "6.12: native bytes are lost")
    void foreignBytesDisturbNothing() throws Exception {
        judgeBuffers();
        verdict('I');
        peerSends("0123456789");
        target.receives("0123456789");

        sockets.delete(0);
        target.farSends("abcdefghijklmnopqrst");

        target.receives("abcdefghijklmnopqrst");
    }

    // --- The end ---------------------------------------------------------------------------------

    @Test
    @DisplayName("R10: unread bytes come before the end of stream, which stays")
    void redirectedBytesBeforeTheEnd(Lab lab) throws Exception {
        var sender = intoTheTarget(lab);
        sender.sends("bytes ");
        target.farSends("and own");
        target.farShutsDown();

        target.receives("bytes and own");
        target.receivesEnd();
        target.receivesEnd();
    }

    @Test
    @DisplayName("R10, F13: all passed bytes come before the end of stream")
    void passedBytesBeforeTheEnd() throws Exception {
        judgeBuffers();
        var text = "0123456789".repeat(20_000);
        var sending =
                Waiting.start(
                        () -> {
                            source.farSends(text);
                            source.farShutsDown();
                            return text;
                        });

        source.receives(text);
        source.receivesEnd();
        Waiting.result(sending);
    }

    @Test
    @DisplayName("F13, K13: an incomplete message at the end of stream is dropped; the end is told")
    @KernelFault(value = "F13", instead = "the first read may give EAGAIN")
    void incompleteAtTheEnd() throws Exception {
        judgeFrames(10);

        source.farSends("0123456789half");
        source.farShutsDown();

        source.receives("0123456789");
        source.receivesEnd();
    }

    @Test
    @DisplayName("F19, R5: a reader that waits for a message is told of the end of stream")
    @KernelFault(value = "F19", instead = "the read gives EAGAIN")
    void theEndEndsAWait() throws Exception {
        judgeFrames(10);
        var reading = Waiting.start(() -> source.near().read(ByteBuffer.allocate(16)));

        source.farShutsDown();

        assertThat(Waiting.result(reading)).isEqualTo(-1);
    }

    @Test
    @DisplayName("F19, R5: a reader that waits for a message is told of a reset")
    @KernelFault(value = "F19", instead = "the read gives EAGAIN")
    void aResetEndsAWait() {
        judgeFrames(10);
        var reading = Waiting.start(() -> source.near().read(ByteBuffer.allocate(16)));

        Stream.assertFails(
                () -> {
                    source.farResets();
                    Waiting.result(reading);
                },
                Errno.ECONNRESET);
    }

    @Test
    @DisplayName("K15: with a parser the end of stream runs nothing")
    void theEndRunsNothing(Lab lab) throws Exception {
        var parser = Parser.of(lab, source);
        parser.answers(0, 1);
        parser.insert();

        source.farShutsDown();

        source.receivesEnd();
        assertThat(parser.order()).isEmpty();
    }

    @Test
    @DisplayName("K15: passed, the end of stream is the end")
    void theEndIsPassed() throws Exception {
        judgeBuffers();
        peerSends("bytes");

        source.farShutsDown();

        source.receives("bytes");
        source.receivesEnd();
    }

    @Test
    @DisplayName("F14: an end of stream that is redirected to egress does not break the target")
    @KernelFault(value = "F14", instead = "the target gets EPIPE, and all later bytes are lost")
    void theEndBreaksNoTarget(Lab lab) throws Exception {
        var other = lab.tcp();
        judgeBuffers();
        insert(2, other.socket());
        verdict('R');
        peerSends("one");
        target.farReceives("one");

        source.farShutsDown();
        source.receivesEnd();
        other.farSends("two");

        target.farReceives("two");
    }

    @Test
    @DisplayName("F14, F41: an end of stream that is redirected to ingress stops no reader")
    @KernelFault(
            value = {"F14", "F41"},
            instead = "every read of the target fails with EFAULT")
    void theEndStopsNoReader(Lab lab) throws Exception {
        var other = lab.tcp();
        judgeBuffers();
        insert(2, other.socket());
        verdict('I');
        peerSends("one");

        source.farShutsDown();
        source.receivesEnd();
        other.farSends("two");

        target.receives("onetwo");
    }

    @Test
    @DisplayName("R4: behind a reset come first the passed bytes, then ECONNRESET")
    void reset() throws Exception {
        judgeBuffers();
        peerSends("1234");
        source.hasAvailable(4);

        source.farResets();

        source.receives("1234");
        source.receiveFails(Errno.ECONNRESET);
    }

    // --- Early bytes -----------------------------------------------------------------------------

    @Test
    @DisplayName("F15, K17: bytes that came before the insertion are judged at once")
    @KernelFault(value = "F15", instead = "they stall until more arrive, or somebody reads")
    void earlyBytes() throws Exception {
        verdict('R');
        source.farSends("early");
        source.hasAvailable(5);

        judgeBuffers();

        target.farReceives("early");
    }

    @Test
    @DisplayName("F15: so they are with a parser, and come back as an echo")
    @KernelFault(value = "F15", instead = "they stall until more arrive, or somebody reads")
    void earlyFrames() throws Exception {
        verdict('I');
        source.farSends("early");
        source.hasAvailable(5);

        judgeFrames(5);

        target.receives("early");
    }

    @Test
    @DisplayName("K17: early and later bytes keep their order")
    void earlyAndLater(Lab lab) throws Exception {
        var echo = lab.load("echo-hash");
        var map = echo.sockHash("sockets");
        map.attach(echo.program("echo"), AttachType.SK_SKB_STREAM_VERDICT);
        source.farSends("early ");
        source.hasAvailable(6);

        map.update(
                UnframedVerdictTest.key(source.socket().cookie()), source.socket(), UpdateFlag.ANY);
        source.farSends("later");

        source.farReceives("early later");
    }

    @Test
    @DisplayName("K17: what was read before the insertion is not judged")
    @KernelFault(value = "F15", instead = "what was read before is judged and sent once more")
    void readBefore() throws Exception {
        source.farSends("for me, for you");
        source.receives("for me, ");

        verdict('R');
        judgeBuffers();
        source.farSends("!");

        target.farReceives("for you!");
    }
}
