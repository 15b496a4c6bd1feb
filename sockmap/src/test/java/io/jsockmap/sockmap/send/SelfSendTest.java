package io.jsockmap.sockmap.send;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.sockmap.map.AttachType;
import io.jsockmap.sockmap.network.Connection;
import io.jsockmap.sockmap.network.NetworkTest;
import io.jsockmap.sockmap.socket.Delivery;
import io.jsockmap.sockmap.socket.Limits;
import io.jsockmap.sockmap.socket.SkMsg;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A socket whose message verdict redirects to itself. */
class SelfSendTest extends NetworkTest {
    private Connection socket;

    SelfSendTest() {
        // Room for two rings, so that nothing waits, of as many bytes as they hold on Linux.
        super(new Limits(2 << 20, 2 << 20), Delivery.KERNEL);
    }

    @BeforeEach
    void load() {
        var object = network.load("msg-verdict");
        var targets = object.sockMap("targets");
        targets.attach(object.program("judge"), AttachType.SK_MSG_VERDICT);
        socket = network.connected();
        targets.update(0, socket.socket(), UpdateFlag.ANY);
    }

    @Test
    @DisplayName("S29: a redirect to the own egress keeps its place among what passes")
    void toItsOwnEgress() {
        var redirected = "R" + "r".repeat(SkMsg.MAX_SIZE - 1);
        var passed = "P" + "p".repeat(SkMsg.MAX_SIZE - 1);

        socket.sends(redirected + passed + redirected).succeeds();

        assertThat(socket.peer().received()).isEqualTo(redirected + passed + redirected);
    }
}
