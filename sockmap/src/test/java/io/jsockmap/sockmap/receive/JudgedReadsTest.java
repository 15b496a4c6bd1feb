package io.jsockmap.sockmap.receive;

import static io.jsockmap.sockmap.receive.FramesTest.frame;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.sockmap.map.AttachType;
import io.jsockmap.sockmap.map.UserSockMap;
import io.jsockmap.sockmap.network.Bytes;
import io.jsockmap.sockmap.network.Connection;
import io.jsockmap.sockmap.network.NetworkTest;
import io.jsockmap.sockmap.socket.Ingress;
import io.jsockmap.sockmap.socket.Limits;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What an application finds on a socket whose received bytes a verdict judges. */
class JudgedReadsTest extends NetworkTest {
    private static final int LIMIT = 100;

    private UserSockMap targets;
    private Connection source;
    private Connection target;

    JudgedReadsTest() {
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
    @DisplayName("R4: first the error, once, then the peer's end of stream, again and again")
    void errorBeforeEnd() {
        source.peer().closes();
        source.peer().resets();

        assertThat(source.read(1)).isEqualTo(new Ingress.Failed(Errno.ECONNRESET.number()));
        assertThat(source.read(1)).isEqualTo(new Ingress.End());
        assertThat(source.read(1)).isEqualTo(new Ingress.End());
    }

    @Test
    @DisplayName("R4: the own shutdown of input is an end; closed, a read is EBADF")
    void shutAndClosed() {
        source.socket().shutdownInput();
        assertThat(source.read(1)).isEqualTo(new Ingress.End());

        source.closes();
        assertThat(source.read(1)).isEqualTo(new Ingress.Failed(Errno.EBADF.number()));
        assertThat(source.recv(1)).isEqualTo(new Ingress.Failed(Errno.EBADF.number()));
        assertThat(source.socket().peek(1)).isEqualTo(new Ingress.Failed(Errno.EBADF.number()));
    }

    @Test
    @DisplayName("R5, R15, F19: a message dropped or redirected ends no wait, and wakes nobody")
    void nothingForTheReader() {
        int woken = source.readSignals();

        source.peer().sends(frame("D") + frame("R") + frame("I"));

        assertThat(source.read(9)).isEqualTo(new Ingress.Nothing());
        assertThat(source.readSignals()).isEqualTo(woken);
        source.peer().sends(frame("P"));
        assertThat(source.readSignals()).isGreaterThan(woken);
        assertThat(source.reads()).isEqualTo(frame("P"));
    }

    @Test
    @DisplayName("R13: readable is what the queue has, whatever waits for a target")
    void readableWhileATargetIsFull() {
        var redirected = frame("R" + "x".repeat(LIMIT - 3));
        source.peer().sends(frame("P") + redirected.repeat(4));
        assertThat(source.account().receive().held()).isPositive();

        assertThat(source.socket().available()).isEqualTo(3);
        assertThat(source.reads(9)).isEqualTo(frame("P"));
        assertThat(source.read(9)).isEqualTo(new Ingress.Nothing());
        assertThat(target.peer().received()).isEqualTo(redirected.repeat(4));
    }

    @Test
    @DisplayName("R16, F20: available is what was passed, not what has no verdict yet")
    void available() {
        source.peer().sends(frame("Pass me on") + "\0");
        assertThat(source.socket().available()).isEqualTo(12);

        assertThat(source.reads(4)).hasSize(4);

        assertThat(source.socket().available()).isEqualTo(8);
        assertThat(source.reads()).hasSize(8);
        assertThat(source.socket().available()).isZero();
    }

    @Test
    @DisplayName(
            "R10, R11, F13: all passed bytes come before the end, also those that waited for room")
    void endBehindAll() {
        var sent = frame("P" + "x".repeat(LIMIT / 2)).repeat(20);
        source.peer().sends(sent);
        source.peer().closes();

        var read = new StringBuilder();
        while (!(source.recv(7) instanceof Ingress.End)) {
            if (source.outcome() instanceof Ingress.Bytes(var chunk)) {
                read.append(Bytes.text(chunk.copy()));
            }
        }

        assertThat(read.toString()).isEqualTo(sent);
    }

    @Test
    @DisplayName("R17: after the own shutdown of input a message that waits for room is read, too")
    void shutdownKeepsWhatWaits() {
        var sent = frame("P" + "x".repeat(LIMIT - 3)).repeat(2);
        source.peer().sends(sent);
        source.socket().shutdownInput();

        assertThat(source.reads()).isEqualTo(sent);
        assertThat(source.outcome()).isEqualTo(new Ingress.End());
    }

    @Test
    @DisplayName("R17: after the own shutdown of input nobody waits for what goes elsewhere")
    void shutdownDoesNotWaitForTargets() {
        source.peer().sends(frame("R" + "x".repeat(LIMIT - 3)).repeat(4));
        assertThat(source.read(1)).isEqualTo(new Ingress.Nothing());

        source.socket().shutdownInput();

        assertThat(source.read(1)).isEqualTo(new Ingress.End());
        assertThat(target.peer().received()).hasSize(4 * LIMIT);
    }

    @Test
    @DisplayName("R7, R14: whoever looks for more than half a queue without taking it gets it, too")
    void lookingWithoutTaking() {
        var half = frame("P" + "x".repeat(LIMIT / 2 - 3));
        source.peer().sends(half.repeat(3));
        // The third waits; with 60 of 100 bytes left it is not woken by the read alone.
        assertThat(source.reads(40)).hasSize(40);
        int woken = source.readSignals();

        assertThat(source.peeks(110)).hasSize(60);

        assertThat(source.readSignals()).as("there is more").isGreaterThan(woken);
        assertThat(source.peeks(110)).hasSize(110);
        assertThat(source.reads()).hasSize(110);
    }
}
