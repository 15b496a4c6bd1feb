package io.jsockmap.sockmap.cases;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.sockmap.map.AttachType;
import io.jsockmap.sockmap.network.Bytes;
import io.jsockmap.sockmap.network.Connection;
import io.jsockmap.sockmap.network.NetworkTest;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A server asks how much there is before it reads on, and must not be told 0. */
@DisplayName("C22: available bytes of a socket that others redirect to")
class C22AvailableTest extends NetworkTest {
    private Connection client;
    private Connection server;

    @BeforeEach
    void load() {
        var object = network.load("msg-verdict");
        var targets = object.sockMap("targets");
        client = network.connected();
        server = network.accepted();
        targets.update(0, server.socket(), UpdateFlag.ANY);
        targets.attach(object.program("judge"), AttachType.SK_MSG_VERDICT);
        targets.update(1, client.socket(), UpdateFlag.ANY);
    }

    @Test
    @DisplayName("C22, R16, F20: after 1024 of 5000 redirected bytes 3976 are left, and are read")
    void theRestIsCounted() {
        client.sends("I" + Bytes.pattern(4999)).succeeds();
        assertThat(server.socket().available()).isEqualTo(5000);

        assertThat(server.reads(1024)).hasSize(1024);

        assertThat(server.socket().available()).isEqualTo(3976);
        assertThat(server.reads(5000)).hasSize(3976);
        assertThat(server.socket().available()).isZero();
    }

    @Test
    @DisplayName("C22: native bytes count beside redirected ones")
    void bothCount() {
        server.peer().sends("native");
        client.sends("Into it").succeeds();

        assertThat(server.socket().available()).isEqualTo(6 + 7);
    }

    @Test
    @DisplayName("C22: whoever asks again after a wake-up finds the bytes")
    void countedWhenWoken() {
        int woken = server.readSignals();

        client.sends("Into it").succeeds();

        assertThat(server.readSignals()).isGreaterThan(woken);
        assertThat(server.socket().available()).isEqualTo(7);
    }
}
