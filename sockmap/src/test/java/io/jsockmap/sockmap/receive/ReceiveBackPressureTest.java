package io.jsockmap.sockmap.receive;

import static io.jsockmap.sockmap.receive.FramesTest.frame;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.sockmap.map.AttachType;
import io.jsockmap.sockmap.map.UserSockMap;
import io.jsockmap.sockmap.network.Bytes;
import io.jsockmap.sockmap.network.Connection;
import io.jsockmap.sockmap.network.Network;
import io.jsockmap.sockmap.network.NetworkTest;
import io.jsockmap.sockmap.socket.Ingress;
import io.jsockmap.sockmap.socket.Limits;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import java.util.Map;

/** A target that takes nothing stops its source from being read; nothing is lost meanwhile. */
@DisplayName("F7, K27: back-pressure on sources")
class ReceiveBackPressureTest extends NetworkTest {
    private static final int LIMIT = 10_000;
    private static final int FRAME = 1000;
    private static final int MANY = 100;

    private UserSockMap targets;
    private Connection source;
    private Connection target;

    ReceiveBackPressureTest() {
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

    private static String frames(char verdict, int count) {
        var all = new StringBuilder();
        for (int i = 0; i < count; i++) {
            all.append(frame(verdict + "%07d".formatted(i) + Bytes.pattern(FRAME - 10)));
        }
        return all.toString();
    }

    private void isStuck(String sent) {
        assertThat(source.peer().stuck()).as("not received for want of room").isPositive();
        assertThat(source.socket().receiveRoom()).isZero();
        long inside =
                source.account().receive().held()
                        + source.account().ingress().waiting()
                        + target.account().ingress().waiting()
                        + target.account().send().held()
                        + target.account().egress().waiting();
        assertThat(inside).as("memory").isLessThanOrEqualTo(3L * LIMIT + FRAME);
        assertThat(source.peer().stuck() + inside).isEqualTo(sent.length());
    }

    @Test
    @DisplayName("K20: a full egress queue stops the source, and its peer's reads set it going")
    void slowPeerOfTheTarget() {
        var sent = frames('R', MANY);
        source.peer().sends(sent);
        isStuck(sent);

        assertThat(target.peer().received()).isEqualTo(sent);
        assertThat(source.peer().stuck()).isZero();
    }

    @Test
    @DisplayName("Listeners hear when a message begins to wait, for whom, and when it goes on")
    void listenersHearOfPauses() {
        assertThat(network.paused()).isEmpty();
        source.peer().sends(frames('R', MANY));
        assertThat(network.paused()).containsExactly(Map.entry(source.socket(), target.socket()));

        assertThat(target.peer().received()).isNotEmpty();
        assertThat(network.paused()).isEmpty();
    }

    @Test
    @DisplayName("What waited for a target that is closed goes on too: it is lost")
    void aPauseEndsWithItsTarget() {
        source.peer().sends(frames('R', MANY));
        target.socket().abort();
        assertThat(network.paused()).isEmpty();
    }

    @Test
    @DisplayName("A socket that closes waits for nothing any more")
    void aPauseEndsWithItsSource() {
        source.peer().sends(frames('R', MANY));
        source.socket().abort();
        assertThat(network.paused()).isEmpty();
    }

    @Test
    @DisplayName("C26, F23: a peer that takes a few bytes at a time gets each byte once")
    void partialWrites() {
        var sent = frames('R', MANY);
        source.peer().sends(sent);
        var read = new StringBuilder();

        for (var piece = "-"; !piece.isEmpty(); ) {
            piece = target.peer().receives(7);
            read.append(piece);
        }

        assertThat(read.toString()).isEqualTo(sent);
    }

    @Test
    @DisplayName("K24: a full ingress queue stops the source, and its reader sets it going")
    void slowReaderOfTheTarget() {
        var sent = frames('I', MANY);
        source.peer().sends(sent);
        isStuck(sent);

        assertThat(target.reads()).isEqualTo(sent);
        assertThat(source.peer().stuck()).isZero();
    }

    @Test
    @DisplayName("K18: an application that does not read stops its own socket")
    void slowReaderOfItsOwn() {
        var sent = frames('P', MANY);
        source.peer().sends(sent);
        isStuck(sent);

        assertThat(source.reads()).isEqualTo(sent);
    }

    @Test
    @DisplayName("the transport is told when there is room again")
    void roomIsSignalled() {
        source.peer().sends(frames('R', MANY));
        int before = source.receiveSignals();

        target.peer().receives(LIMIT);

        assertThat(source.receiveSignals()).isGreaterThan(before);
    }

    @Test
    @DisplayName("F16: egress that waits does not hold the target's other sources' ingress")
    void anotherSourceGoesOn() {
        var other = network.accepted();
        targets.update(2, other.socket(), UpdateFlag.ANY);
        source.peer().sends(frames('R', MANY));

        other.peer().sends(frame("In and free"));

        assertThat(target.reads()).isEqualTo(frame("In and free"));
    }

    @Test
    @DisplayName("K21, F8: a target that closes lets the source go on; the loss is reported")
    void targetClosesWhileTheSourceWaits() {
        source.peer().sends(frames('R', MANY) + frame("Pass"));

        target.closes();

        assertThat(source.reads()).isEqualTo(frame("Pass"));
        assertThat(network.losses())
                .anyMatch(loss -> loss.contains("redirected to a socket that is gone"));
        assertThat(source.account().receive().dropped()).isPositive();
    }

    @Test
    @DisplayName("K21, F8: a target that leaves its map lets the source go on")
    void targetLeavesItsMapWhileTheSourceWaits() {
        source.peer().sends(frames('I', MANY) + frame("Pass"));

        targets.delete(0);

        assertThat(source.reads()).isEqualTo(frame("Pass"));
        assertThat(network.losses())
                .anyMatch(loss -> loss.contains("redirected to a socket that is gone"));
    }

    @Test
    @DisplayName("K30: what a source that closes had redirected is delivered all the same")
    void sourceClosesWhileItsMessageWaits() {
        // Ten frames fill the target's queue, ten wait there; the next has its verdict and waits
        // here.
        var sent = frames('R', 21);
        source.peer().sends(sent);
        assertThat(source.account().receive().held()).isEqualTo(FRAME);

        source.closes();

        assertThat(target.peer().received()).isEqualTo(sent);
    }

    @Test
    @DisplayName("K30: a source whose peer closes ends behind what waits")
    void endBehindWaitingBytes() {
        var sent = frames('R', 25);
        source.peer().sends(sent);
        source.peer().closes();
        assertThat(source.read(1)).isEqualTo(new Ingress.Nothing());

        assertThat(target.peer().received()).isEqualTo(sent);
        assertThat(source.read(1)).isEqualTo(new Ingress.End());
    }

    @Test
    @DisplayName("a source whose connection breaks still gives its target what it had received")
    void sourceIsResetWhileBytesWait() {
        var sent = frames('R', 25);
        source.peer().sends(sent);

        source.peer().resets();

        assertThat(target.peer().received()).isEqualTo(sent);
    }

    @Test
    @DisplayName("a message larger than the whole queue moves all the same")
    void messageLargerThanTheQueue() {
        var small = new Limits(LIMIT, 10);
        try (var network = new Network(small)) {
            var object = network.load("echo-hash");
            var sockets = object.sockHash("sockets");
            sockets.attach(object.program("echo"), AttachType.SK_SKB_STREAM_VERDICT);
            var server = network.accepted();
            sockets.update(Bytes.u64(server.cookie()), server.socket(), UpdateFlag.ANY);

            server.peer().sends("0123456789abcdef");

            assertThat(server.peer().received()).isEqualTo("0123456789abcdef");
        }
    }
}
