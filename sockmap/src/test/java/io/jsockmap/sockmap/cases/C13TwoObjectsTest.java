package io.jsockmap.sockmap.cases;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.map.BpfMap;
import io.jsockmap.sockmap.UserObject;
import io.jsockmap.sockmap.map.AttachType;
import io.jsockmap.sockmap.network.Bytes;
import io.jsockmap.sockmap.network.NetworkTest;
import io.jsockmap.sockmap.network.Wire;
import io.jsockmap.sockmap.socket.TcpState;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** One object pairs sockets as they come and go, another redirects between them. */
@DisplayName("C13: two objects, four maps pinned by name")
class C13TwoObjectsTest extends NetworkTest {
    private static final int REDIRECTED = 0;
    private static final int NO_PAIR = 1;
    private static final int CLOSED = 3;

    private UserObject ops;
    private UserObject msg;

    @BeforeEach
    void load() {
        ops = network.load("c13-bypass-ops");
        msg = network.load("c13-bypass-msg");
        msg.sockHash("sockets").attach(msg.program("bypass"), AttachType.SK_MSG_VERDICT);
        network.engine().attach(ops.program("follow"));
    }

    @Test
    void bothObjectsHaveTheSameMaps() {
        for (var name : new String[] {"connecting", "pairs", "sockets", "counters"}) {
            assertThat(ops.map(name)).isSameAs(msg.map(name));
        }
    }

    @Test
    void pairedSocketsBypassTheWire() {
        var wire = network.wire(8080);

        wire.client().sends("request").succeeds();
        wire.server().sends("reply").succeeds();

        assertThat(wire.deliver()).isZero();
        assertThat(wire.server().reads()).isEqualTo("request");
        assertThat(wire.client().reads()).isEqualTo("reply");
        assertThat(counter(REDIRECTED)).isEqualTo(2);
    }

    @Test
    void aSocketWithoutPairSendsTheOrdinaryWay() {
        var alone = network.connected();

        alone.sends("hello").succeeds();

        assertThat(alone.peer().received()).isEqualTo("hello");
        assertThat(counter(NO_PAIR)).isEqualTo(1);
    }

    @Test
    void aHundredConnectionsLeaveNothingBehind() {
        for (int i = 0; i < 100; i++) {
            var wire = network.wire(8080);
            wire.client().sends("x").succeeds();
            assertThat(wire.server().reads()).isEqualTo("x");
            close(wire);
        }

        // The plain maps by the callback at the change of state, the map of sockets by itself.
        assertThat(keys("connecting")).isZero();
        assertThat(keys("pairs")).isZero();
        assertThat(msg.sockHash("sockets").size()).isZero();
        assertThat(counter(CLOSED)).isEqualTo(200);
    }

    private static void close(Wire wire) {
        wire.client().closes();
        wire.deliver();
        assertThat(wire.server().socket().state()).isEqualTo(TcpState.CLOSE_WAIT);
        wire.server().closes();
        wire.deliver();
        assertThat(wire.client().socket().state()).isEqualTo(TcpState.CLOSE);
        assertThat(wire.server().socket().state()).isEqualTo(TcpState.CLOSE);
    }

    @Test
    void anObjectThatIsClosedLeavesPinnedMapsToTheOther() {
        var wire = network.wire(8080);
        ops.close();

        wire.client().sends("still").succeeds();

        assertThat(wire.server().reads()).isEqualTo("still");
    }

    private int keys(String map) {
        BpfMap found = ops.map(map);
        return found.keys().size();
    }

    private long counter(int index) {
        return Bytes.number(msg.map("counters").lookup(Bytes.u32(index)).orElseThrow());
    }
}
