package io.jsockmap.conformance.send;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.Errno;
import io.jsockmap.conformance.lab.EngineTest;
import io.jsockmap.conformance.lab.KernelFault;
import io.jsockmap.conformance.lab.Lab;
import io.jsockmap.conformance.lab.MsgScript.Step;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Messages that are held until more bytes are there. */
@EngineTest
class CorkTest extends ScriptedSends {
    private static final String MORE = "abcdefghij";

    // --- How long a message is held --------------------------------------------------------------

    @Test
    @DisplayName("S18: a held message is accepted, and nothing of it is sent")
    void held() throws Exception {
        runs(Step.cork(20));

        sends(1);

        sender.farReceivesNothing();
        script.ranOn(10);
    }

    @Test
    @DisplayName("S18, C30: cork 20 and sends of 10: two and two are judged, and sent, together")
    void twoAndTwo() throws Exception {
        runs(Step.cork(20));

        sends(4);

        sender.farReceives(TEXT.repeat(4));
        script.ranOn(10, 20, 10, 20);
    }

    @Test
    @DisplayName("S18, C30: cork 100: ten sends are two runs, and the eleventh begins anew")
    void tenTogether() throws Exception {
        runs(Step.cork(100));

        sends(11);

        sender.farReceives(TEXT.repeat(10));
        script.ranOn(10, 100, 10);
    }

    @Test
    @DisplayName("S18: the last send may bring more than was missing")
    void moreThanWasMissing() throws Exception {
        runs(Step.cork(15));

        sends(2);

        sender.farReceives(TEXT + TEXT);
        script.ranOn(10, 20);
    }

    @Test
    @DisplayName("S18: a cork for as many bytes as there are has no effect")
    void noMoreThanThereIs() throws Exception {
        runs(Step.cork(10));

        sends(2);

        sender.farReceives(TEXT + TEXT);
        script.ranOn(10, 10);
    }

    @Test
    @DisplayName("S18: a run behind a cork may ask for still more")
    void corkAgain() throws Exception {
        runs(Step.cork(20));
        runs(Step.cork(40));

        sends(4);

        sender.farReceives(TEXT.repeat(4));
        script.ranOn(10, 20, 40);
    }

    @Test
    @DisplayName("S17: a request to cork stands for the rest of its message")
    void theCorkStandsForTheRest() throws Exception {
        runs(Step.cork(10), Step.apply(4));
        runs();
        runs(Step.apply(0));

        sends(1);
        sender.farReceives("0123");
        sends(1);

        sender.farReceives("456789" + TEXT);
        script.ranOn(10, 6, 16);
    }

    @Test
    @DisplayName("F6: a cork ends with its message; the next is not held without a request")
    @KernelFault(value = "F6", instead = "the next message is held, too")
    void theRequestEndsWithItsMessage() throws Exception {
        runs(Step.cork(20));
        runs();

        sends(3);

        sender.farReceives(TEXT.repeat(3));
        script.ranOn(10, 20, 10);
    }

    @Test
    @DisplayName("S20: a full message ends a cork below its bytes")
    void aFullRing() throws Exception {
        runs(Step.cork(1 << 20));
        runs(Step.cork(0));

        sendsAll(pattern(600_000));

        assertThat(script.run(0).size()).isLessThanOrEqualTo(17 * 32768);
    }

    @Test
    @DisplayName("S22: while a verdict is carried over nothing is corked")
    void aCarriedVerdictCorksNothing() throws Exception {
        runs(Step.apply(20));
        runs(Step.cork(100));

        sends(2);
        sender.farReceives(TEXT + TEXT);
        sends(1);

        sender.farReceivesNothing();
        script.ranOn(10, 10);
    }

    @Test
    @DisplayName("S18: what one socket holds is not completed by another's sends")
    void ofOneSocket(Lab lab) throws Exception {
        var other = lab.tcp();
        script.sender(1, other.socket());
        runs(Step.cork(20));
        runs();

        sends(1);
        other.sends("other bytes");

        other.farReceives("other bytes");
        sender.farReceivesNothing();
        script.ranOn(10, 11);
    }

    // --- What the verdict of a cork means --------------------------------------------------------

    @Test
    @DisplayName("S19: the verdict of a run that corks is ignored, a drop too")
    void theVerdictOfACorkIsIgnored() throws Exception {
        runs(Step.cork(20), Step.drop());
        runs();

        sends(2);

        sender.farReceives(TEXT + TEXT);
        script.ranOn(10, 20);
    }

    @Test
    @DisplayName("S19, S32: a drop behind the cork drops all: the send that completed it fails")
    void dropBehindACork() throws Exception {
        runs(Step.cork(20));
        runs(Step.drop());

        sends(1);
        sender.sendFails(TEXT, Errno.EACCES);

        sender.farReceivesNothing();
        script.ranOn(10, 20);
    }

    @Test
    @DisplayName("S19: a redirect to ingress behind the cork takes all")
    void ingressBehindACork() throws Exception {
        runs(Step.cork(20));
        runs(Step.redirectToIngress(0));

        sends(2);

        target.receives(TEXT + TEXT);
    }

    @Test
    @DisplayName("S19: a redirect to egress behind the cork takes all")
    void egressBehindACork() throws Exception {
        runs(Step.cork(20));
        runs(Step.redirect(0));

        sends(2);

        target.farReceives(TEXT + TEXT);
    }

    @Test
    @DisplayName("S18: a program may write into what was held, when it runs on the whole")
    void writesIntoTheWhole() throws Exception {
        runs(Step.cork(20));
        runs(Step.pull(0, 20), Step.store(0, 'x'), Step.store(19, 'y'));

        sender.sends(TEXT);
        sender.sends(MORE);

        sender.farReceives("x123456789abcdefghiy");
    }

    @Test
    @DisplayName("F40, S22: with apply smaller than the message the rest is the cork")
    @KernelFault(value = "F40", instead = "a later send fails with ENOSPC, or takes nothing")
    void theRestIsTheCork() throws Exception {
        runs(Step.cork(20), Step.apply(5));
        runs();
        runs();
        runs(Step.cork(0), Step.apply(0));

        sends(3);

        sender.farReceives(TEXT.repeat(3));
        script.ranOn(10, 20, 15, 25);
    }

    // --- What ends a cork ------------------------------------------------------------------------

    @Test
    @DisplayName("F3, S21: at a shutdown a held message is judged, and sent before the end")
    @KernelFault(value = "F3", instead = "the bytes vanish")
    void shutdown() throws Exception {
        runs(Step.cork(100));
        runs(Step.cork(100), Step.store(0, 'x'));
        sends(1);

        sender.near().shutdownOutput();

        sender.farReceives("x" + TEXT.substring(1));
        sender.farReceivesEnd();
        script.ranOn(10, 10);
    }

    @Test
    @DisplayName("F3, S21: so it is at a close")
    @KernelFault(value = "F3", instead = "the bytes vanish")
    void close() throws Exception {
        runs(Step.cork(100));
        sends(1);

        sender.near().close();

        sender.farReceives(TEXT);
        sender.farReceivesEnd();
    }

    @Test
    @DisplayName("F3: the last verdict on a held message may be a redirect")
    @KernelFault(value = "F3", instead = "the bytes vanish")
    void closeWithARedirect() throws Exception {
        runs(Step.cork(100));
        runs(Step.redirectToIngress(0));
        sends(1);

        sender.near().close();

        target.receives(TEXT);
    }

    @Test
    @DisplayName("F2, M45: so it is when the socket leaves the map")
    @KernelFault(value = "F2", instead = "the bytes vanish")
    void removal() throws Exception {
        runs(Step.cork(100));
        sends(1);

        script.object().sockMap("senders").delete(0);
        sender.sends(MORE);

        sender.farReceives(TEXT + MORE);
        script.ranOn(10, 10);
    }

    @Test
    @DisplayName("F9: what was held for a target that can't take it is reported by the next send")
    @KernelFault(value = "F9", instead = "all sends report success")
    void aBrokenTarget() throws Exception {
        runs(Step.cork(20));
        runs(Step.redirect(0));
        runs();
        target.near().shutdownOutput();
        sends(2);

        sender.sendFails(TEXT, Errno.EPIPE);
        sender.sends(MORE);

        sender.farReceives(MORE);
    }
}
