package io.jsockmap.sockmap.cases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jsockmap.bpf.BpfException;
import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.sockmap.map.AttachType;
import io.jsockmap.sockmap.network.Bytes;
import io.jsockmap.sockmap.network.NetworkTest;
import io.jsockmap.sockmap.socket.Ingress;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A client that sends and shuts down before the server has put its connection into the map. */
@DisplayName("C19: insert of a half-closed socket")
class C19HalfClosedInsertTest extends NetworkTest {

    @Test
    @DisplayName("M14: EOPNOTSUPP names the state, and the bytes go the ordinary way")
    void isRefusedAndLosesNothing() {
        var object = network.load("echo-hash");
        var sockets = object.sockHash("sockets");
        sockets.attach(object.program("echo"), AttachType.SK_SKB_STREAM_VERDICT);
        var server = network.accepted();
        server.peer().sends("test");
        server.peer().closes();

        assertThatThrownBy(
                        () ->
                                sockets.update(
                                        Bytes.u64(server.cookie()),
                                        server.socket(),
                                        UpdateFlag.ANY))
                .isInstanceOfSatisfying(
                        BpfException.class, e -> assertThat(e.errno()).isEqualTo(Errno.EOPNOTSUPP))
                .hasMessageContaining("CLOSE_WAIT");

        var request = server.reads();
        assertThat(request).isEqualTo("test");
        assertThat(server.outcome()).isEqualTo(new Ingress.End());
        server.sends(request).succeeds();
        server.closes();
        assertThat(server.peer().received()).isEqualTo("test");
        assertThat(server.peer().sawEnd()).isTrue();
    }
}
