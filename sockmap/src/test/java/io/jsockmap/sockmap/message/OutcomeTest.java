package io.jsockmap.sockmap.message;

import static io.jsockmap.sockmap.message.Part.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.Errno;
import io.jsockmap.sockmap.network.Bytes;
import io.jsockmap.sockmap.socket.Delivery;
import io.jsockmap.sockmap.socket.Ingress;
import io.jsockmap.sockmap.socket.Limits;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What a send returns when its way is blocked or broken, and what becomes of its bytes. */
@ParameterizedClass
@EnumSource(Delivery.class)
class OutcomeTest extends ScriptTest {
    private static final String TEXT = "0123456789";
    private static final int LIMIT = 1000;

    OutcomeTest(Delivery delivery) {
        super(new Limits(LIMIT, LIMIT), delivery);
    }

    /** Fills the source's own way out, and begins the script anew. */
    private void fillsTheWayOut(Part... parts) {
        script.plays(run());
        source.sends("-".repeat(LIMIT - 1)).succeeds();
        source.sends("-").succeeds();
        script.plays(parts);
    }

    private String received() {
        return source.peer().received().replace("-", "");
    }

    // --- No room ---------------------------------------------------------------------------------

    @Test
    @DisplayName(
            "S25, F23: of a long send without waiting, exactly the bytes returned arrive, once")
    void partialSend() {
        script.plays(run());
        var text = Bytes.pattern(8 << 20);

        var sending = source.sends(text);

        assertThat(sending.errno()).isEqualTo(Errno.EAGAIN.number());
        assertThat(sending.accepted()).isBetween(1L, 600_000L);
        assertThat(received()).isEqualTo(text.substring(0, (int) sending.accepted()));
    }

    @Test
    @DisplayName("EAGAIN before a program runs, if there is no room for any verdict")
    void noRoomNoRun() {
        fillsTheWayOut(run().redirect(0));

        source.sends(TEXT).failsWith(Errno.EAGAIN);

        assertThat(script.runs()).isEmpty();
    }

    @Test
    @DisplayName("EAGAIN gives the message back: it is judged anew, and changed once")
    void aMessageIsGivenBackAsItWas() {
        script.plays(run().redirectIn(0));
        source.sends("-".repeat(LIMIT)).succeeds();
        script.plays(run().push(0, 2).store(0, '>').redirectIn(0));

        source.sends(TEXT).failsWith(Errno.EAGAIN);
        assertThat(source.account().send().edited()).isZero();
        target.reads();
        source.sends(TEXT).succeeds();

        assertThat(script.sizes()).containsExactly(10, 10);
        assertThat(target.reads()).isEqualTo(">\0" + TEXT);
    }

    @Test
    @DisplayName("S15: EAGAIN does not use up a verdict of an earlier message")
    void aCarriedVerdictIsKept() {
        script.plays(run().redirectIn(0).apply(LIMIT + 15), run());
        source.sends("-".repeat(LIMIT)).succeeds();

        source.sends(TEXT).failsWith(Errno.EAGAIN);
        source.sends(TEXT).failsWith(Errno.EAGAIN);
        target.reads();
        source.sends(TEXT).succeeds();
        source.sends(TEXT).succeeds();

        assertThat(script.sizes()).containsExactly(LIMIT, 5);
        assertThat(target.reads()).isEqualTo(TEXT + "01234");
        assertThat(received()).isEqualTo("56789");
    }

    @Test
    @DisplayName(
            "S25, S36: a part of a message is at the peer while there is no room for another part")
    void aPartOfAMessage() {
        script.plays(run().redirectIn(0));
        source.sends("-".repeat(LIMIT)).succeeds();
        script.plays(run().apply(4), run().redirectIn(0).apply(0));

        source.sends(TEXT).stopsAfter(4, Errno.EAGAIN);

        assertThat(received()).isEqualTo("0123");
        target.reads();
        source.sends(TEXT.substring(4)).succeeds();
        assertThat(target.reads()).isEqualTo("456789");
    }

    @Test
    @DisplayName(
            "a cork that is complete but finds no room is kept: the send succeeds all the same")
    void aCompletedCorkIsKept() {
        script.plays(run().redirectIn(0));
        source.sends("-".repeat(LIMIT)).succeeds();
        script.plays(run().cork(20), run().redirectIn(0));
        source.sends(TEXT).succeeds();

        source.sends(TEXT).succeeds();
        source.sends("not now").failsWith(Errno.EAGAIN);

        assertThat(target.reads()).endsWith("-" + TEXT + TEXT);
        assertThat(script.sizes()).containsExactly(10, 20);
    }

    @Test
    @DisplayName("F3: a shutdown waits for room for what was held; so does its end of stream")
    void shutdownWaitsForRoom() {
        script.plays(run().redirectIn(0));
        source.sends("-".repeat(LIMIT)).succeeds();
        script.plays(run().cork(20), run().redirectIn(0));
        source.sends(TEXT).succeeds();

        source.shutsOutput();
        assertThat(source.peer().sawEnd()).isFalse();

        assertThat(target.reads()).endsWith("-" + TEXT);
        assertThat(source.peer().sawEnd()).isTrue();
    }

    @Test
    @DisplayName("F3: a close does not wait: what was held goes beyond the target's limit")
    void closeDoesNotWait() {
        script.plays(run().redirectIn(0));
        source.sends("-".repeat(LIMIT)).succeeds();
        script.plays(run().cork(20), run().redirectIn(0));
        source.sends(TEXT).succeeds();

        source.closes();

        assertThat(source.peer().sawEnd()).isTrue();
        assertThat(target.reads()).endsWith(TEXT);
    }

    // --- Targets that are gone -------------------------------------------------------------------

    @Test
    @DisplayName("S32: a redirect that fails behind bytes that went: those are the count")
    void partThenADeadTarget() {
        script.plays(run().apply(4), run().redirect(0).apply(0));
        target.shutsOutput();

        source.sends(TEXT).stopsAfter(4, Errno.EPIPE);

        assertThat(received()).isEqualTo("0123");
        assertThat(source.read(1)).as("no error is left behind").isEqualTo(new Ingress.Nothing());
    }

    @Test
    @DisplayName("S32, F9: a kept cork whose target dies is lost, and the next send is told")
    void aKeptCorkLosesItsTarget() {
        script.plays(run().redirectIn(0));
        source.sends("-".repeat(LIMIT)).succeeds();
        script.plays(run().cork(20), run().redirectIn(0), run());
        source.sends(TEXT).succeeds();
        source.sends(TEXT).succeeds();

        target.closes();

        assertThat(network.losses()).contains("20 bytes: redirected to a socket that is gone");
        source.sends(TEXT).failsWith(Errno.EPIPE);
        source.sends(TEXT).succeeds();
    }

    // --- The own socket is gone ------------------------------------------------------------------

    @Test
    @DisplayName("S25: a send that waits when the connection breaks returns what was sent before")
    void aResetWhileWaiting() {
        script.plays(run().apply(LIMIT), run().redirectIn(0));
        var waiting = source.sendsAndWaits(Bytes.pattern(3 * LIMIT));
        assertThat(waiting.isDone()).isFalse();

        source.peer().resets();

        assertThat(waiting.errno()).isEqualTo(Errno.ECONNRESET.number());
        assertThat(waiting.accepted()).isEqualTo(2 * LIMIT);
        assertThat(target.reads()).hasSize(LIMIT);
    }
}
