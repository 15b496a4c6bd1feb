package io.jsockmap.sockmap.receive;

import static io.jsockmap.sockmap.receive.FramesTest.frame;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.sockmap.map.AttachType;
import io.jsockmap.sockmap.map.UserSockMap;
import io.jsockmap.sockmap.network.Connection;
import io.jsockmap.sockmap.network.NetworkTest;
import io.jsockmap.sockmap.socket.Ingress;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What becomes of a socket's bytes when it leaves its map. */
@DisplayName("F2, F42: leaving a map loses no byte")
class RemovalTest extends NetworkTest {
    private UserSockMap targets;
    private Connection source;
    private Connection other;

    @BeforeEach
    void load() {
        var object = network.load("frames");
        targets = object.sockMap("targets");
        source = network.accepted();
        other = network.accepted();
        targets.attach(object.program("parse"), AttachType.SK_SKB_STREAM_PARSER);
        targets.attach(object.program("judge"), AttachType.SK_SKB_STREAM_VERDICT);
        targets.update(0, source.socket(), UpdateFlag.ANY);
        targets.update(1, other.socket(), UpdateFlag.ANY);
    }

    @Test
    @DisplayName("C31, F20: foreign bytes do not disturb the own ones after removal")
    void foreignBytes() {
        other.peer().sends(frame("I foreign"));
        source.peer().sends(frame("P own"));
        assertThat(source.socket().available()).isEqualTo(11 + 7);

        targets.delete(0);
        source.peer().sends("native");

        assertThat(source.socket().available()).isEqualTo(11 + 7 + 6);
        assertThat(source.reads()).isEqualTo(frame("I foreign") + frame("P own") + "native");
        assertThat(source.socket().available()).isZero();
    }

    @Test
    @DisplayName("bytes of an incomplete message become readable by removal")
    void incompleteMessage() {
        source.peer().sends(frame("Pass").substring(0, 4));
        assertThat(source.read(9)).isEqualTo(new Ingress.Nothing());

        targets.delete(0);

        assertThat(source.reads()).isEqualTo(frame("Pass").substring(0, 4));
    }

    @Test
    @DisplayName("removal wakes a reader that waits for bytes nobody judges any more")
    void removalWakesTheReader() {
        source.peer().sends("\0");
        int before = source.readSignals();

        targets.delete(0);

        assertThat(source.readSignals()).isGreaterThan(before);
    }

    @Test
    @DisplayName("R6: the rest of a message that was read in part stays first")
    void restOfAMessage() {
        source.peer().sends(frame("Pass"));
        assertThat(source.reads(3)).isEqualTo(frame("Pass").substring(0, 3));

        targets.delete(0);
        source.peer().sends("!");

        assertThat(source.reads()).isEqualTo("ass!");
    }

    @Test
    @DisplayName("inserted again, framing starts at the first byte that nobody read")
    void insertedAgain() {
        source.peer().sends(frame("Drop me").substring(0, 5));
        targets.delete(0);
        assertThat(source.reads()).hasSize(5);

        targets.update(0, source.socket(), UpdateFlag.ANY);
        source.peer().sends(frame("Pass me"));

        assertThat(source.reads()).isEqualTo(frame("Pass me"));
    }

    @Test
    @DisplayName("M46: a close throws away what nobody read, and says so in the account")
    void close() {
        source.peer().sends(frame("Pass me") + "\0");

        source.closes();

        assertThat(source.account().ingress().discarded()).isEqualTo(9);
        assertThat(source.account().receive().dropped()).isEqualTo(1);
    }

    @Test
    @DisplayName("F2: bytes behind a message that waits for a full target are readable by removal")
    void readsPastAWaitingMessage() {
        // More than both queues of a target hold.
        var redirected = frame("R" + "x".repeat(10_000)).repeat(80);
        other.peer().sends(redirected);
        assertThat(other.account().receive().held()).isPositive();
        int held = (int) other.account().receive().held();
        targets.delete(1);

        // Of what is held one message has its verdict; the others are read natively.
        assertThat(other.reads())
                .hasSizeGreaterThan(held - 2 * 10_003)
                .startsWith(redirected.substring(0, 10_003));
        int woken = other.readSignals();
        other.peer().sends("native");
        assertThat(other.readSignals()).as("the reader is woken").isGreaterThan(woken);
        assertThat(other.reads()).endsWith("native");

        assertThat(source.peer().received()).startsWith(redirected.substring(0, 10_003));
        assertThat(other.account().receive().held()).isZero();
    }
}
