package io.jsockmap.sockmap.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.sockmap.UserObject;
import io.jsockmap.sockmap.map.AttachType;
import io.jsockmap.sockmap.network.Bytes;
import io.jsockmap.sockmap.network.Connection;
import io.jsockmap.sockmap.network.NetworkTest;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A socket sends only to the ports of a list. */
@DisplayName("port-policy")
class PortPolicyTest extends NetworkTest {
    private UserObject object;
    private Connection upstream;

    @BeforeEach
    void load() {
        object = network.loadExample("port-policy");
        var sockets = object.sockMap("sockets");
        sockets.attach(object.program("port_policy"), AttachType.SK_MSG_VERDICT);
        upstream = network.connected();
        sockets.update(0, upstream.socket(), UpdateFlag.ANY);
    }

    private void allow(int port) {
        object.map("allowed_ports").update(Bytes.u32(port), Bytes.u32(1), UpdateFlag.ANY);
    }

    @Test
    void aListedPortIsSentTo() {
        allow(8080);

        upstream.sends("GET /").succeeds();

        assertThat(upstream.peer().received()).isEqualTo("GET /");
    }

    @Test
    void anyOtherPortIsRefused() {
        allow(443);

        upstream.sends("GET /").failsWith(Errno.EACCES);

        assertThat(upstream.peer().received()).isEmpty();
    }

    @Test
    void theListMayChangeUnderAConnection() {
        upstream.sends("before").failsWith(Errno.EACCES);
        allow(8080);
        upstream.sends("while").succeeds();
        object.map("allowed_ports").delete(Bytes.u32(8080));
        upstream.sends("after").failsWith(Errno.EACCES);

        assertThat(upstream.peer().received()).isEqualTo("while");
    }

    @Test
    void receivingIsNotJudged() {
        upstream.peer().sends("answer");

        assertThat(upstream.reads()).isEqualTo("answer");
    }
}
