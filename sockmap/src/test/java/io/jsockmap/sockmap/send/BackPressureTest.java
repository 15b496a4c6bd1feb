package io.jsockmap.sockmap.send;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.sockmap.map.AttachType;
import io.jsockmap.sockmap.map.UserSockMap;
import io.jsockmap.sockmap.network.Bytes;
import io.jsockmap.sockmap.network.Connection;
import io.jsockmap.sockmap.network.NetworkTest;
import io.jsockmap.sockmap.socket.Limits;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A sender whose bytes nobody takes waits, or is told to come again; memory stays bounded. */
@DisplayName("F7: back-pressure on senders")
class BackPressureTest extends NetworkTest {
    private static final int LIMIT = 10_000;
    private static final int MESSAGE = 1000;

    private UserSockMap targets;
    private Connection source;
    private Connection target;

    BackPressureTest() {
        super(new Limits(LIMIT, LIMIT));
    }

    @BeforeEach
    void load() {
        var object = network.load("msg-verdict");
        targets = object.sockMap("targets");
        source = network.connected();
        target = network.accepted();
        targets.update(0, target.socket(), UpdateFlag.ANY);
        targets.attach(object.program("judge"), AttachType.SK_MSG_VERDICT);
        targets.update(1, source.socket(), UpdateFlag.ANY);
    }

    private static String message(char first) {
        return first + Bytes.pattern(MESSAGE - 1);
    }

    /** Sends until the socket says EAGAIN; how many bytes were accepted. */
    private long fills(Connection sender, char first) {
        long accepted = 0;
        while (true) {
            var sending = sender.sends(message(first));
            accepted += sending.accepted();
            if (sending.errno() == 0) continue;
            assertThat(sending.errno()).isEqualTo(Errno.EAGAIN.number());
            return accepted;
        }
    }

    @Test
    @DisplayName(
            "a non-blocking send gets EAGAIN when the own queue is full; accepted bytes arrive")
    void ownEgressFull() {
        long accepted = fills(source, 'P');

        assertThat(accepted).isEqualTo(LIMIT);
        assertThat(source.peer().received()).hasSize(LIMIT);
        source.sends("P again").succeeds();
    }

    @Test
    @DisplayName("S30, F7: ingress redirects are bounded by the target's receive limit")
    void targetsIngressFull() {
        long accepted = fills(source, 'I');

        assertThat(accepted).isEqualTo(LIMIT);
        assertThat(target.socket().available()).isEqualTo(LIMIT);
        assertThat(target.reads()).hasSize(LIMIT);
        source.sends("I again").succeeds();
        assertThat(target.reads()).isEqualTo("I again");
    }

    @Test
    @DisplayName("S29, F7: egress redirects are bounded by the target's send limit")
    void targetsEgressFull() {
        long accepted = fills(source, 'R');

        assertThat(accepted).isEqualTo(LIMIT);
        assertThat(target.peer().received()).hasSize(LIMIT);
    }

    @Test
    @DisplayName("what EAGAIN refused is in no account, and is accepted by the next try")
    void refusedBytesAreTheCallers() {
        fills(source, 'I');
        var before = source.account().send();

        source.sends(message('I')).failsWith(Errno.EAGAIN);

        assertThat(source.account().send()).isEqualTo(before);
    }

    @Test
    @DisplayName(
            "F16: a full egress queue does not hold ingress of the same target, nor the reverse")
    void directionsDoNotHoldEachOther() {
        fills(source, 'R');
        source.sends("I free").succeeds();
        assertThat(target.reads()).isEqualTo("I free");

        target.peer().received();
        fills(source, 'I');
        source.sends("R free").succeeds();
        assertThat(target.peer().received()).isEqualTo("R free");
    }

    @Test
    @DisplayName("a blocking send waits for the peer, and goes on where it stopped")
    void blockingSendWaitsForThePeer() {
        var big = Bytes.pattern(10 * LIMIT);
        targets.delete(1);
        var sending = source.sendsAndWaits(big);
        assertThat(sending.isDone()).isFalse();
        assertThat(source.account().egress().waiting()).isLessThanOrEqualTo(LIMIT + 65536L);

        assertThat(source.peer().received()).isEqualTo(big);

        assertThat(sending.accepted()).isEqualTo(big.length());
    }

    @Test
    @DisplayName("a blocking send waits for the target's reader")
    void blockingSendWaitsForTheReader() {
        fills(source, 'I');
        var sending = source.sendsAndWaits(message('I'));
        assertThat(sending.isDone()).isFalse();

        assertThat(target.reads()).hasSize(LIMIT + MESSAGE);

        sending.succeeds();
    }

    @Test
    @DisplayName("sends behind a waiting one keep their order")
    void sendsStandInLine() {
        fills(source, 'I');
        var first = source.sendsAndWaits("I first ");
        var second = source.sendsAndWaits("I second");
        source.sends("I third, which may not wait").failsWith(Errno.EAGAIN);

        assertThat(target.reads()).endsWith("I first I second");

        first.succeeds();
        second.succeeds();
    }

    @Test
    @DisplayName("S31: EPIPE for a send that waits for a target that closes")
    void targetClosesWhileASendWaits() {
        fills(source, 'I');
        var sending = source.sendsAndWaits(message('I'));

        target.closes();

        sending.failsWith(Errno.EPIPE);
    }

    @Test
    @DisplayName("S31: EPIPE for a send that waits for a target that is deleted from its map")
    void targetLeavesItsMapWhileASendWaits() {
        fills(source, 'I');
        var sending = source.sendsAndWaits(message('I'));

        targets.delete(0);

        sending.failsWith(Errno.EPIPE);
        assertThat(target.reads()).as("F2: what was queued stays readable").hasSize(LIMIT);
    }

    @Test
    @DisplayName("a send that waits ends with the error when the connection breaks")
    void resetWhileASendWaits() {
        var sending = source.sendsAndWaits("P" + Bytes.pattern(3 * LIMIT));
        var next = source.sendsAndWaits("P next");

        source.peer().resets();

        assertThat(sending.errno()).isZero();
        next.failsWith(Errno.ECONNRESET);
    }

    @Test
    @DisplayName("the end of stream follows a send that waits")
    void shutdownBehindASend() {
        fills(source, 'P');
        var sending = source.sendsAndWaits("P last");
        source.shutsOutput();
        assertThat(source.peer().sawEnd()).isFalse();

        assertThat(source.peer().received()).endsWith("P last");

        sending.succeeds();
        assertThat(source.peer().sawEnd()).isTrue();
    }
}
