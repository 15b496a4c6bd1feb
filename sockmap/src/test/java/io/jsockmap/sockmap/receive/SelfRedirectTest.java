package io.jsockmap.sockmap.receive;

import static io.jsockmap.sockmap.receive.FramesTest.frame;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.sockmap.map.AttachType;
import io.jsockmap.sockmap.network.Connection;
import io.jsockmap.sockmap.network.NetworkTest;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A socket that is its own redirect target. */
@DisplayName("K28: a redirect to the socket itself")
class SelfRedirectTest extends NetworkTest {
    private Connection socket;

    @BeforeEach
    void load() {
        var object = network.load("frames");
        var targets = object.sockMap("targets");
        targets.attach(object.program("parse"), AttachType.SK_SKB_STREAM_PARSER);
        targets.attach(object.program("judge"), AttachType.SK_SKB_STREAM_VERDICT);
        socket = network.accepted();
        targets.update(0, socket.socket(), UpdateFlag.ANY);
    }

    @Test
    @DisplayName("K18: what passes stays behind what was redirected to the own queue before")
    void orderIsKept() {
        socket.peer().sends(frame("I1") + frame("P2") + frame("I3") + frame("P4"));

        assertThat(socket.reads()).isEqualTo(frame("I1") + frame("P2") + frame("I3") + frame("P4"));
    }
}
