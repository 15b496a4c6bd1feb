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

/** A verdict without a parser looks at every piece as it comes. */
class UnframedVerdictTest extends NetworkTest {

    UnframedVerdictTest() {
        // What a verdict sees at each run depends on the pieces.
        super(Limits.DEFAULT, Delivery.KERNEL);
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
