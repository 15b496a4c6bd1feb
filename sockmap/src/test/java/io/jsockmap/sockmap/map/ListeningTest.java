package io.jsockmap.sockmap.map;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.map.MapDefinition;
import io.jsockmap.bpf.map.MapType;
import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.sockmap.UserObject;
import io.jsockmap.sockmap.network.Network;
import io.jsockmap.sockmap.network.NetworkTest;
import io.jsockmap.sockmap.socket.Addresses;
import io.jsockmap.sockmap.socket.Sock;
import io.jsockmap.sockmap.socket.SocketKind;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Listening sockets in maps. */
class ListeningTest extends NetworkTest {
    private final UserObject object = network.load("msg-verdict");
    private final UserSockMap targets = object.sockMap("targets");
    private Sock listening;

    @BeforeEach
    void listen() {
        var ends = Network.addresses("10.0.0.1", 80, "10.0.0.1", 1);
        listening = network.engine().listening(new Addresses(SocketKind.TCP, ends.local(), null));
    }

    @Test
    @DisplayName("M14, M50: a listening socket may be an entry, until it is closed")
    void entry() {
        targets.update(0, listening, UpdateFlag.ANY);
        assertThat(targets.socket(0)).contains(listening);

        listening.close();

        assertThat(targets.size()).isZero();
        assertThat(network.engine().sockets()).doesNotContain(listening);
    }

    @Test
    @DisplayName("M50: what is accepted from it has neither its programs nor its entries")
    void acceptedInheritsNothing() {
        targets.attach(object.program("judge"), AttachType.SK_MSG_VERDICT);
        targets.update(0, listening, UpdateFlag.ANY);

        var accepted = network.accepted(Network.addresses("10.0.0.1", 80, "10.0.0.2", 40000));

        assertThat(listening.programs().msg()).isNotNull();
        assertThat(accepted.socket().isMapped()).isFalse();
        accepted.sends("Drop").succeeds();
        accepted.peer().sends("in");
        assertThat(accepted.reads()).isEqualTo("in");
        assertThat(targets.size()).isEqualTo(1);
    }

    @ParameterizedTest
    @DisplayName("M51, S11: it is no target: the helper returns SK_DROP, in both directions")
    @ValueSource(strings = {"Redirect", "Ingress"})
    void noTarget(String message) {
        var source = network.connected();
        var sources = new UserSockMap(MapDefinition.of("sources", MapType.SOCKMAP, 4, 8, 1));
        sources.attach(object.program("judge"), AttachType.SK_MSG_VERDICT);
        sources.update(0, source.socket(), UpdateFlag.ANY);
        targets.update(0, listening, UpdateFlag.ANY);

        source.sends(message).failsWith(Errno.EACCES);

        targets.update(0, network.connected().socket(), UpdateFlag.ANY);
        source.sends(message).succeeds();
    }

    @Test
    @DisplayName("M23: its programs conflict as those of any socket do")
    void conflicts() {
        targets.attach(object.program("judge"), AttachType.SK_MSG_VERDICT);
        targets.update(0, listening, UpdateFlag.ANY);

        Errnos.assertErrno(Errno.EBUSY, () -> targets.update(1, listening, UpdateFlag.ANY));
    }

    @Test
    @DisplayName("M36: it has a cookie like any socket")
    void cookie() {
        targets.update(2, listening, UpdateFlag.ANY);

        assertThat(targets.lookup(new byte[] {2, 0, 0, 0})).isPresent();
        assertThat(listening.cookie()).isPositive();
    }
}
