package io.jsockmap.conformance.receive;

import static io.jsockmap.conformance.receive.Frames.frame;

import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.conformance.lab.EngineTest;
import io.jsockmap.conformance.lab.KernelFault;
import io.jsockmap.conformance.lab.Lab;
import io.jsockmap.conformance.lab.Stream;
import io.jsockmap.conformance.lab.Waiting;
import io.jsockmap.sockmap.map.AttachType;
import io.jsockmap.sockmap.map.SockMap;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Frames with a length in front, each passed, dropped or redirected by its own first letter. */
@EngineTest
class FramedVerdictTest {
    private SockMap sockets;
    private Stream source;
    private Stream target;

    @BeforeEach
    void open(Lab lab) throws Exception {
        var object = lab.load("frames");
        sockets = object.sockMap("targets");
        source = lab.tcp();
        target = lab.connectedTcp();
        // Without a program: it is there before they are.
        sockets.update(0, target.socket(), UpdateFlag.ANY);
        sockets.attach(object.program("parse"), AttachType.SK_SKB_STREAM_PARSER);
        sockets.attach(object.program("judge"), AttachType.SK_SKB_STREAM_VERDICT);
        sockets.update(1, source.socket(), UpdateFlag.ANY);
    }

    @Test
    @DisplayName("K18: a frame that passes is read here")
    void pass() throws Exception {
        source.farSends(frame("Pass me"));

        source.receives(frame("Pass me"));
    }

    @Test
    @DisplayName("K20: a frame that is redirected to egress leaves through the target")
    void egress() throws Exception {
        source.farSends(frame("Redirect me"));

        target.farReceives(frame("Redirect me"));
    }

    @Test
    @DisplayName("K20: a frame that is redirected to ingress is read at the target")
    void ingress() throws Exception {
        source.farSends(frame("In with me"));

        target.receives(frame("In with me"));
    }

    @Test
    @DisplayName("K6: a frame that comes byte by byte is one message")
    void byteByByte() throws Exception {
        for (char one : frame("Redirect").toCharArray()) source.farSends(String.valueOf(one));

        target.farReceives(frame("Redirect"));
    }

    @Test
    @DisplayName("F12: each frame of a buffer is judged by its own letter")
    @KernelFault(value = "F12", instead = "all are judged by the letter of the first")
    void framesOfABuffer() throws Exception {
        source.farSends(frame("P1") + frame("R2") + frame("I3") + frame("D4") + frame("P5"));

        source.receives(frame("P1") + frame("P5"));
        target.farReceives(frame("R2"));
        target.receives(frame("I3"));
    }

    @Test
    @DisplayName("K31: the source's end of stream ends no target")
    void theEndIsNotForwarded() throws Exception {
        source.farSends(frame("R"));
        source.farShutsDown();
        source.receivesEnd();
        source.near().close();

        target.farReceives(frame("R"));
        target.sends("goes on");
        target.farReceives("goes on");
    }

    @Test
    @DisplayName(
            "K30: a source that closes takes nothing back of what waits for a reader elsewhere")
    void theSourceCloses() throws Exception {
        source.farSends(frame("In with me"));
        target.hasAvailable(12);

        source.near().close();

        target.receives(frame("In with me"));
    }

    @Test
    @DisplayName(
            "K21: frames for a target that has left the map are dropped, not those behind them")
    void theTargetCloses() throws Exception {
        target.near().close();

        source.farSends(frame("R lost"));
        source.farSends(frame("P here"));

        source.receives(frame("P here"));
    }

    @Test
    @DisplayName("F8: a target that could not send takes ingress all the same")
    @KernelFault(value = "F8", instead = "the broken target swallows all for ever")
    void aBrokenTargetTakesIngress() throws Exception {
        target.near().shutdownOutput();
        source.farSends(frame("R lost"));
        source.farSends(frame("P"));
        source.receives(frame("P"));

        source.farSends(frame("I here"));

        target.receives(frame("I here"));
    }

    @Test
    @DisplayName("K7, F38: a damaged length is told behind the frames before it")
    @KernelFault(value = "F38", instead = "reads find nothing for ever")
    void damagedLength() throws Exception {
        source.farSends(frame("P"));
        source.hasAvailable(3);
        source.farSends("\0\1");

        source.receives(frame("P"));
        source.receiveFails(Errno.EPROTO);
    }

    @Test
    @DisplayName("F16: what goes to a target's ingress passes what waits for its egress")
    @KernelFault(value = "F16", instead = "a stuck message of one way holds those of the other")
    void noWaitingForTheOtherWay(Lab lab) throws Exception {
        var other = lab.tcp();
        sockets.update(2, other.socket(), UpdateFlag.ANY);
        var much = frame("R" + "x".repeat(60_000));
        // More than the target's own peer takes without reading.
        var sending =
                Waiting.start(
                        () -> {
                            for (int i = 0; i < 200; i++) source.farSends(much);
                            return much;
                        });
        target.farReceives(much);

        other.farSends(frame("I am free"));

        target.receives(frame("I am free"));
        target.farReceives(much.repeat(199));
        Waiting.result(sending);
    }
}
