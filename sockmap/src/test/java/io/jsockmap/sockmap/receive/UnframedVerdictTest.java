package io.jsockmap.sockmap.receive;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.sockmap.map.AttachType;
import io.jsockmap.sockmap.network.Bytes;
import io.jsockmap.sockmap.network.NetworkTest;
import io.jsockmap.sockmap.socket.Delivery;
import io.jsockmap.sockmap.socket.Ingress;
import io.jsockmap.sockmap.socket.Limits;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A verdict without a parser looks at every piece as it comes. */
class UnframedVerdictTest extends NetworkTest {

    UnframedVerdictTest() {
        // What a verdict sees at each run depends on the pieces.
        super(Limits.DEFAULT, Delivery.KERNEL);
    }

    @Test
    @DisplayName("K14: one run for each received piece; K15, F14: none for the end of stream")
    void aRunForEachPiece() {
        var object = network.load("pair");
        var targets = object.sockHash("targets");
        targets.attach(object.program("relay"), AttachType.SK_SKB_STREAM_VERDICT);
        var source = network.accepted();
        targets.update(Bytes.u64(0), source.socket(), UpdateFlag.ANY);

        source.peer().sendsInPieces("abc", 1);
        source.peer().closes();

        assertThat(object.variable("passed").value()).isEqualTo(3);
        assertThat(source.reads()).isEqualTo("abc");
        assertThat(source.outcome()).isEqualTo(new Ingress.End());
    }

    @Test
    @DisplayName("P16: with an skb verdict a parser never runs")
    void skbVerdictBesideAParser() {
        var object = network.load("c42-parser");
        var sockets = object.sockMap("sockets");
        sockets.attach(object.program("parse"), AttachType.SK_SKB_STREAM_PARSER);
        sockets.attach(object.program("pass"), AttachType.SK_SKB_VERDICT);
        var source = network.accepted();
        sockets.update(0, source.socket(), UpdateFlag.ANY);

        source.peer().sendsInPieces("abcd", 2);

        assertThat(object.map("runs").lookup(Bytes.u32(0))).contains(Bytes.u64(0));
        assertThat(object.map("runs").lookup(Bytes.u32(1))).contains(Bytes.u64(2));
        assertThat(source.reads()).isEqualTo("abcd");
    }

    @Test
    @DisplayName("P15, P16: a parser alone runs nothing, and reading is native")
    void aParserAlone() {
        var object = network.load("c42-parser");
        var sockets = object.sockMap("sockets");
        sockets.attach(object.program("parse"), AttachType.SK_SKB_STREAM_PARSER);
        var source = network.accepted();
        sockets.update(0, source.socket(), UpdateFlag.ANY);

        source.peer().sends("abcd");

        assertThat(object.map("runs").lookup(Bytes.u32(2))).contains(Bytes.u64(0));
        assertThat(source.reads()).isEqualTo("abcd");
    }

    @Test
    @DisplayName("K3: a verdict's writes reach whoever reads the message")
    void rewrittenBytesArePassed() {
        var object = network.load("rewrite");
        var sockets = object.sockMap("sockets");
        sockets.attach(object.program("shout"), AttachType.SK_SKB_STREAM_VERDICT);
        var source = network.accepted();
        sockets.update(0, source.socket(), UpdateFlag.ANY);

        source.peer().sends("quiet please, and this stays small");

        assertThat(source.reads()).isEqualTo("QUIET PLEASE, ANd this stays small");
    }

    @Test
    @DisplayName("K38: a pull at every length from nothing on")
    void rewriteOfShortMessages() {
        var object = network.load("rewrite");
        var sockets = object.sockMap("sockets");
        sockets.attach(object.program("shout"), AttachType.SK_SKB_STREAM_VERDICT);
        var source = network.accepted();
        sockets.update(0, source.socket(), UpdateFlag.ANY);

        for (int length = 1; length <= 20; length++) {
            source.peer().sends("a".repeat(length));
            int shouted = Math.min(length, 16);
            assertThat(source.reads())
                    .isEqualTo("A".repeat(shouted) + "a".repeat(length - shouted));
        }
    }

    @Test
    @DisplayName("K22: redirected to egress, bytes are judged by the target's message verdict")
    void targetsMessageVerdictRuns() {
        var pair = network.load("pair");
        var judge = network.load("msg-verdict");
        var targets = pair.sockHash("targets");
        var source = network.accepted();
        var target = network.connected();
        var third = network.accepted();
        judge.sockMap("targets").update(0, third.socket(), UpdateFlag.ANY);
        judge.sockMap("targets").attach(judge.program("judge"), AttachType.SK_MSG_VERDICT);
        judge.sockMap("targets").update(1, target.socket(), UpdateFlag.ANY);
        targets.update(Bytes.u64(source.cookie()), target.socket(), UpdateFlag.ANY);
        targets.attach(pair.program("relay"), AttachType.SK_SKB_STREAM_VERDICT);
        targets.update(Bytes.u64(0), source.socket(), UpdateFlag.ANY);

        for (var message : new String[] {"Pass", "Drop", "In third", "Redirect", "P end"}) {
            source.peer().sends(message);
        }

        assertThat(target.peer().received()).isEqualTo("PassP end");
        assertThat(third.reads()).isEqualTo("In third");
        assertThat(third.peer().received()).isEqualTo("Redirect");
        assertThat(target.account().send().dropped()).isEqualTo(4);
        assertThat(source.account().receive().redirected()).isEqualTo(4 + 4 + 8 + 8 + 5);
    }

    @Test
    @DisplayName("K22: ingress redirects are not judged by the target")
    void ingressIsNotJudged() {
        var judge = network.load("msg-verdict");
        var frames = network.load("frames");
        var source = network.accepted();
        var target = network.connected();
        judge.sockMap("targets").attach(judge.program("judge"), AttachType.SK_MSG_VERDICT);
        judge.sockMap("targets").update(1, target.socket(), UpdateFlag.ANY);
        var targets = frames.sockMap("targets");
        targets.update(0, target.socket(), UpdateFlag.ANY);
        targets.attach(frames.program("judge"), AttachType.SK_SKB_STREAM_VERDICT);
        targets.update(1, source.socket(), UpdateFlag.ANY);

        source.peer().sends(FramesTest.frame("I am not judged"));

        assertThat(target.reads()).isEqualTo(FramesTest.frame("I am not judged"));
        assertThat(target.account().send().in()).isZero();
    }

    @ParameterizedTest
    @DisplayName("K16: a stream verdict and an skb verdict judge the same pieces alike")
    @EnumSource(names = {"SK_SKB_STREAM_VERDICT", "SK_SKB_VERDICT"})
    void bothKindsOfVerdict(AttachType type) {
        var object = network.load("frames");
        var targets = object.sockMap("targets");
        var source = network.accepted();
        var target = network.connected();
        targets.update(0, target.socket(), UpdateFlag.ANY);
        targets.attach(object.program("judge"), type);
        targets.update(1, source.socket(), UpdateFlag.ANY);

        for (var piece : new String[] {"..Pass", "..Drop", "..Return", "..In", ".", "..P"}) {
            source.peer().sends(piece);
        }
        source.peer().closes();

        assertThat(source.reads()).isEqualTo("..Pass..P");
        assertThat(source.outcome()).isEqualTo(new Ingress.End());
        assertThat(target.peer().received()).isEqualTo("..Return");
        assertThat(target.reads()).isEqualTo("..In");
        assertThat(source.account().receive().dropped()).isEqualTo(7);
    }

    @Test
    @DisplayName("K22: redirected bytes are held by the target's message verdict, as its own are")
    void targetsCork() {
        var pair = network.load("pair");
        var hold = network.load("skb-hold");
        var targets = pair.sockHash("targets");
        var source = network.accepted();
        var target = network.connected();
        hold.sockMap("sockets").attach(hold.program("hold"), AttachType.SK_MSG_VERDICT);
        hold.sockMap("sockets").update(0, target.socket(), UpdateFlag.ANY);
        targets.update(Bytes.u64(source.cookie()), target.socket(), UpdateFlag.ANY);
        targets.attach(pair.program("relay"), AttachType.SK_SKB_STREAM_VERDICT);
        targets.update(Bytes.u64(0), source.socket(), UpdateFlag.ANY);

        source.peer().sends("12345");
        assertThat(target.peer().received()).isEmpty();
        source.peer().sends("678");

        assertThat(target.peer().received()).isEqualTo("12345678");
    }

    @Test
    @DisplayName("K15: with bytes before it the end of stream is found behind them")
    void endBehindPassedBytes() {
        var object = network.load("pair");
        object.sockHash("targets")
                .attach(object.program("relay"), AttachType.SK_SKB_STREAM_VERDICT);
        var source = network.accepted();
        object.sockHash("targets").update(Bytes.u64(0), source.socket(), UpdateFlag.ANY);

        source.peer().sends("bytes");
        source.peer().closes();

        assertThat(source.reads(99)).isEqualTo("bytes");
        assertThat(source.read(1)).isEqualTo(new Ingress.End());
        assertThat(object.variable("passed").value()).isOne();
    }
}
