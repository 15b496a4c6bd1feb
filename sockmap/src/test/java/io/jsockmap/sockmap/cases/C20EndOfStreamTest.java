package io.jsockmap.sockmap.cases;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.sockmap.UserObject;
import io.jsockmap.sockmap.map.AttachType;
import io.jsockmap.sockmap.network.Bytes;
import io.jsockmap.sockmap.network.Connection;
import io.jsockmap.sockmap.network.NetworkTest;
import io.jsockmap.sockmap.socket.Ingress;
import io.jsockmap.sockmap.socket.TcpState;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A proxy's owner learns that a side has ended, and passes it on behind the last byte. */
@DisplayName("C20: end of stream of a relay")
class C20EndOfStreamTest extends NetworkTest {
    private UserObject object;
    private Connection client;
    private Connection upstream;

    @BeforeEach
    void relay() {
        object = network.load("pair");
        var targets = object.sockHash("targets");
        targets.attach(object.program("relay"), AttachType.SK_SKB_STREAM_VERDICT);
        client = network.accepted();
        upstream = network.connected();
        targets.update(Bytes.u64(client.cookie()), upstream.socket(), UpdateFlag.ANY);
        targets.update(Bytes.u64(upstream.cookie()), client.socket(), UpdateFlag.ANY);
    }

    @Test
    @DisplayName("K31: the target gets no end of stream by itself")
    void theEndIsNotForwarded() {
        client.peer().sends("bye");
        client.peer().closes();

        assertThat(upstream.peer().received()).isEqualTo("bye");
        assertThat(upstream.peer().sawEnd()).isFalse();
        assertThat(upstream.socket().state()).isEqualTo(TcpState.ESTABLISHED);
    }

    @Test
    void theOwnerReadsTheEndAndPassesItOnBehindTheLastByte() {
        client.peer().sends("last words");
        client.peer().closes();

        assertThat(client.read(1)).isEqualTo(new Ingress.End());
        upstream.shutsOutput();
        assertThat(upstream.peer().received()).isEqualTo("last words");
        assertThat(upstream.peer().sawEnd()).isTrue();

        upstream.peer().sends("answer");
        upstream.peer().closes();
        assertThat(upstream.read(1)).isEqualTo(new Ingress.End());
        client.shutsOutput();
        assertThat(client.peer().received()).isEqualTo("answer");
        assertThat(client.peer().sawEnd()).isTrue();
    }

    @Test
    @DisplayName("F14, K15: the end of stream runs no program, so the target is not broken")
    void theEndRunsNothing() {
        client.peer().sends("1");
        client.peer().closes();

        assertThat(object.variable("redirected").value()).isEqualTo(1);
        assertThat(object.variable("passed").value()).isZero();
        // The other direction goes on.
        upstream.peer().sends("2");
        assertThat(client.peer().received()).isEqualTo("2");
        upstream.sends("3").succeeds();
        assertThat(upstream.peer().received()).isEqualTo("13");
    }

    @Test
    void nobodyStaysInCloseWaitOnceBothSidesAreClosed() {
        client.peer().closes();
        upstream.peer().closes();
        client.closes();
        upstream.closes();
        assertThat(client.peer().sawEnd()).isTrue();
        assertThat(upstream.peer().sawEnd()).isTrue();

        assertThat(client.socket().state()).isEqualTo(TcpState.CLOSE);
        assertThat(upstream.socket().state()).isEqualTo(TcpState.CLOSE);
        assertThat(network.engine().sockets()).isEmpty();
        assertThat(object.sockHash("targets").size()).isZero();
    }
}
