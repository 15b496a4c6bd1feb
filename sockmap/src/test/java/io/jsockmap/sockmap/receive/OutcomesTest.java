package io.jsockmap.sockmap.receive;

import static io.jsockmap.sockmap.receive.FramesTest.frame;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.sockmap.map.AttachType;
import io.jsockmap.sockmap.map.UserSockMap;
import io.jsockmap.sockmap.network.Connection;
import io.jsockmap.sockmap.network.NetworkTest;
import io.jsockmap.sockmap.socket.Limits;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What becomes of redirected messages at targets that are well, full, broken or gone. */
class OutcomesTest extends NetworkTest {
    private static final int LIMIT = 4096;

    private UserSockMap targets;
    private Connection source;
    private Connection target;

    OutcomesTest() {
        super(new Limits(LIMIT, LIMIT));
    }

    @BeforeEach
    void load() {
        var object = network.load("frames");
        targets = object.sockMap("targets");
        source = network.accepted();
        target = network.connected();
        targets.update(0, target.socket(), UpdateFlag.ANY);
        targets.attach(object.program("parse"), AttachType.SK_SKB_STREAM_PARSER);
        targets.attach(object.program("judge"), AttachType.SK_SKB_STREAM_VERDICT);
        targets.update(1, source.socket(), UpdateFlag.ANY);
    }

    @Test
    @DisplayName(
            "K21, K25, F8: a broken target takes nothing, and each loss is counted and reported")
    void brokenTarget() {
        target.peer().resets();

        source.peer().sends(frame("R1") + frame("I2") + frame("P"));

        assertThat(network.losses())
                .containsExactly(
                        "4 bytes: redirected to a socket that is gone",
                        "4 bytes: redirected to a socket that is gone");
        assertThat(source.account().receive().dropped()).isEqualTo(8);
        assertThat(source.reads()).isEqualTo(frame("P"));
    }

    @Test
    @DisplayName("K25, F8: after a message that failed, the next to the same target go")
    void aFailureBreaksNothing() {
        targets.delete(0);
        source.peer().sends(frame("R lost"));

        targets.update(0, target.socket(), UpdateFlag.ANY);
        source.peer().sends(frame("R1") + frame("I2"));

        assertThat(target.peer().received()).isEqualTo(frame("R1"));
        // Inserted anew it has the programs, but ingress is not judged again.
        assertThat(target.reads()).isEqualTo(frame("I2"));
        target.sends("own").succeeds();
    }

    @Test
    @DisplayName("K27, F7: a target that takes nothing stops its source, and memory stays bounded")
    void backPressure() {
        var message = frame("R" + "x".repeat(1000));
        source.peer().sends(message.repeat(100));

        assertThat(source.peer().stuck()).as("not accepted").isGreaterThan(80 * 1003L);
        long held = source.account().receive().held();
        long queued = target.account().egress().waiting() + target.account().send().held();
        assertThat(held).isLessThanOrEqualTo(LIMIT);
        // Each queue may exceed its limit by the message that did not fit.
        assertThat(queued).isLessThanOrEqualTo(2L * (LIMIT + message.length()));

        assertThat(target.peer().received()).isEqualTo(message.repeat(100));
    }

    @Test
    @DisplayName("K26, F16: ingress messages of one target pass egress messages that wait for it")
    void noWaitingForTheOtherDirection() {
        var other = network.accepted();
        targets.update(2, other.socket(), UpdateFlag.ANY);
        source.peer().sends(frame("R" + "x".repeat(1000)).repeat(20));
        assertThat(source.peer().stuck()).isPositive();

        other.peer().sends(frame("I am free"));

        assertThat(target.reads()).isEqualTo(frame("I am free"));
    }

    @Test
    @DisplayName("F31: a redirect is complete when the call that brought the bytes returns")
    void runsToCompletion() {
        int signals = target.egressSignals();

        source.peer().sends(frame("R"));

        assertThat(target.egressSignals()).isEqualTo(signals + 1);
        assertThat(target.account().egress().waiting()).isEqualTo(3);
        assertThat(source.account().receive().held()).isZero();
    }

    @Test
    @DisplayName("K29: dropped bytes count as read: the peer may send on")
    void droppedBytesMakeRoom() {
        source.peer().sends(frame("D" + "x".repeat(1000)).repeat(100));

        assertThat(source.peer().stuck()).isZero();
        assertThat(source.socket().receiveRoom()).isEqualTo(LIMIT);
    }

    @Test
    @DisplayName("K21, F8: a target that has ended its own stream takes no egress, but ingress")
    void targetThatEnded() {
        target.shutsOutput();

        source.peer().sends(frame("R1") + frame("I2"));

        assertThat(target.peer().received()).isEmpty();
        assertThat(target.peer().sawEnd()).isTrue();
        assertThat(target.reads()).isEqualTo(frame("I2"));
        assertThat(source.account().receive().dropped()).isEqualTo(4);
        assertThat(network.losses())
                .containsExactly("4 bytes: redirected to a socket that is gone");
    }

    @Test
    @DisplayName("K9: while a judged message waits for its target no time is over")
    void noTimeOutWhileATargetIsFull() {
        var sent = frame("R" + "x".repeat(1000)).repeat(20);
        source.peer().sends(sent);
        assertThat(source.peer().stuck()).isPositive();

        source.socket().receiveTimedOut();

        assertThat(target.peer().received()).isEqualTo(sent);
        assertThat(network.losses()).isEmpty();
    }
}
