package io.jsockmap.conformance.receive;

import static io.jsockmap.conformance.receive.Frames.frame;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.map.IndexKey;
import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.bpf.object.LoadOptions;
import io.jsockmap.conformance.lab.EngineTest;
import io.jsockmap.conformance.lab.KernelFault;
import io.jsockmap.conformance.lab.Lab;
import io.jsockmap.conformance.lab.MsgScript;
import io.jsockmap.conformance.lab.MsgScript.Step;
import io.jsockmap.conformance.lab.Waiting;
import io.jsockmap.sockmap.map.AttachType;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** A verdict without a parser looks at every piece as it comes. */
@EngineTest
class UnframedVerdictTest extends EditedBuffers {
    @Test
    @DisplayName("K14: one run for each piece that comes alone")
    void aRunForEachPiece() throws Exception {
        judgeBuffers();

        for (var piece : new String[] {"a", "bc", "def"}) peerSends(piece);

        source.receives("abcdef");
        assertThat(seen("runs")).isEqualTo(3);
        assertThat(seen("len_before")).isEqualTo(3);
    }

    @ParameterizedTest
    @EnumSource(names = {"SK_SKB_STREAM_VERDICT", "SK_SKB_VERDICT"})
    @DisplayName("K16, K18: a pass goes to the own reader, whichever kind of verdict it is")
    void pass(AttachType type) throws Exception {
        judgeBuffersBy(type);

        peerSends("one");
        peerSends("two");

        source.receives("onetwo");
    }

    @ParameterizedTest
    @EnumSource(names = {"SK_SKB_STREAM_VERDICT", "SK_SKB_VERDICT"})
    @DisplayName("K16, K29: what is dropped is gone, and the connection goes on")
    void drop(AttachType type) throws Exception {
        judgeBuffersBy(type);

        verdict('D');
        peerSends("gone");
        verdict('P');
        peerSends("next");

        source.receives("next");
    }

    @ParameterizedTest
    @EnumSource(names = {"SK_SKB_STREAM_VERDICT", "SK_SKB_VERDICT"})
    @DisplayName("K16, K20: a redirect to egress leaves through the target")
    void egress(AttachType type) throws Exception {
        judgeBuffersBy(type);
        verdict('R');

        peerSends("one");
        peerSends("two");

        target.farReceives("onetwo");
    }

    @ParameterizedTest
    @EnumSource(names = {"SK_SKB_STREAM_VERDICT", "SK_SKB_VERDICT"})
    @DisplayName("K16, K20: a redirect to ingress is read at the target")
    void ingress(AttachType type) throws Exception {
        judgeBuffersBy(type);
        verdict('I');

        peerSends("one");
        peerSends("two");

        target.receives("onetwo");
    }

    @Test
    @DisplayName("K19: a pass behind a redirect is a pass: each run starts with no target")
    void noTargetIsLeftOver() throws Exception {
        judgeBuffers();

        verdict('R');
        peerSends("out");
        verdict('P');
        peerSends("own");

        source.receives("own");
        target.farReceives("out");
    }

    @Test
    @DisplayName("K19: no entry at the index gives SK_DROP; the next message passes")
    void noEntry() throws Exception {
        judgeBuffers();
        sockets.delete(0);

        verdict('R');
        peerSends("lost");
        verdict('P');
        peerSends("own");

        source.receives("own");
        target.farReceivesNothing();
    }

    @Test
    @DisplayName("K20: redirect to the egress of a SOCKHASH's socket, by the own cookie")
    void egressOfASockHash(Lab lab) throws Exception {
        var pair = lab.load("pair");
        var targets = pair.sockHash("targets");
        targets.attach(pair.program("relay"), AttachType.SK_SKB_STREAM_VERDICT);
        targets.update(key(source.socket().cookie()), target.socket(), UpdateFlag.ANY);
        targets.update(key(target.socket().cookie()), source.socket(), UpdateFlag.ANY);

        source.farSends("there");
        target.farReceives("there");
        target.farSends("and back");

        source.farReceives("and back");
        assertThat(pair.variable("passed").value()).isZero();
    }

    @Test
    @DisplayName("K19: a key that a SOCKHASH does not have gives SK_DROP, and the program may pass")
    void noKey(Lab lab) throws Exception {
        var pair = lab.load("pair");
        var targets = pair.sockHash("targets");
        targets.attach(pair.program("relay"), AttachType.SK_SKB_STREAM_VERDICT);
        targets.update(key(0), source.socket(), UpdateFlag.ANY);

        source.farSends("here");

        source.receives("here");
        assertThat(pair.variable("passed").value()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(longs = {2, 3, 1L << 32})
    @DisplayName("K19: flags other than BPF_F_INGRESS give SK_DROP")
    void otherFlags(long flags, Lab lab) throws Exception {
        var options = LoadOptions.DEFAULT.withVariable("redirect_flags", flags);
        var refused = lab.load("flags", options);
        var targets = refused.sockMap("targets");
        targets.update(0, target.socket(), UpdateFlag.ANY);
        targets.attach(refused.program("skb_map"), AttachType.SK_SKB_STREAM_VERDICT);
        targets.update(1, source.socket(), UpdateFlag.ANY);

        source.farSends("lost");
        Waiting.until(() -> refused.variable("result").value() != -1);

        assertThat(refused.variable("result").value()).isZero();
    }

    static byte[] key(long cookie) {
        return ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(cookie).array();
    }

    @Test
    @DisplayName(
            "K20: what several sources redirect reaches a target in the order in which it came")
    void orderOfArrival(Lab lab) throws Exception {
        var other = lab.tcp();
        judgeBuffers();
        insert(2, other.socket());
        verdict('R');

        peerSends("one");
        other.farSends("two");
        Waiting.until(() -> seen("runs") == 2);
        peerSends("three");

        target.farReceives("onetwothree");
    }

    @Test
    @DisplayName("K28: redirected to its own egress, bytes go back to the peer")
    void toItself() throws Exception {
        sockets.attach(object.program("edit"), AttachType.SK_SKB_STREAM_VERDICT);
        insert(0, source.socket());
        verdict('R');

        peerSends("there and back");

        source.farReceives("there and back");
    }

    @Test
    @DisplayName("K28, K18: a pass stays behind what was redirected to the own ingress before")
    void toItsOwnIngress() throws Exception {
        sockets.attach(object.program("edit"), AttachType.SK_SKB_STREAM_VERDICT);
        insert(0, source.socket());

        verdict('I');
        peerSends("one");
        verdict('P');
        peerSends("two");

        source.receives("onetwo");
    }

    @Test
    @DisplayName("K3: what the verdict writes into a buffer is what its reader gets")
    void writes(Lab lab) throws Exception {
        var rewrite = lab.load("rewrite");
        var map = rewrite.sockMap("sockets");
        map.attach(rewrite.program("shout"), AttachType.SK_SKB_STREAM_VERDICT);
        map.update(0, source.socket(), UpdateFlag.ANY);

        source.farSends("quiet please, and this stays small");

        source.receives("QUIET PLEASE, ANd this stays small");
    }

    @Test
    @DisplayName("K22: redirected to egress, bytes are judged by the target's sk_msg program")
    void theTargetsMessageProgram(Lab lab) throws Exception {
        var third = lab.tcp();
        var script = MsgScript.load(lab).sender(0, target.socket()).target(0, third.socket());
        script.then(Step.redirectToIngress(0));
        judgeBuffers();
        verdict('R');

        peerSends("onwards");

        third.receives("onwards");
        script.ranOn(7);
    }

    @Test
    @DisplayName("K22: and held by its cork")
    void theTargetsCork(Lab lab) throws Exception {
        var script = MsgScript.load(lab).sender(0, target.socket()).then(Step.cork(8));
        judgeBuffers();
        verdict('R');

        peerSends("12345");
        Waiting.until(() -> script.count() == 1);
        target.farReceivesNothing();
        peerSends("678");

        target.farReceives("12345678");
        script.ranOn(5, 8);
    }

    @Test
    @DisplayName("F8, K25: what the target's program drops does not break the target")
    @KernelFault(value = "F8", instead = "all that is redirected to it later is lost")
    void theTargetsProgramDrops(Lab lab) throws Exception {
        var script = MsgScript.load(lab).sender(0, target.socket());
        script.then(Step.drop()).then();
        judgeBuffers();
        verdict('R');

        peerSends("dropped");
        Waiting.until(() -> script.count() == 1);
        peerSends("next");

        target.farReceives("next");
    }

    @Test
    @DisplayName("K22: redirected to ingress they are not")
    void ingressIsNotJudged(Lab lab) throws Exception {
        var script = MsgScript.load(lab).sender(0, target.socket()).then(Step.drop());
        judgeBuffers();
        verdict('I');

        peerSends("inwards");

        target.receives("inwards");
        assertThat(script.count()).isZero();
    }

    @Test
    @DisplayName("P16: beside an skb verdict a parser never runs")
    void besideAParser(Lab lab) throws Exception {
        var parser = new Parser(lab, source);
        parser.attach("pass", AttachType.SK_SKB_VERDICT);
        parser.answers(0, -1);
        parser.insert();

        source.farSends("whole");

        source.receives("whole");
        assertThat(parser.order()).isEqualTo("V");
    }

    @Test
    @DisplayName("P15, P16: a parser alone runs nothing, and reading is native")
    void aParserAlone(Lab lab) throws Exception {
        var parser = new Parser(lab, source);
        parser.attach("parse", AttachType.SK_SKB_STREAM_PARSER);
        parser.answers(0, -1);
        parser.insert();

        source.farSends("native");

        source.receives("native");
        assertThat(parser.order()).isEmpty();
    }

    @Test
    @DisplayName("P13: a verdict that is attached later is not inherited by who is in the map")
    void attachedLater() throws Exception {
        insert(1, source.socket());
        sockets.attach(object.program("edit"), AttachType.SK_SKB_STREAM_VERDICT);
        verdict('D');

        source.farSends("native");

        source.receives("native");
        assertThat(seen("runs")).isZero();
    }

    @Test
    @DisplayName("P21: any verdict but SK_PASS drops; a frame without a letter of its own does")
    void anUnknownLetter(Lab lab) throws Exception {
        var frames = lab.load("frames");
        var targets = frames.sockMap("targets");
        targets.attach(frames.program("parse"), AttachType.SK_SKB_STREAM_PARSER);
        targets.attach(frames.program("judge"), AttachType.SK_SKB_STREAM_VERDICT);
        targets.update(IndexKey.of(1), source.socket(), UpdateFlag.ANY);

        source.farSends(frame("?"));
        source.farSends(frame("P"));

        source.receives(frame("P"));
    }

    // --- UDP -------------------------------------------------------------------------------------

    @Test
    @DisplayName("K14, K32: a datagram is one run, and leaves the target as a datagram")
    void aDatagram(Lab lab) throws Exception {
        var in = lab.udp();
        var out = lab.udp();
        insert(0, out.socket());
        sockets.attach(object.program("edit"), AttachType.SK_SKB_VERDICT);
        insert(1, in.socket());
        verdict('R');

        in.farSends("first");
        out.farReceives("first");
        in.farSends("second one");
        out.farReceives("second one");

        assertThat(seen("runs")).isEqualTo(2);
    }

    @Test
    @DisplayName("F17: each read gives one datagram, though two were passed")
    @KernelFault(value = "F17", instead = "one read gives the bytes of both")
    void oneDatagramEachRead(Lab lab) throws Exception {
        var in = lab.udp();
        sockets.attach(object.program("edit"), AttachType.SK_SKB_VERDICT);
        insert(1, in.socket());

        in.farSends("first");
        in.farSends("second");
        Waiting.until(() -> seen("runs") == 2);

        in.receives("first");
        in.receives("second");
    }

    @Test
    @DisplayName("F17: a short read of a datagram leaves nothing of it")
    @KernelFault(value = "F17", instead = "the next read gives the rest")
    void aShortReadOfADatagram(Lab lab) throws Exception {
        var in = lab.udp();
        sockets.attach(object.program("edit"), AttachType.SK_SKB_VERDICT);
        insert(1, in.socket());
        in.farSends("first");
        in.farSends("second");

        Waiting.within(() -> in.near().read(ByteBuffer.allocate(2)));

        in.receives("second");
    }

    @Test
    @DisplayName("F17: a large datagram leaves the target as one")
    @KernelFault(value = "F17", instead = "it leaves as several")
    void aLargeDatagram(Lab lab) throws Exception {
        var in = lab.udp();
        var out = lab.udp();
        insert(0, out.socket());
        sockets.attach(object.program("edit"), AttachType.SK_SKB_VERDICT);
        insert(1, in.socket());
        verdict('R');
        var text = "0123456789".repeat(6000);

        in.farSends(text);

        out.farReceives(text);
    }

    @Test
    @DisplayName("F41: an empty datagram that is passed reads as no bytes, and stops nobody")
    @KernelFault(value = "F41", instead = "every read fails with EFAULT")
    void anEmptyDatagram(Lab lab) throws Exception {
        var in = lab.udp();
        sockets.attach(object.program("edit"), AttachType.SK_SKB_VERDICT);
        insert(1, in.socket());

        in.farSendsEmpty();
        in.farSends("next");
        Waiting.until(() -> seen("runs") == 2);

        in.receives("");
        in.receives("next");
    }
}
