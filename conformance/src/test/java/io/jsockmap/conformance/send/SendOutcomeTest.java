package io.jsockmap.conformance.send;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.Errno;
import io.jsockmap.conformance.lab.EngineTest;
import io.jsockmap.conformance.lab.KernelFault;
import io.jsockmap.conformance.lab.MsgScript.Step;
import io.jsockmap.conformance.lab.Stream;
import io.jsockmap.conformance.lab.Waiting;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import java.io.IOException;

/** What a send returns when its way is blocked or broken, and what becomes of its bytes. */
@EngineTest
class SendOutcomeTest extends ScriptedSends {
    private static final int MUCH = 8 << 20;

    // --- Targets that are gone -------------------------------------------------------------------

    @Test
    @DisplayName(
            "S31: egress to a target whose send side is shut is EPIPE, and no error of the source")
    void theTargetIsShut() throws Exception {
        runs(Step.redirect(0));
        runs();
        target.near().shutdownOutput();

        sender.sendFails("lost", Errno.EPIPE);
        sends(1);

        sender.farReceives(TEXT);
    }

    @Test
    @DisplayName("S31: egress to a target that was reset is EPIPE")
    void theTargetWasReset() throws Exception {
        runs(Step.redirect(0));
        target.farResets();
        target.receiveFails(Errno.ECONNRESET);

        sender.sendFails(TEXT, Errno.EPIPE);
    }

    @Test
    @DisplayName("S31: a target that shut its send side still takes ingress")
    void ingressToATargetThatIsShut() throws Exception {
        runs(Step.redirectToIngress(0));
        target.near().shutdownOutput();

        sends(1);

        target.receives(TEXT);
    }

    @Test
    @DisplayName("S31: so does one that has seen its peer's end of stream")
    void ingressToATargetThatSawTheEnd() throws Exception {
        runs(Step.redirectToIngress(0));
        target.farShutsDown();
        target.receivesEnd();

        sends(1);

        target.receives(TEXT);
        target.receivesEnd();
    }

    @Test
    @DisplayName("M46, S11: a target that closed has left the map, so there is none to choose")
    void theTargetClosed() {
        runs(Step.redirect(0), Step.returnsLast());
        target.near().close();

        sender.sendFails(TEXT, Errno.EACCES);
    }

    @Test
    @DisplayName("F8: a target that is inserted again works again")
    void theTargetIsBack() throws Exception {
        runs(Step.redirect(0));
        leavesItsMap();
        sender.sends("own");

        isInsertedAgain();
        sends(1);

        sender.farReceives("own");
        target.farReceives(TEXT);
    }

    @Test
    @DisplayName("S31: a carried target that left its map is EPIPE, and what failed counts")
    void aCarriedTargetThatLeft() throws Exception {
        runs(Step.redirect(0), Step.apply(25));
        runs();
        sends(1);
        leavesItsMap();

        sender.sendFails(TEXT, Errno.EPIPE);
        sender.sendFails(TEXT, Errno.EPIPE);
        sends(1);

        target.farReceives(TEXT);
        sender.farReceives(TEXT);
        script.ranOn(10, 10);
    }

    @Test
    @DisplayName("S31: so it is to ingress")
    void aCarriedIngressThatLeft() throws Exception {
        runs(Step.redirectToIngress(0), Step.apply(20));
        runs();
        sends(1);
        target.receives(TEXT);
        leavesItsMap();

        sender.sendFails(TEXT, Errno.EPIPE);
        sends(1);

        sender.farReceives(TEXT);
    }

    @Test
    @DisplayName("S31, F8: a carried target that closed is EPIPE, and not a success for nothing")
    void aCarriedTargetThatClosed() throws Exception {
        runs(Step.redirectToIngress(0), Step.apply(100));
        sends(1);
        target.receives(TEXT);

        target.near().close();

        sender.sendFails(TEXT, Errno.EPIPE);
    }

    @Test
    @DisplayName("S31, F8: a carried target that left and came back is a target again")
    void aCarriedTargetThatCameBack() throws Exception {
        runs(Step.redirect(0), Step.apply(100));
        sends(1);
        leavesItsMap();
        sender.sendFails(TEXT, Errno.EPIPE);

        isInsertedAgain();
        sends(1);

        target.farReceives(TEXT + TEXT);
    }

    @Test
    @DisplayName("S32: a redirect that fails behind bytes that went: those are the count")
    void partThenABrokenTarget() throws Exception {
        runs(Step.apply(4));
        runs(Step.redirect(0), Step.apply(0));
        target.near().shutdownOutput();

        assertThat(sender.send(TEXT)).isEqualTo(4);

        sender.farReceives("0123");
    }

    // --- The own socket is gone ------------------------------------------------------------------

    @Test
    @DisplayName("S34: after a reset every send fails with ECONNRESET, and no program runs")
    void afterAReset() throws Exception {
        sender.farResets();
        Waiting.until(this::isReset);
        int runs = script.count();

        sender.sendFails(TEXT, Errno.ECONNRESET);
        sender.sendFails(TEXT, Errno.ECONNRESET);

        assertThat(script.count()).isEqualTo(runs);
    }

    /** The reset is on its way; sends find out when it has come. */
    private boolean isReset() {
        try {
            sender.send(TEXT);
            return false;
        } catch (IOException _) {
            return true;
        }
    }

    @Test
    @DisplayName("F10: after the own shutdown EPIPE, and no program runs")
    @KernelFault(value = "F10", instead = "the program runs first")
    void afterTheOwnShutdown() {
        sender.near().shutdownOutput();

        sender.sendFails(TEXT, Errno.EPIPE);

        assertThat(script.count()).isZero();
    }

    @Test
    @DisplayName("F10: after the own shutdown nothing is redirected")
    @KernelFault(value = "F10", instead = "a redirect still delivers")
    void noRedirectAfterTheOwnShutdown() throws Exception {
        runs(Step.redirectToIngress(0));
        sender.near().shutdownOutput();

        sender.sendFails(TEXT, Errno.EPIPE);

        target.receivesNothing();
    }

    // --- No room ---------------------------------------------------------------------------------

    @Test
    @DisplayName("S25, F23: of a long send without waiting exactly the bytes returned arrive, once")
    void aPartOfALongSend() throws Exception {
        var text = pattern(MUCH);
        sender.near().configureBlocking(false);

        int accepted = sender.send(text);
        sender.near().configureBlocking(true);

        assertThat(accepted).isBetween(1, MUCH - 1);
        sender.farReceives(text.substring(0, accepted));
        sender.sends("!");
        sender.farReceives("!");
    }

    @Test
    @DisplayName("S29, F23: so it is with what is redirected to egress")
    void aPartOfALongRedirect() throws Exception {
        runs(Step.redirect(0));
        var text = pattern(MUCH);
        sender.near().configureBlocking(false);

        int accepted = sender.send(text);
        sender.near().configureBlocking(true);

        assertThat(accepted).isBetween(1, MUCH - 1);
        target.farReceives(text.substring(0, accepted));
        sender.sends("!");
        target.farReceives("!");
    }

    @Test
    @DisplayName("S29, F37: a redirect waits for a slow reader; every byte arrives")
    void aSlowReader() throws Exception {
        runs(Step.redirect(0));
        var text = pattern(MUCH);
        var sending = Waiting.start(() -> sender.send(text));

        target.farReceives(text);

        assertThat(Waiting.result(sending)).isEqualTo(MUCH);
    }

    @Test
    @DisplayName("F23: a caller that sends the rest again, and again, has sent each byte once")
    void theRestIsSentAgain() throws Exception {
        runs(Step.apply(30_000));
        var text = pattern(MUCH);
        var reading =
                Waiting.start(
                        () -> {
                            sender.farReceives(text);
                            return text;
                        });

        sender.near().configureBlocking(false);
        for (int sent = 0; sent < MUCH; ) {
            sent += sender.send(text.substring(sent, Math.min(MUCH, sent + (1 << 20))));
        }

        Waiting.result(reading);
    }

    @Test
    @DisplayName("F6: a pass that found no room ends with its call: what is sent next is judged")
    @KernelFault(value = "F6", instead = "what is sent next passes without a run")
    void aPassWithoutRoom() throws Exception {
        var piece = pattern(1 << 16);
        var accepted = new StringBuilder();
        sender.near().configureBlocking(false);
        int last;
        do {
            last = sender.send(piece);
            accepted.append(piece, 0, last);
        } while (last == piece.length());
        sender.near().configureBlocking(true);
        sender.farReceives(accepted.toString());

        runs(Step.drop());

        sender.sendFails(TEXT, Errno.EACCES);
    }

    @Test
    @DisplayName("F7: a target that nobody reads does not take everything")
    @KernelFault(value = "F7", instead = "the queue has no bound")
    void aBoundedQueue() throws Exception {
        runs(Step.redirectToIngress(0));
        var piece = Stream.bytes(pattern(1 << 16));
        sender.near().configureBlocking(false);

        int accepted = 0;
        int last;
        do {
            last = sender.send(piece);
            accepted += last;
        } while (last == piece.length && accepted < MUCH);

        assertThat(accepted).isLessThan(MUCH);
        sender.near().configureBlocking(true);
        target.receives(pattern(1 << 16).substring(0, 100));
    }
}
