package io.jsockmap.conformance.send;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.Errno;
import io.jsockmap.conformance.lab.EngineTest;
import io.jsockmap.conformance.lab.KernelFault;
import io.jsockmap.conformance.lab.Lab;
import io.jsockmap.conformance.lab.MsgScript;
import io.jsockmap.conformance.lab.MsgScript.Step;
import io.jsockmap.conformance.lab.Stream;
import io.jsockmap.conformance.lab.Waiting;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.ByteBuffer;

/** What a verdict does to what is sent. */
@EngineTest
class MessageVerdictTest extends ScriptedSends {
    /** What fits into one message. */
    private static final int RING = 17 * 32768;

    // --- Pass and drop ---------------------------------------------------------------------------

    @Test
    @DisplayName("S10, S24: a pass sends on this socket, and all is accepted")
    void pass() throws Exception {
        sends(1);

        sender.farReceives(TEXT);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2, 3, -1, 100, Integer.MAX_VALUE})
    @DisplayName("S10, P21, D3: any value but SK_PASS drops: EACCES, and nothing is sent")
    void anyOtherValueDrops(int verdict) throws Exception {
        runs(Step.returns(verdict));

        sender.sendFails(TEXT, Errno.EACCES);

        sender.farReceivesNothing();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2})
    @DisplayName("S10: a drop drops though a target was chosen")
    void aDropWithATarget(int verdict) throws Exception {
        runs(Step.redirect(0), Step.returns(verdict));

        sender.sendFails(TEXT, Errno.EACCES);

        assertThat(script.run(0).results()).containsExactly(1L);
        target.farReceivesNothing();
    }

    @Test
    @DisplayName("S2, S3: the receiver sees what the program wrote, the sender's buffer does not")
    void writes() throws Exception {
        runs(Step.pull(0, 10), Step.store(0, 'x'), Step.store(9, 'y'));
        var buffer = Stream.bytes(TEXT);

        sender.send(buffer);

        sender.farReceives("x12345678y");
        assertThat(buffer).isEqualTo(Stream.bytes(TEXT));
    }

    @Test
    @DisplayName("S8: a send of nothing returns 0 and runs nothing, in one buffer or in several")
    void nothing() throws Exception {
        runs(Step.drop());

        ByteBuffer[] empty = {ByteBuffer.allocate(0), ByteBuffer.allocate(0)};

        assertThat(sender.send("")).isZero();
        assertThat(sender.near().write(empty)).isZero();

        assertThat(script.count()).isZero();
    }

    @Test
    @DisplayName("S13: buffers that are sent at once are one message")
    void severalBuffers() throws Exception {
        ByteBuffer[] buffers = {
            ByteBuffer.wrap(Stream.bytes("ab")), ByteBuffer.wrap(Stream.bytes("cde"))
        };

        Waiting.within(() -> sender.near().write(buffers));

        sender.farReceives("abcde");
        script.ranOn(5);
    }

    @Test
    @DisplayName("S6: a send larger than a message may be is cut; each part is judged, in order")
    void largerThanTheRing() throws Exception {
        sendsAll(pattern(1 << 20));

        assertThat(script.runs()).hasSizeGreaterThan(1).allMatch(run -> run.size() <= RING);
        assertThat(script.runs().stream().mapToInt(MsgScript.Run::size).sum()).isEqualTo(1 << 20);
    }

    @Test
    @DisplayName("S26: a drop of the second part reports what the first part sent")
    void dropOfTheSecondPart() throws Exception {
        runs(Step.redirectToIngress(0));
        runs(Step.drop());
        var text = pattern(RING + 1000);

        var sending = Waiting.start(() -> sender.send(text));
        Waiting.until(() -> script.count() > 0 && script.run(0).size() > 0);
        int first = script.run(0).size();
        target.receives(text.substring(0, first));

        assertThat(Waiting.result(sending)).isEqualTo(first);
    }

    // --- Redirect --------------------------------------------------------------------------------

    @Test
    @DisplayName("S29: redirect to the egress of a SOCKMAP's socket")
    void egressOfASockMap() throws Exception {
        runs(Step.redirect(0));
        runs();

        sends(1);
        sender.sends("own");

        target.farReceives(TEXT);
        sender.farReceives("own");
    }

    @Test
    @DisplayName("S30: redirect to the ingress of a SOCKMAP's socket")
    void ingressOfASockMap() throws Exception {
        runs(Step.redirectToIngress(0));
        runs();

        sends(1);
        sender.sends("own");

        target.receives(TEXT);
        sender.farReceives("own");
    }

    @Test
    @DisplayName("S29: redirect to the egress of a SOCKHASH's socket")
    void egressOfASockHash() throws Exception {
        script.hashTarget(7, target.socket());
        runs(Step.redirectByKey(7));

        sends(1);

        target.farReceives(TEXT);
    }

    @Test
    @DisplayName("S30: redirect to the ingress of a SOCKHASH's socket")
    void ingressOfASockHash() throws Exception {
        script.hashTarget(7, target.socket());
        runs(Step.redirectByKey(7).withFlags(1));

        sends(1);

        target.receives(TEXT);
    }

    @Test
    @DisplayName("S30: a reader that waits gets what is redirected in")
    void aReaderIsWoken() throws Exception {
        runs(Step.redirectToIngress(0));
        var reading = Waiting.start(() -> target.take(10));

        sends(1);

        assertThat(Waiting.result(reading)).isEqualTo(TEXT);
    }

    @Test
    @DisplayName("S10, D3: a redirect is a choice, and counts whatever way SK_PASS comes")
    void aChoice() throws Exception {
        runs(Step.redirect(0), Step.returns(1));
        runs(Step.redirect(0), Step.returnsLast());

        sender.sends("one");
        sender.sends("two");

        target.farReceives("onetwo");
    }

    @Test
    @DisplayName("S11: of several choices the last that succeeded wins")
    void theLastChoice(Lab lab) throws Exception {
        var other = lab.tcp();
        script.target(1, other.socket());
        runs(Step.redirect(0), Step.redirectToIngress(1));
        runs(Step.redirect(0), Step.redirect(7));
        runs(Step.redirect(0), Step.redirectToIngress(1).withFlags(3));

        sender.sends("first");
        sender.sends("second");
        sender.sends("third");

        other.receives("first");
        target.farReceives("secondthird");
        assertThat(script.run(1).results()).containsExactly(1L, 0L);
        assertThat(script.run(2).results()).containsExactly(1L, 0L);
    }

    @ParameterizedTest
    @ValueSource(longs = {5, 8, 0xffff_ffffL})
    @DisplayName("S11: no entry, or an index beyond the map, gives SK_DROP")
    void noEntry(long index) {
        runs(Step.redirect(index), Step.returnsLast());

        sender.sendFails(TEXT, Errno.EACCES);

        assertThat(script.run(0).results()).containsExactly(0L);
    }

    @Test
    @DisplayName("S11: a key that a SOCKHASH does not have gives SK_DROP")
    void noKey() {
        runs(Step.redirectByKey(7), Step.returnsLast());

        sender.sendFails(TEXT, Errno.EACCES);

        assertThat(script.run(0).results()).containsExactly(0L);
    }

    @ParameterizedTest
    @ValueSource(longs = {2, 3, 1L << 32, 1L << 63})
    @DisplayName("S11: flags other than BPF_F_INGRESS give SK_DROP, and choose nothing")
    void otherFlags(long flags) throws Exception {
        runs(Step.redirect(0).withFlags(flags));

        sends(1);

        assertThat(script.run(0).results()).containsExactly(0L);
        sender.farReceives(TEXT);
    }

    @Test
    @DisplayName("S11, X1: egress to a UNIX stream gives SK_DROP")
    void egressToUnix(Lab lab) throws Exception {
        script.target(1, lab.unix().socket());
        runs(Step.redirect(1), Step.returnsLast());

        sender.sendFails(TEXT, Errno.EACCES);
    }

    @Test
    @DisplayName("S30: ingress to a UNIX stream is read there")
    void ingressToUnix(Lab lab) throws Exception {
        var unix = lab.unix();
        script.target(1, unix.socket());
        runs(Step.redirectToIngress(1));

        sends(1);

        unix.receives(TEXT);
    }

    @Test
    @DisplayName("S11, X1: egress to UDP gives SK_DROP")
    void egressToUdp(Lab lab) throws Exception {
        script.target(1, lab.udp().socket());
        runs(Step.redirect(1), Step.returnsLast());

        sender.sendFails(TEXT, Errno.EACCES);
    }

    @Test
    @DisplayName("S30: ingress to UDP is read there")
    void ingressToUdp(Lab lab) throws Exception {
        var datagrams = lab.udp();
        script.target(1, datagrams.socket());
        runs(Step.redirectToIngress(1));

        sends(1);
        // Nobody who waits already is woken there (F36).
        Waiting.until(() -> script.count() == 1);

        datagrams.receives(TEXT);
    }

    @Test
    @DisplayName("S37: an IPv6 socket is a target of an IPv4 one")
    void fourToSix(Lab lab) throws Exception {
        var six = lab.tcp6();
        script.target(1, six.socket());
        runs(Step.redirect(1));
        runs(Step.redirectToIngress(1));

        sender.sends("out");
        sender.sends("in");

        six.farReceives("out");
        six.receives("in");
    }

    @Test
    @DisplayName("S37: an IPv4 socket is a target of an IPv6 one")
    void sixToFour(Lab lab) throws Exception {
        var six = lab.tcp6();
        script.sender(1, six.socket());
        runs(Step.redirect(0));
        runs(Step.redirectToIngress(0));

        six.sends("out");
        six.sends("in");

        target.farReceives("out");
        target.receives("in");
    }

    @Test
    @DisplayName("S29: the target's own program does not run on what is redirected to its egress")
    void theTargetsProgram() throws Exception {
        script.sender(1, target.socket());
        runs(Step.redirect(0));
        runs();

        sender.sends("through ");
        target.sends("own");

        target.farReceives("through own");
        script.ranOn(8, 3);
    }

    @Test
    @DisplayName("S29: redirected to its own egress, what a socket sends goes to its peer")
    void toItself() throws Exception {
        script.target(1, sender.socket());
        runs(Step.redirect(1));

        sends(1);

        sender.farReceives(TEXT);
        script.ranOn(10);
    }

    @Test
    @DisplayName("S30: redirected to its own ingress, what a socket sends is what it reads")
    void toItsOwnIngress() throws Exception {
        script.target(1, sender.socket());
        runs(Step.redirectToIngress(1));

        sends(1);

        sender.receives(TEXT);
    }

    @Test
    @DisplayName("F4, S12: a choice is forgotten with its run; a later run of the message has none")
    @KernelFault(value = "F4", instead = "the rest goes to the target of the run before")
    void aChoiceEndsWithItsRun() throws Exception {
        runs(Step.redirect(0), Step.apply(4));
        runs();

        sends(1);

        sender.farReceives("456789");
        target.farReceives("0123");
    }

    @Test
    @DisplayName("F4, S12: nor does the choice of a run that corks outlive it")
    @KernelFault(value = "F4", instead = "what was held goes to the target of the run that corked")
    void aChoiceDoesNotOutliveACork() throws Exception {
        runs(Step.redirect(0), Step.cork(20));
        runs();

        sends(2);

        sender.farReceives(TEXT + TEXT);
    }

    // --- Sources that have no verdicts -----------------------------------------------------------

    @Test
    @DisplayName("P18: no program runs on what a UNIX stream sends")
    void aUnixSender(Lab lab) throws Exception {
        runs(Step.drop());
        var unix = lab.unix();
        script.sender(1, unix.socket());

        unix.sends(TEXT);

        unix.farReceives(TEXT);
        assertThat(script.count()).isZero();
    }

    @Test
    @DisplayName("P18: no program runs on what a UDP socket sends")
    void aUdpSender(Lab lab) throws Exception {
        runs(Step.drop());
        var datagrams = lab.udp();
        script.sender(1, datagrams.socket());

        datagrams.sends(TEXT);

        datagrams.farReceives(TEXT);
        assertThat(script.count()).isZero();
    }

    @Test
    @DisplayName("P14: a socket in the map of targets alone sends without a program")
    void aPlainEntry() throws Exception {
        runs(Step.drop());

        target.sends(TEXT);

        target.farReceives(TEXT);
        assertThat(script.count()).isZero();
    }
}
