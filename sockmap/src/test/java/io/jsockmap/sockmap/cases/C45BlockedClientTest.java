package io.jsockmap.sockmap.cases;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.sockmap.map.AttachType;
import io.jsockmap.sockmap.network.Bytes;
import io.jsockmap.sockmap.network.Connection;
import io.jsockmap.sockmap.network.NetworkTest;
import io.jsockmap.sockmap.socket.Delivery;
import io.jsockmap.sockmap.socket.Ingress;
import io.jsockmap.sockmap.socket.Limits;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A server sends much and closes while the client does not read. */
@DisplayName("C45: end of stream behind queued bytes")
class C45BlockedClientTest extends NetworkTest {
    private static final int MUCH = 200 * 1024;

    private Connection client;
    private Connection upstream;

    C45BlockedClientTest() {
        // It is about queues: byte by byte they would be as full.
        super(new Limits(16384, 16384), Delivery.KERNEL);
    }

    @BeforeEach
    void relay() {
        var object = network.load("pair");
        var targets = object.sockHash("targets");
        targets.attach(object.program("relay"), AttachType.SK_SKB_STREAM_VERDICT);
        client = network.accepted();
        upstream = network.connected();
        targets.update(Bytes.u64(client.cookie()), upstream.socket(), UpdateFlag.ANY);
        targets.update(Bytes.u64(upstream.cookie()), client.socket(), UpdateFlag.ANY);
    }

    @Test
    @DisplayName("F13: the owner sees the end only when all bytes have moved on")
    void theEndWaitsForTheBytes() {
        var response = Bytes.pattern(MUCH);
        upstream.peer().sends(response);
        upstream.peer().closes();
        assertThat(upstream.peer().stuck()).as("not accepted for want of room").isPositive();
        assertThat(upstream.read(1)).isEqualTo(new Ingress.Nothing());

        var read = new StringBuilder();
        while (upstream.read(1) instanceof Ingress.Nothing) {
            var piece = client.peer().receives(1000);
            assertThat(piece).as("progress at every read").isNotEmpty();
            read.append(piece);
        }
        client.shutsOutput();
        read.append(client.peer().received());

        assertThat(read.toString()).isEqualTo(response);
        assertThat(client.peer().sawEnd()).isTrue();
    }

    @Test
    @DisplayName("C45: a blocked pair signals nothing, so there is nothing to spin on")
    void aBlockedPairIsQuiet() {
        upstream.peer().sends(Bytes.pattern(MUCH));
        upstream.peer().closes();
        int signals = signals();

        for (int i = 0; i < 100; i++) {
            assertThat(upstream.read(1)).isEqualTo(new Ingress.Nothing());
        }

        assertThat(signals()).isEqualTo(signals);
    }

    private int signals() {
        return upstream.readSignals()
                + upstream.receiveSignals()
                + client.readSignals()
                + client.egressSignals();
    }
}
