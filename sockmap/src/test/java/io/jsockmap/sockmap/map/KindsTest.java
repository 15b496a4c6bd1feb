package io.jsockmap.sockmap.map;

import static io.jsockmap.sockmap.map.Errnos.assertErrno;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.map.MapDefinition;
import io.jsockmap.bpf.map.MapType;
import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.sockmap.network.Network;
import io.jsockmap.sockmap.network.NetworkTest;
import io.jsockmap.sockmap.socket.Addresses;
import io.jsockmap.sockmap.socket.Sock;
import io.jsockmap.sockmap.socket.SocketKind;
import io.jsockmap.sockmap.socket.TcpState;
import io.jsockmap.sockmap.socket.Transport;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;

/** Which kinds of sockets, in which states, maps take; what is refused says why. */
class KindsTest extends NetworkTest {
    private static final Addresses ENDS = Network.addresses("10.0.0.1", 1234, "10.0.0.2", 80);

    private final UserSockMap map =
            new UserSockMap(MapDefinition.of("m", MapType.SOCKMAP, 4, 8, 4));
    private final UserSockHash hash =
            new UserSockHash(MapDefinition.of("h", MapType.SOCKHASH, 4, 8, 4));

    private Sock opened(SocketKind kind, boolean connected) {
        SocketAddress local = ENDS.local();
        SocketAddress remote = ENDS.remote();
        if (kind.isUnix()) {
            local = UnixDomainSocketAddress.of("/run/here");
            remote = UnixDomainSocketAddress.of("/run/there");
        }
        var ends = new Addresses(kind, local, connected ? remote : null);
        return network.engine().opened(ends, Transport.NONE);
    }

    @ParameterizedTest
    @DisplayName("M13: connected sockets of all six kinds, in both kinds of maps")
    @EnumSource(value = SocketKind.class, mode = Mode.EXCLUDE, names = "TCP")
    void kinds(SocketKind kind) {
        var socket = opened(kind, true);

        map.update(0, socket, UpdateFlag.ANY);
        hash.update(new byte[4], socket, UpdateFlag.ANY);

        assertThat(map.socket(0)).contains(socket);
        assertThat(hash.socket(new byte[4])).contains(socket);
        socket.close();
        assertThat(map.size() + hash.size()).isZero();
    }

    @ParameterizedTest
    @DisplayName("M14, M15, F27: datagrams need no peer, and closing frees them")
    @EnumSource(names = {"UDP", "UNIX_DATAGRAM"})
    void unconnectedDatagrams(SocketKind kind) {
        var socket = opened(kind, false);

        map.update(0, socket, UpdateFlag.ANY);
        assertThat(map.socket(0)).contains(socket);

        socket.close();
        network.engine().closed(socket);
        assertThat(map.size()).isZero();
        assertThat(network.engine().sockets()).isEmpty();
    }

    @Test
    @DisplayName("M15: a UDP socket without a port is taken, as by Linux before 7.2")
    void unboundUdp() {
        var unbound = Network.addresses("0.0.0.0", 0, "0.0.0.0", 0);
        var ends = new Addresses(SocketKind.UDP, unbound.local(), null);

        map.update(0, network.engine().opened(ends, Transport.NONE), UpdateFlag.ANY);

        assertThat(map.size()).isEqualTo(1);
    }

    @ParameterizedTest
    @DisplayName("M14, C49: streams of UNIX and vsock must be connected; EOPNOTSUPP says so")
    @EnumSource(names = {"UNIX_STREAM", "VSOCK_STREAM", "VSOCK_SEQPACKET"})
    void unconnectedStreams(SocketKind kind) {
        var socket = opened(kind, false);

        assertErrno(Errno.EOPNOTSUPP, () -> map.update(0, socket, UpdateFlag.ANY))
                .hasMessageContaining("map m, key 00000000")
                .hasMessageContaining("socket " + socket)
                .hasMessageContaining("a socket of kind %s must be connected", kind);
    }

    @Test
    @DisplayName("M14, C34, C49: of TCP only ESTABLISHED and LISTEN; EOPNOTSUPP says what to do")
    void statesOfTcp() {
        var connecting = network.engine().connecting(ENDS, Transport.NONE);
        refused(connecting, TcpState.SYN_SENT, "insert it once it is established");
        connecting.established();
        map.update(0, connecting, UpdateFlag.ANY);

        var halfClosed = network.accepted();
        halfClosed.peer().closes();
        refused(halfClosed.socket(), TcpState.CLOSE_WAIT, "its peer has ended the stream");
        halfClosed.shutsOutput();
        refused(halfClosed.socket(), TcpState.LAST_ACK, "its peer has ended the stream");

        var shut = network.accepted();
        shut.shutsOutput();
        refused(shut.socket(), TcpState.FIN_WAIT1, "it has ended its stream");

        var failed = network.engine().connecting(ENDS, Transport.NONE);
        failed.failed(Errno.ECONNREFUSED);
        refused(failed, TcpState.CLOSE, "its connection is closed");
    }

    private void refused(Sock socket, TcpState state, String reason) {
        assertErrno(Errno.EOPNOTSUPP, () -> map.update(1, socket, UpdateFlag.ANY))
                .hasMessageContaining("in state %s, can't be inserted", state)
                .hasMessageContaining(reason);
        assertThat(socket.isMapped()).isFalse();
    }

    @ParameterizedTest
    @DisplayName("M22, P19, C49: a map with parser and stream verdict takes TCP only")
    @EnumSource(value = SocketKind.class, mode = Mode.EXCLUDE, names = "TCP")
    void framedMaps(SocketKind kind) {
        var object = network.load("map-programs");
        map.attach(object.program("parse"), AttachType.SK_SKB_STREAM_PARSER);
        map.attach(object.program("pass_received"), AttachType.SK_SKB_STREAM_VERDICT);
        var socket = opened(kind, true);

        assertErrno(Errno.EOPNOTSUPP, () -> map.update(0, socket, UpdateFlag.ANY))
                .hasMessageContaining("is of kind %s and can't be framed", kind);
        map.update(0, network.connected().socket(), UpdateFlag.ANY);
    }

    @ParameterizedTest
    @DisplayName("M22: a parser alone, and a parser beside an skb verdict, take any kind")
    @EnumSource(value = SocketKind.class, mode = Mode.EXCLUDE, names = "TCP")
    void parserAlone(SocketKind kind) {
        var object = network.load("map-programs");
        map.attach(object.program("parse"), AttachType.SK_SKB_STREAM_PARSER);
        map.update(0, opened(kind, true), UpdateFlag.ANY);

        map.attach(object.program("pass_received"), AttachType.SK_SKB_VERDICT);
        map.update(1, opened(kind, true), UpdateFlag.ANY);

        assertThat(map.size()).isEqualTo(2);
    }

    @Test
    @DisplayName(
            "M48: a UNIX socket stays when its peer's stream ends: a shutdown looks like a close")
    void endOfUnixStream() {
        var socket = opened(SocketKind.UNIX_STREAM, true);
        map.update(0, socket, UpdateFlag.ANY);

        socket.receivedEnd();
        socket.shutdownOutput();

        assertThat(map.socket(0)).contains(socket);
        assertThat(socket.state()).as("it has no other").isEqualTo(TcpState.ESTABLISHED);
        map.update(1, socket, UpdateFlag.ANY);
    }

    @Test
    @DisplayName("M12: kind and state come before the index")
    void orderOfChecks() {
        var socket = opened(SocketKind.UNIX_STREAM, false);

        assertErrno(Errno.EOPNOTSUPP, () -> map.update(99, socket, UpdateFlag.ANY));
    }

    @Test
    void tcpIsConnectedOrAccepted() {
        assertThatThrownBy(() -> network.engine().opened(ENDS, Transport.NONE))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
