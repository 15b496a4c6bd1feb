package io.jsockmap.sockmap.receive;

import static io.jsockmap.sockmap.receive.FramesTest.frame;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.sockmap.map.AttachType;
import io.jsockmap.sockmap.network.Bytes;
import io.jsockmap.sockmap.network.Connection;
import io.jsockmap.sockmap.network.NetworkTest;
import io.jsockmap.sockmap.socket.Limits;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Redirected bytes at a target whose own sends wait for the same queue. */
@DisplayName("K22, K23, F37: redirected bytes behind the target's own sends")
class BacklogTest extends NetworkTest {
    private static final int LIMIT = 100;

    private Connection source;
    private Connection target;

    BacklogTest() {
        super(new Limits(1000, LIMIT));
    }

    @BeforeEach
    void load() {
        var object = network.load("frames");
        var targets = object.sockMap("targets");
        source = network.accepted();
        target = network.connected();
        targets.update(0, target.socket(), UpdateFlag.ANY);
        targets.attach(object.program("parse"), AttachType.SK_SKB_STREAM_PARSER);
        targets.attach(object.program("judge"), AttachType.SK_SKB_STREAM_VERDICT);
        targets.update(1, source.socket(), UpdateFlag.ANY);
    }

    @Test
    @DisplayName("a send that waits and the redirected bytes behind it both go on")
    void neitherWaitsForTheOtherForEver() {
        target.sends("own bytes that fill the queue: " + Bytes.pattern(LIMIT)).succeeds();
        var waiting = target.sendsAndWaits("own bytes that wait");
        source.peer().sends(frame("R" + Bytes.pattern(LIMIT)));

        var received = target.peer().received();

        waiting.succeeds();
        assertThat(received).endsWith("own bytes that wait" + frame("R" + Bytes.pattern(LIMIT)));
    }

    @Test
    @DisplayName("redirected bytes that wait are held by the target, and balance")
    void waitingBytesAreHeld() {
        target.sends(Bytes.pattern(LIMIT)).succeeds();
        source.peer().sends(frame("Redirect"));

        assertThat(target.account().send().held()).isEqualTo(10);
        assertThat(target.peer().received()).endsWith(frame("Redirect"));
        assertThat(target.account().send().held()).isZero();
    }

    @Test
    @DisplayName("K30: a target that closes drops what waits, and the account says so")
    void targetCloses() {
        target.sends(Bytes.pattern(LIMIT)).succeeds();
        source.peer().sends(frame("Redirect"));

        target.closes();

        assertThat(target.account().send().dropped()).isEqualTo(10);
        assertThat(network.losses()).anyMatch(loss -> loss.startsWith("10 bytes: "));
        // What it had accepted before is sent all the same.
        assertThat(target.peer().received()).isEqualTo(Bytes.pattern(LIMIT));
        assertThat(target.peer().sawEnd()).isTrue();
    }

    @Test
    @DisplayName("F13: the target's end of stream follows redirected bytes that came before it")
    void endBehindRedirectedBytes() {
        target.sends(Bytes.pattern(LIMIT)).succeeds();
        source.peer().sends(frame("Redirect"));

        target.shutsOutput();

        assertThat(target.peer().received()).endsWith(frame("Redirect"));
        assertThat(target.peer().sawEnd()).isTrue();
    }
}
