package io.jsockmap.conformance.life;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.conformance.lab.EngineTest;
import io.jsockmap.conformance.lab.KernelFault;
import io.jsockmap.conformance.lab.Lab;
import io.jsockmap.conformance.lab.Stream;
import io.jsockmap.conformance.lab.Waiting;
import io.jsockmap.sockmap.SockmapObject;
import io.jsockmap.sockmap.map.AttachType;
import io.jsockmap.sockmap.socket.ErrnoException;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import java.nio.channels.ClosedChannelException;

/** How connections, maps and objects end. */
@EngineTest
class EndTest {
    private static final String TEXT = "Drop it, if you judge";

    /** A connection whose sends are judged: what begins with D is dropped, with P passed. */
    private static Stream judged(SockmapObject object, Lab lab) throws Exception {
        object.sockMap("targets").attach(object.program("judge"), AttachType.SK_MSG_VERDICT);
        return inserted(object, lab);
    }

    private static Stream inserted(SockmapObject object, Lab lab) throws Exception {
        var connection = lab.tcp();
        object.sockMap("targets").update(0, connection.socket(), UpdateFlag.ANY);
        return connection;
    }

    /** A connection whose received letters become capitals. */
    private static Stream shouting(Lab lab) throws Exception {
        var object = lab.load("rewrite");
        var connection = lab.tcp();
        object.sockMap("sockets").attach(object.program("shout"), AttachType.SK_SKB_STREAM_VERDICT);
        object.sockMap("sockets").update(0, connection.socket(), UpdateFlag.ANY);
        return connection;
    }

    // --- Connections -----------------------------------------------------------------------------

    @Test
    @DisplayName("a close sends all that was accepted, and then the end")
    void close(Lab lab) throws Exception {
        var sender = judged(lab.load("msg-verdict"), lab);
        sender.sends("Passed");

        sender.near().close();

        sender.farReceives("Passed");
        sender.farReceivesEnd();
    }

    @Test
    @DisplayName("a channel that is closed neither reads nor writes")
    void closedChannel(Lab lab) throws Exception {
        var connection = judged(lab.load("msg-verdict"), lab);

        connection.near().close();

        assertThat(connection.near().isOpen()).isFalse();
        assertThatThrownBy(() -> connection.send("P")).isInstanceOf(ClosedChannelException.class);
    }

    @Test
    @DisplayName("R10: the peer's end comes behind all bytes that the verdict passed")
    void peersEnd(Lab lab) throws Exception {
        var receiver = shouting(lab);

        receiver.farSends("last words");
        receiver.farShutsDown();

        receiver.receives("LAST WORDS");
        receiver.receivesEnd();
    }

    @Test
    @DisplayName("the peer's end leaves the other direction as it was")
    void halfClosed(Lab lab) throws Exception {
        var connection = judged(lab.load("msg-verdict"), lab);
        connection.farShutsDown();
        connection.receivesEnd();

        connection.sends("Passed");
        connection.sendFails("Dropped", Errno.EACCES);

        connection.farReceives("Passed");
    }

    @Test
    @DisplayName("the own end leaves the other direction as it was")
    void ownEnd(Lab lab) throws Exception {
        var connection = shouting(lab);
        connection.near().shutdownOutput();
        connection.farReceivesEnd();

        connection.farSends("still judged");

        connection.receives("STILL JUDGED");
    }

    @Test
    @DisplayName("S35: a send behind the own end gives EPIPE")
    void sendBehindTheEnd(Lab lab) throws Exception {
        var connection = judged(lab.load("msg-verdict"), lab);
        connection.near().shutdownOutput();

        connection.sendFails("Passed", Errno.EPIPE);
    }

    @Test
    @DisplayName("S34: behind a reset every send gives ECONNRESET, whatever the program would say")
    void sendBehindAReset(Lab lab) throws Exception {
        var connection = judged(lab.load("msg-verdict"), lab);

        connection.farResets();

        Waiting.until(() -> errnoOfSend(connection) == Errno.ECONNRESET.number());
        connection.sendFails("Drop", Errno.ECONNRESET);
    }

    private static int errnoOfSend(Stream sender) throws Exception {
        try {
            sender.sends(TEXT);
            return 0;
        } catch (ErrnoException e) {
            return e.number();
        }
    }

    @Test
    @DisplayName("a reset reaches the reader under a verdict")
    void resetUnderAVerdict(Lab lab) throws Exception {
        var connection = shouting(lab);
        connection.farSends("before");
        connection.receives("BEFORE");

        connection.farResets();

        connection.receiveFails(Errno.ECONNRESET);
    }

    @Test
    @DisplayName("an abort resets the peer")
    void abort(Lab lab) throws Exception {
        var connection = judged(lab.load("msg-verdict"), lab);

        connection.near().abort();

        assertThatThrownBy(connection::farReceivesEnd).hasMessageContaining("Connection reset");
    }

    @Test
    @DisplayName("F3: corked bytes are judged and sent before the end")
    @KernelFault(value = "F3", instead = "they vanish")
    void corkedBytes(Lab lab) throws Exception {
        var object = lab.load("skb-hold");
        var sockets = object.sockMap("sockets");
        sockets.attach(object.program("hold"), AttachType.SK_MSG_VERDICT);
        var sender = lab.tcp();
        sockets.update(0, sender.socket(), UpdateFlag.ANY);
        sender.sends("five!");

        sender.near().close();

        sender.farReceives("five!");
        sender.farReceivesEnd();
    }

    // --- Objects ---------------------------------------------------------------------------------

    @Test
    @DisplayName(
            "M53: an object that is closed frees its maps, and sockets leave with their programs")
    void objectCloses(Lab lab) throws Exception {
        // Its program does not refer to the map that brings it: in the kernel it would keep it.
        var object = lab.example("port-policy");
        object.sockMap("sockets").attach(object.program("port_policy"), AttachType.SK_MSG_VERDICT);
        var sender = lab.tcp();
        object.sockMap("sockets").update(0, sender.socket(), UpdateFlag.ANY);
        sender.sendFails("to no port that is allowed", Errno.EACCES);

        object.close();

        // The kernel frees maps when it has the time.
        Waiting.until(() -> errnoOfSend(sender) == 0);
        sender.farReceives(TEXT);
    }

    @Test
    @DisplayName("M53: an object that is closed harms no connection that was never judged")
    void objectOfPlainEntries(Lab lab) throws Exception {
        var object = lab.load("msg-verdict");
        var plain = inserted(object, lab);

        object.close();

        plain.sends("out");
        plain.farSends("in");
        plain.farReceives("out");
        plain.receives("in");
    }

    @Test
    @DisplayName("P12, M52: a map whose object is closed works on while a link holds it")
    void linkOutlivesObject(Lab lab) throws Exception {
        var object = lab.load("msg-verdict");
        var link =
                object.sockMap("targets").link(object.program("judge"), AttachType.SK_MSG_VERDICT);
        var sender = inserted(object, lab);

        object.close();

        sender.sends("Passed");
        sender.sendFails("Dropped", Errno.EACCES);
        sender.farReceives("Passed");
        link.close();
    }

    @Test
    @DisplayName("M53, P12: with its last link a map goes whose object is closed")
    void lastLink(Lab lab) throws Exception {
        var object = lab.example("port-policy");
        var link =
                object.sockMap("sockets")
                        .link(object.program("port_policy"), AttachType.SK_MSG_VERDICT);
        var sender = lab.tcp();
        object.sockMap("sockets").update(0, sender.socket(), UpdateFlag.ANY);
        object.close();
        sender.sendFails("to no port that is allowed", Errno.EACCES);

        link.close();

        Waiting.until(() -> errnoOfSend(sender) == 0);
        sender.farReceives(TEXT);
    }

    @Test
    @DisplayName("a socket that two objects have stays with the one that is not closed")
    void otherObjectStays(Lab lab) throws Exception {
        var plain = lab.load("rewrite");
        var judging = lab.load("msg-verdict");
        var sender = judged(judging, lab);
        plain.sockMap("sockets").update(0, sender.socket(), UpdateFlag.ANY);

        plain.close();

        sender.sends("Passed");
        sender.sendFails("Dropped", Errno.EACCES);
        sender.farReceives("Passed");
    }

    @Test
    @DisplayName("closing an object twice is harmless")
    void closedTwice(Lab lab) throws Exception {
        var object = lab.load("msg-verdict");
        var plain = inserted(object, lab);

        object.close();
        object.close();

        plain.sends("out");
        plain.farReceives("out");
    }
}
