package io.jsockmap.conformance.map;

import static io.jsockmap.conformance.lab.Stream.assertFails;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.conformance.lab.EngineTest;
import io.jsockmap.conformance.lab.Lab;
import io.jsockmap.sockmap.map.AttachType;
import io.jsockmap.sockmap.socket.SockmapSocket;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

import java.io.IOException;

/** Which sockets come into a map: by kind and by state. */
@EngineTest
class AcceptedSocketsTest {
    enum Kind {
        ACCEPTED_TCP,
        CONNECTED_TCP,
        TCP6,
        UDP,
        UDP6,
        UNIX_STREAM;

        SockmapSocket open(Lab lab) throws IOException {
            return switch (this) {
                case ACCEPTED_TCP -> lab.tcp().socket();
                case CONNECTED_TCP -> lab.connectedTcp().socket();
                case TCP6 -> lab.tcp6().socket();
                case UDP -> lab.udp().socket();
                case UDP6 -> lab.udp6().socket();
                case UNIX_STREAM -> lab.unix().socket();
            };
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("M13: a SOCKMAP takes TCP, UDP and UNIX streams that are connected")
    void inSockmap(Kind kind, Lab lab) throws Exception {
        var map = lab.sockMap(1);
        var socket = kind.open(lab);

        map.update(0, socket, UpdateFlag.ANY);

        assertThat(Cookies.at(map, 0)).hasValue(socket.cookie());
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("M13: a SOCKHASH takes TCP, UDP and UNIX streams that are connected")
    void inSockhash(Kind kind, Lab lab) throws Exception {
        var hash = lab.sockHash(1, 1);
        var socket = kind.open(lab);

        hash.update(new byte[] {7}, socket, UpdateFlag.ANY);

        assertThat(Cookies.at(hash, new byte[] {7})).hasValue(socket.cookie());
    }

    @Test
    @DisplayName("M15: a UDP socket that has a port needs no peer")
    void unconnectedUdp(Lab lab) throws Exception {
        var map = lab.sockMap(1);
        var socket = lab.unconnectedUdp().socket();

        map.update(0, socket, UpdateFlag.ANY);

        assertThat(Cookies.at(map, 0)).hasValue(socket.cookie());
    }

    @Test
    @DisplayName("M14, M50: a TCP socket that listens is taken")
    void listening(Lab lab) throws Exception {
        var map = lab.sockMap(1);
        var socket = lab.listener().socket();

        map.update(0, socket, UpdateFlag.ANY);

        assertThat(Cookies.at(map, 0)).hasValue(socket.cookie());
    }

    @Test
    @DisplayName("M14: CLOSE_WAIT, when the peer has ended its stream, gives EOPNOTSUPP")
    void peerHasEnded(Lab lab) throws Exception {
        var connection = lab.tcp();
        connection.farShutsDown();
        connection.receivesEnd();

        refuses(connection.socket(), lab);
    }

    @Test
    @DisplayName("M14: FIN_WAIT, when the socket's own stream has ended, gives EOPNOTSUPP")
    void ownEnd(Lab lab) throws Exception {
        var connection = lab.tcp();
        connection.near().shutdownOutput();
        connection.farReceivesEnd();

        refuses(connection.socket(), lab);
    }

    @Test
    @DisplayName("M14: CLOSE, when the peer has reset the connection, gives EOPNOTSUPP")
    void reset(Lab lab) throws Exception {
        var connection = lab.tcp();
        connection.farResets();
        connection.receiveFails(Errno.ECONNRESET);

        refuses(connection.socket(), lab);
    }

    private static void refuses(SockmapSocket socket, Lab lab) {
        var map = lab.sockMap(1);

        assertFails(() -> map.update(0, socket, UpdateFlag.ANY), Errno.EOPNOTSUPP);

        assertThat(Cookies.at(map, 0)).isEmpty();
    }

    @Test
    @DisplayName("M11: a socket that is closed gives EBADF")
    void closed(Lab lab) throws Exception {
        var map = lab.sockMap(1);
        var connection = lab.tcp();
        connection.near().close();

        assertFails(() -> map.update(0, connection.socket(), UpdateFlag.ANY), Errno.EBADF);
    }

    @ParameterizedTest
    @EnumSource(
            mode = Mode.INCLUDE,
            names = {"UDP", "UDP6", "UNIX_STREAM"})
    @DisplayName("M22: a map with a parser and a stream verdict takes TCP only")
    void framed(Kind kind, Lab lab) throws Exception {
        var map = lab.sockMap(1);
        var programs = lab.load("map-programs");
        map.attach(programs.program("parse"), AttachType.SK_SKB_STREAM_PARSER);
        map.attach(programs.program("pass_received"), AttachType.SK_SKB_STREAM_VERDICT);

        assertFails(() -> map.update(0, kind.open(lab), UpdateFlag.ANY), Errno.EOPNOTSUPP);
    }

    @ParameterizedTest
    @EnumSource(
            mode = Mode.INCLUDE,
            names = {"UDP", "UDP6", "UNIX_STREAM"})
    @DisplayName("M22: a map with a parser and an skb verdict takes other kinds too")
    void parserBesideSkbVerdict(Kind kind, Lab lab) throws Exception {
        var map = lab.sockMap(1);
        var programs = lab.load("map-programs");
        map.attach(programs.program("parse"), AttachType.SK_SKB_STREAM_PARSER);
        map.attach(programs.program("pass_received"), AttachType.SK_SKB_VERDICT);

        map.update(0, kind.open(lab), UpdateFlag.ANY);

        assertThat(Cookies.at(map, 0)).isPresent();
    }
}
