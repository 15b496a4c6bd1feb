package io.jsockmap.conformance.map;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.conformance.lab.EngineTest;
import io.jsockmap.conformance.lab.KernelFault;
import io.jsockmap.conformance.lab.Lab;
import io.jsockmap.conformance.lab.Waiting;
import io.jsockmap.sockmap.map.AttachType;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What ends an entry, and what does not. */
@EngineTest
class EntryLifeTest {
    private static final byte[] KEY = {1, 2, 3, 4};

    @Test
    @DisplayName("M45: when the last entry goes, the socket sends natively")
    void sendsNatively(Lab lab) throws Exception {
        var map = lab.sockMap(2);
        map.attach(lab.load("msg-verdict").program("judge"), AttachType.SK_MSG_VERDICT);
        var sender = lab.tcp();
        map.update(0, sender.socket(), UpdateFlag.ANY);
        sender.sendFails("Drop", Errno.EACCES);

        map.delete(0);

        sender.sends("Drop it, if you judge");
        sender.farReceives("Drop it, if you judge");
    }

    @Test
    @DisplayName("M45: when the last entry goes, the socket receives natively")
    void receivesNatively(Lab lab) throws Exception {
        var map = lab.sockMap(2);
        map.attach(lab.load("rewrite").program("shout"), AttachType.SK_SKB_STREAM_VERDICT);
        var receiver = lab.tcp();
        map.update(0, receiver.socket(), UpdateFlag.ANY);
        receiver.farSends("loud");
        receiver.receives("LOUD");

        map.delete(0);

        receiver.farSends("quiet");
        receiver.receives("quiet");
    }

    @Test
    @DisplayName("F2, F42: bytes that were passed and not read stay readable when the entry goes")
    @KernelFault(
            value = {"F2", "F42"},
            instead = "they are gone, and reading works never again")
    void unreadBytes(Lab lab) throws Exception {
        var map = lab.sockMap(1);
        var object = lab.load("c42-parser");
        map.attach(object.program("pass"), AttachType.SK_SKB_STREAM_VERDICT);
        var receiver = lab.tcp();
        map.update(0, receiver.socket(), UpdateFlag.ANY);
        receiver.farSends("judged ");
        Waiting.until(() -> receiver.near().available() == 7);

        map.delete(0);
        receiver.farSends("native");

        receiver.receives("judged native");
    }

    @Test
    @DisplayName("M46: closing takes a socket out of all its maps")
    void close(Lab lab) throws Exception {
        var map = lab.sockMap(2);
        var hash = lab.sockHash(4, 2);
        var connection = lab.tcp();
        map.update(0, connection.socket(), UpdateFlag.ANY);
        map.update(1, connection.socket(), UpdateFlag.ANY);
        hash.update(KEY, connection.socket(), UpdateFlag.ANY);

        connection.near().close();

        assertThat(Cookies.at(map, 0)).isEmpty();
        assertThat(Cookies.at(map, 1)).isEmpty();
        assertThat(hash.keys()).isEmpty();
    }

    @Test
    @DisplayName("M46: an abort takes a socket out of its maps, too")
    void abort(Lab lab) throws Exception {
        var hash = lab.sockHash(4, 2);
        var connection = lab.tcp();
        hash.update(KEY, connection.socket(), UpdateFlag.ANY);

        connection.near().abort();

        assertThat(hash.keys()).isEmpty();
    }

    @Test
    @DisplayName("M46, F27: a UDP socket that is closed leaves its maps, connected or not")
    void closedUdp(Lab lab) throws Exception {
        var map = lab.sockMap(2);
        var connected = lab.udp();
        var unconnected = lab.unconnectedUdp();
        map.update(0, connected.socket(), UpdateFlag.ANY);
        map.update(1, unconnected.socket(), UpdateFlag.ANY);

        connected.near().close();
        unconnected.close();

        assertThat(Cookies.at(map, 0)).isEmpty();
        assertThat(Cookies.at(map, 1)).isEmpty();
    }

    @Test
    @DisplayName("M46: a UNIX stream that is closed leaves its maps")
    void closedUnix(Lab lab) throws Exception {
        var map = lab.sockMap(1);
        var connection = lab.unix();
        map.update(0, connection.socket(), UpdateFlag.ANY);

        connection.near().close();

        assertThat(Cookies.at(map, 0)).isEmpty();
    }

    @Test
    @DisplayName("M47: the peer's end of stream leaves the entry")
    void peersEnd(Lab lab) throws Exception {
        var map = lab.sockMap(1);
        var connection = lab.tcp();
        map.update(0, connection.socket(), UpdateFlag.ANY);

        connection.farCloses();
        connection.receivesEnd();

        assertThat(Cookies.at(map, 0)).hasValue(connection.socket().cookie());
    }

    @Test
    @DisplayName("M47: the socket's own shutdown leaves the entry")
    void ownShutdown(Lab lab) throws Exception {
        var map = lab.sockMap(1);
        var connection = lab.tcp();
        map.update(0, connection.socket(), UpdateFlag.ANY);

        connection.near().shutdownOutput();
        connection.farReceivesEnd();

        assertThat(Cookies.at(map, 0)).hasValue(connection.socket().cookie());
    }

    @Test
    @DisplayName("M47: a reset by the peer leaves the entry")
    void reset(Lab lab) throws Exception {
        var map = lab.sockMap(1);
        var connection = lab.tcp();
        map.update(0, connection.socket(), UpdateFlag.ANY);

        connection.farResets();
        connection.receiveFails(Errno.ECONNRESET);

        assertThat(Cookies.at(map, 0)).hasValue(connection.socket().cookie());
    }

    @Test
    @DisplayName("M48: a UNIX stream stays when its peer closes")
    void unixPeerCloses(Lab lab) throws Exception {
        var map = lab.sockMap(1);
        var connection = lab.unix();
        map.update(0, connection.socket(), UpdateFlag.ANY);

        connection.farCloses();
        connection.receivesEnd();

        assertThat(Cookies.at(map, 0)).hasValue(connection.socket().cookie());
    }

    @Test
    @DisplayName("M48: a UNIX stream stays at its own shutdown")
    void unixOwnShutdown(Lab lab) throws Exception {
        var map = lab.sockMap(1);
        var connection = lab.unix();
        map.update(0, connection.socket(), UpdateFlag.ANY);

        connection.near().shutdownOutput();
        connection.farReceivesEnd();

        assertThat(Cookies.at(map, 0)).hasValue(connection.socket().cookie());
    }

    @Test
    @DisplayName("M50: a listening socket that is in a map accepts, and its connections are not in")
    void acceptedInheritNothing(Lab lab) throws Exception {
        var map = lab.sockMap(1);
        map.attach(lab.load("map-programs").program("drop_sent"), AttachType.SK_MSG_VERDICT);
        var listener = lab.listener();
        map.update(0, listener.socket(), UpdateFlag.ANY);

        try (var accepted = listener.accept()) {
            accepted.sends("out");
            accepted.farReceives("out");
        }
        assertThat(Cookies.at(map, 0)).hasValue(listener.socket().cookie());
    }

    @Test
    @DisplayName("M50: a listening socket that is closed leaves its map")
    void listeningCloses(Lab lab) throws Exception {
        var map = lab.sockMap(1);
        var listener = lab.listener();
        map.update(0, listener.socket(), UpdateFlag.ANY);

        listener.close();

        assertThat(Cookies.at(map, 0)).isEmpty();
    }
}
