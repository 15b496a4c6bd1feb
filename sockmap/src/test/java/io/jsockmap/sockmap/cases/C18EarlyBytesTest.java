package io.jsockmap.sockmap.cases;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.sockmap.map.AttachType;
import io.jsockmap.sockmap.map.UserSockHash;
import io.jsockmap.sockmap.network.Bytes;
import io.jsockmap.sockmap.network.NetworkTest;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What came before the socket was in the map is judged when it is put there. */
@DisplayName("C18: bytes before the insertion")
class C18EarlyBytesTest extends NetworkTest {
    private UserSockHash sockets;

    @BeforeEach
    void load() {
        var object = network.load("echo-hash");
        sockets = object.sockHash("sockets");
        sockets.attach(object.program("echo"), AttachType.SK_SKB_STREAM_VERDICT);
    }

    @Test
    @DisplayName("K17, F15: a peer that sends and waits gets its echo once the socket is inserted")
    void earlyBytesAreEchoed() {
        var server = network.accepted();
        server.peer().sends("hello");
        assertThat(server.peer().received()).isEmpty();

        sockets.update(Bytes.u64(server.cookie()), server.socket(), UpdateFlag.ANY);

        assertThat(server.peer().received()).isEqualTo("hello");
    }

    @Test
    void whatTheApplicationReadBeforeIsNotEchoed() {
        var server = network.accepted();
        server.peer().sends("for me, for you");
        assertThat(server.reads(8)).isEqualTo("for me, ");

        sockets.update(Bytes.u64(server.cookie()), server.socket(), UpdateFlag.ANY);

        assertThat(server.peer().received()).isEqualTo("for you");
        assertThat(server.reads()).isEmpty();
    }

    @Test
    void earlyAndLaterBytesKeepTheirOrder() {
        var server = network.accepted();
        server.peer().sendsInPieces("early bytes, ", 3);

        sockets.update(Bytes.u64(server.cookie()), server.socket(), UpdateFlag.ANY);
        server.peer().sends("later bytes");

        assertThat(server.peer().received()).isEqualTo("early bytes, later bytes");
    }
}
