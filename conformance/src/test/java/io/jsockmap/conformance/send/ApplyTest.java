package io.jsockmap.conformance.send;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.Errno;
import io.jsockmap.conformance.lab.EngineTest;
import io.jsockmap.conformance.lab.KernelFault;
import io.jsockmap.conformance.lab.Lab;
import io.jsockmap.conformance.lab.MsgScript.Step;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A verdict for a number of bytes. */
@EngineTest
class ApplyTest extends ScriptedSends {
    @Test
    @DisplayName("S13: a verdict that asks for nothing is given on each send")
    void eachSend() throws Exception {
        sender.sends("one");
        sender.sends("second");

        sender.farReceives("onesecond");
        script.ranOn(3, 6);
    }

    @Test
    @DisplayName("S14: apply 4, send of 10: runs on 10, 6 and 2")
    void fewerThanTheMessage() throws Exception {
        runs(Step.apply(4));

        sends(1);

        sender.farReceives(TEXT);
        script.ranOn(10, 6, 2);
    }

    @Test
    @DisplayName("S14: a run for the rest begins at the first byte behind those of the verdict")
    void theRestBeginsBehind() throws Exception {
        runs(Step.apply(4));

        sends(1);

        assertThat(script.runs())
                .extracting(run -> (char) run.first())
                .containsExactly('0', '4', '8');
    }

    @Test
    @DisplayName("S15: a verdict carries over to later sends, and may end within one")
    void largerThanTheMessage() throws Exception {
        runs(Step.apply(25));

        sends(4);

        sender.farReceives(TEXT.repeat(4));
        script.ranOn(10, 5);
        assertThat(script.run(1).first()).isEqualTo('5');
    }

    @Test
    @DisplayName("S15: the target is kept while its verdict holds, though its entry is replaced")
    void theTargetIsKept(Lab lab) throws Exception {
        var next = lab.tcp();
        // The first target stays in the map, so that it is not broken.
        script.target(1, target.socket());
        runs(Step.redirect(0), Step.apply(25));
        sends(1);
        script.target(0, next.socket());

        sends(3);

        target.farReceives(TEXT + TEXT + "01234");
        next.farReceives("56789" + TEXT);
        script.ranOn(10, 5);
    }

    @Test
    @DisplayName("S15, F29: the direction is kept, too, over a part of a message")
    void theDirectionIsKept() throws Exception {
        runs(Step.redirectToIngress(0), Step.apply(15));
        runs(Step.apply(0));

        sends(1);
        sender.sends("inside, outside");

        target.receives(TEXT + "insid");
        sender.farReceives("e, outside");
        script.ranOn(10, 10);
    }

    @Test
    @DisplayName("S15: a carried verdict belongs to its socket alone")
    void ofOneSocket(Lab lab) throws Exception {
        var other = lab.tcp();
        script.sender(1, other.socket());
        runs(Step.apply(25), Step.redirect(0));
        runs(Step.apply(0));

        sends(1);
        other.sends("other");
        sends(1);

        target.farReceives(TEXT + TEXT);
        other.farReceives("other");
        script.ranOn(10, 5);
    }

    @Test
    @DisplayName("S16: apply 0 cancels: the verdict is for this message alone")
    void zeroCancels() throws Exception {
        runs(Step.apply(4), Step.apply(0));

        sends(2);

        script.ranOn(10, 10);
    }

    @Test
    @DisplayName("S16: the last call of a run wins")
    void theLastCallWins() throws Exception {
        runs(Step.apply(4), Step.apply(6));

        sends(1);

        script.ranOn(10, 4);
    }

    @Test
    @DisplayName("S17: on a run for the rest the earlier request stands")
    void theRequestStandsForTheRest() throws Exception {
        runs(Step.apply(4));
        runs();

        sender.sends("0123456789abcde");

        script.ranOn(15, 11, 7, 3);
    }

    @Test
    @DisplayName("S17: unless that run makes another")
    void theRestHasARequestOfItsOwn() throws Exception {
        runs(Step.apply(4));
        runs(Step.apply(0));

        sender.sends("0123456789abcde");

        script.ranOn(15, 11);
    }

    @Test
    @DisplayName("S16: a request ends with its message; the next has none")
    void requestsEndWithTheirMessage() throws Exception {
        runs(Step.apply(10));
        runs();

        sends(1);
        sender.sends(pattern(25));

        script.ranOn(10, 25);
    }

    @Test
    @DisplayName("S14, C50: apply 2^32-1 judges a stream once, and redirects all of it")
    void onceForAll() throws Exception {
        runs(Step.redirect(0), Step.apply(0xffff_ffffL));
        runs(Step.drop());

        sends(5);

        target.farReceives(TEXT.repeat(5));
        script.ranOn(10);
    }

    @Test
    @DisplayName("S23: both helpers give 0, whatever the number")
    void theHelpersGiveZero() throws Exception {
        runs(Step.apply(0xffff_ffffL), Step.cork(0), Step.apply(0));

        sends(1);

        assertThat(script.run(0).results()).containsExactly(0L, 0L, 0L);
    }

    // --- Drops -----------------------------------------------------------------------------------

    @Test
    @DisplayName("F5: a drop with apply 4 drops four bytes; the rest is judged again")
    @KernelFault(value = "F5", instead = "the rest is reported as sent, and freed")
    void aDropOfApplied() throws Exception {
        runs(Step.apply(4), Step.drop());
        runs();

        sender.sends("dropABC");

        sender.farReceives("ABC");
    }

    @Test
    @DisplayName("F5, S26: a drop of the last bytes reports those that were accepted before")
    @KernelFault(value = "F5", instead = "2 of the 6 bytes that are gone are reported as sent")
    void aDropOfTheLast() throws Exception {
        runs(Step.apply(4));
        runs(Step.drop());

        assertThat(sender.send(TEXT)).isEqualTo(4);

        sender.farReceives("0123");
    }

    @Test
    @DisplayName("F5, S26: of bytes that are dropped between others the others arrive")
    @KernelFault(value = "F5", instead = "the rest is reported as sent, and freed")
    void aDropInTheMiddle() throws Exception {
        runs(Step.apply(3));
        runs(Step.drop());
        runs(Step.apply(0));

        sends(1);

        sender.farReceives("0126789");
    }

    @Test
    @DisplayName("F5, S15: a drop that carries over ends within a send, and the rest passes")
    @KernelFault(value = "F5", instead = "all of the second send is freed, and half reported")
    void aDropCarriesOver() throws Exception {
        runs(Step.apply(15), Step.drop());
        runs(Step.apply(0));

        sender.sendFails(TEXT, Errno.EACCES);
        sends(1);

        sender.farReceives("56789");
        script.ranOn(10, 5);
    }

    @Test
    @DisplayName("S28: a drop for more bytes than a message has stays, without a run")
    void aDropForManyBytes() {
        runs(Step.apply(100), Step.drop());

        for (int i = 0; i < 5; i++) sender.sendFails(TEXT, Errno.EACCES);

        script.ranOn(10);
    }

    @Test
    @DisplayName("S28: until the socket is taken out and inserted again")
    void aDropEndsByInsertion() throws Exception {
        runs(Step.apply(100), Step.drop());
        runs();
        sender.sendFails(TEXT, Errno.EACCES);

        script.object().sockMap("senders").delete(0);
        script.sender(0, sender.socket());
        sends(1);

        sender.farReceives(TEXT);
        script.ranOn(10, 10);
    }

    @Test
    @DisplayName("F6, S28: a drop ends with its message: the next is judged")
    @KernelFault(value = "F6", instead = "no program runs, and every send fails for ever")
    void aDropEndsWithItsMessage() throws Exception {
        runs(Step.drop());
        runs(Step.drop());
        runs();

        sender.sendFails("dropped", Errno.EACCES);
        sender.sendFails("this, too", Errno.EACCES);
        sends(1);

        sender.farReceives(TEXT);
    }
}
