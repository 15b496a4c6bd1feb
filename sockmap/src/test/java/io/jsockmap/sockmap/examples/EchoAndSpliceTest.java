package io.jsockmap.sockmap.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.sockmap.map.AttachType;
import io.jsockmap.sockmap.network.Bytes;
import io.jsockmap.sockmap.network.NetworkTest;
import io.jsockmap.sockmap.socket.Ingress;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The examples that do not look at a byte. */
class EchoAndSpliceTest extends NetworkTest {

    @Test
    @DisplayName("echo: each client gets back what it sent, and the end reaches the owner")
    void echo() {
        var object = network.loadExample("echo");
        var sockets = object.sockHash("sockets");
        sockets.attach(object.program("echo"), object.attachType("echo").orElseThrow());
        var one = network.accepted();
        var two = network.accepted();
        sockets.update(Bytes.u64(one.cookie()), one.socket(), UpdateFlag.ANY);
        sockets.update(Bytes.u64(two.cookie()), two.socket(), UpdateFlag.ANY);

        one.peer().sends("one");
        two.peer().sendsInPieces("two two", 2);
        one.peer().closes();

        assertThat(one.peer().received()).isEqualTo("one");
        assertThat(two.peer().received()).isEqualTo("two two");
        assertThat(one.read(1)).isEqualTo(new Ingress.End());
    }

    @Test
    @DisplayName("splice: pairs are joined; without a peer bytes stay with their reader")
    void splice() {
        var object = network.loadExample("splice");
        var peers = object.sockHash("peers");
        peers.attach(object.program("splice"), AttachType.SK_SKB_STREAM_VERDICT);
        var client = network.accepted();
        var server = network.connected();
        // The socket under the client's cookie is the server: who is inserted is judged.
        peers.update(Bytes.u64(client.cookie()), server.socket(), UpdateFlag.ANY);
        server.peer().sends("greeting");
        assertThat(server.reads()).as("no peer yet").isEqualTo("greeting");

        peers.update(Bytes.u64(server.cookie()), client.socket(), UpdateFlag.ANY);
        var request = Bytes.pattern(300_000);
        client.peer().sends(request);
        assertThat(server.peer().received()).isEqualTo(request);
        server.peer().sends("response");

        assertThat(client.peer().received()).isEqualTo("response");
        assertThat(server.reads() + client.reads()).isEmpty();
    }
}
