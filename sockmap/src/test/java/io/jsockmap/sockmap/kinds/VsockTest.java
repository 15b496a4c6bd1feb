package io.jsockmap.sockmap.kinds;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.sockmap.UserObject;
import io.jsockmap.sockmap.map.AttachType;
import io.jsockmap.sockmap.network.Connection;
import io.jsockmap.sockmap.network.NetworkTest;
import io.jsockmap.sockmap.socket.Ingress;
import io.jsockmap.sockmap.socket.SocketKind;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Sockets of AF_VSOCK: sources of both directions, targets of sk_skb egress only. */
@ParameterizedClass(name = "{0}")
@EnumSource(names = {"VSOCK_STREAM", "VSOCK_SEQPACKET"})
class VsockTest extends NetworkTest {
    @Parameter private SocketKind kind;

    private UserObject object;
    private Connection source;
    private Connection vsock;
    private Connection tcp;

    @BeforeEach
    void load() {
        object = network.load("skb-edit");
        source = network.connected(kind);
        vsock = network.connected(kind);
        tcp = network.connected();
        object.sockMap("targets").attach(object.program("edit"), AttachType.SK_SKB_STREAM_VERDICT);
        object.sockMap("targets").update(1, source.socket(), UpdateFlag.ANY);
    }

    private void redirectsTo(Connection target) {
        object.sockMap("targets").update(0, target.socket(), UpdateFlag.ANY);
    }

    private void verdict(char letter) {
        object.variable("verdict_is").set(letter);
    }

    @Test
    @DisplayName("K34, P19: the verdict runs, and what passes is read in order")
    void passes() {
        source.peer().sends("one ");
        source.peer().sends("two");

        assertThat(source.reads()).isEqualTo("one two");
        assertThat(object.variable("runs").value()).isPositive();
    }

    @Test
    @DisplayName("K34, X2: sk_skb egress reaches a vsock target, ingress is dropped")
    void asTarget() {
        redirectsTo(vsock);
        verdict('R');
        source.peer().sends("out");
        assertThat(vsock.peer().received()).isEqualTo("out");

        verdict('I');
        source.peer().sends("in");
        assertThat(vsock.read(9)).isEqualTo(new Ingress.Nothing());
        assertThat(source.account().receive().dropped()).isEqualTo(2);
    }

    @Test
    @DisplayName("K34: as source it reaches both sides of another target")
    void asSource() {
        redirectsTo(tcp);
        verdict('R');
        source.peer().sends("out");
        assertThat(tcp.peer().received()).isEqualTo("out");

        verdict('I');
        source.peer().sends("in");
        assertThat(tcp.reads()).isEqualTo("in");
    }

    @Test
    @DisplayName("R20: without a verdict it is read natively, then comes the end")
    void natively() {
        vsock.peer().sends("native");
        vsock.peer().closes();

        assertThat(vsock.reads()).isEqualTo("native");
        assertThat(vsock.outcome()).isEqualTo(new Ingress.End());
    }
}
