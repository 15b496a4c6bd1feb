package io.jsockmap.sockmap.kinds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jsockmap.bpf.BpfException;
import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.sockmap.UserObject;
import io.jsockmap.sockmap.map.AttachType;
import io.jsockmap.sockmap.map.UserSockMap;
import io.jsockmap.sockmap.network.Connection;
import io.jsockmap.sockmap.network.NetworkTest;
import io.jsockmap.sockmap.socket.Ingress;
import io.jsockmap.sockmap.socket.SocketKind;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Sockets of every kind come into maps, and leave them. */
class EntriesTest extends NetworkTest {
    private UserObject object;
    private UserSockMap targets;

    @BeforeEach
    void load() {
        object = network.load("skb-edit");
        targets = object.sockMap("targets");
    }

    private void refuses(Connection connection) {
        assertThatThrownBy(() -> targets.update(0, connection.socket(), UpdateFlag.ANY))
                .isInstanceOfSatisfying(
                        BpfException.class, e -> assertThat(e.errno()).isEqualTo(Errno.EOPNOTSUPP))
                .hasMessageContaining(connection.toString());
    }

    @ParameterizedTest
    @DisplayName("F27: a socket that closes leaves its map and the engine, connected or not")
    @EnumSource
    void closes(SocketKind kind) {
        var connection = network.connected(kind);
        targets.update(0, connection.socket(), UpdateFlag.ANY);

        connection.closes();
        assertThat(targets.size()).isZero();
        assertThat(connection.peer().sawEnd()).isTrue();

        assertThat(network.engine().sockets()).isEmpty();
    }

    @ParameterizedTest
    @DisplayName("F27: so does one of datagrams that is connected to nobody")
    @EnumSource(names = {"UDP", "UNIX_DATAGRAM"})
    void unconnected(SocketKind kind) {
        var connection = network.unconnected(kind);
        targets.update(0, connection.socket(), UpdateFlag.ANY);
        assertThat(targets.size()).isOne();

        connection.closes();
        assertThat(connection.peer().sawEnd()).isTrue();

        assertThat(targets.size()).isZero();
        assertThat(network.engine().sockets()).isEmpty();
    }

    @ParameterizedTest
    @DisplayName("K19, K32: one that is connected to nobody is no target")
    @EnumSource(names = {"UDP", "UNIX_DATAGRAM"})
    void unconnectedTarget(SocketKind kind) {
        var target = network.unconnected(kind);
        var source = network.accepted();
        targets.update(0, target.socket(), UpdateFlag.ANY);
        targets.attach(object.program("edit"), AttachType.SK_SKB_STREAM_VERDICT);
        targets.update(1, source.socket(), UpdateFlag.ANY);

        for (char verdict : new char[] {'R', 'I'}) {
            object.variable("verdict_is").set(verdict);
            source.peer().sends("lost");
        }

        assertThat(source.account().receive().dropped()).isEqualTo(8);
        assertThat(target.reads() + target.peer().received()).isEmpty();
    }

    @ParameterizedTest
    @DisplayName(
            "F28, M14: a stream socket that is not connected yet is refused, as its state has it")
    @EnumSource(names = {"UNIX_STREAM", "VSOCK_STREAM", "VSOCK_SEQPACKET"})
    void notConnectedYet(SocketKind kind) {
        refuses(network.unconnected(kind));

        assertThat(targets.size()).isZero();
    }

    @ParameterizedTest
    @DisplayName(
            "M22: framing is for TCP: other kinds are refused by a map with parser and verdict")
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "TCP")
    void framing(SocketKind kind) {
        targets.attach(object.program("parse"), AttachType.SK_SKB_STREAM_PARSER);
        targets.attach(object.program("edit"), AttachType.SK_SKB_STREAM_VERDICT);

        refuses(network.connected(kind));
    }

    @Test
    @DisplayName("K33, F15: bytes that a UNIX stream had before the insertion are judged by it")
    void earlyBytes() {
        var source = network.connected(SocketKind.UNIX_STREAM);
        source.peer().sends("early");
        targets.attach(object.program("edit"), AttachType.SK_SKB_STREAM_VERDICT);
        object.variable("edit_op").set('S');
        object.variable("count").set(1);

        targets.update(0, source.socket(), UpdateFlag.ANY);

        // The test network delivers streams byte by byte.
        assertThat(source.reads()).isEqualTo("*****");
    }

    @Test
    @DisplayName("R20, F13: a UNIX stream ends behind its last byte")
    void endOfAUnixStream() {
        var source = network.connected(SocketKind.UNIX_STREAM);
        targets.attach(object.program("edit"), AttachType.SK_SKB_STREAM_VERDICT);
        targets.update(0, source.socket(), UpdateFlag.ANY);

        source.peer().sends("bytes");
        source.peer().closes();

        assertThat(source.reads()).isEqualTo("bytes");
        assertThat(source.outcome()).isEqualTo(new Ingress.End());
        assertThat(object.variable("runs").value()).as("none for the end").isEqualTo(5);
    }
}
