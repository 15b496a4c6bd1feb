package io.jsockmap.sockmap.send;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.Errno;
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

/** What a sender is told of drops, and what its account has of them. */
class SendVerdictTest extends NetworkTest {
    private Connection source;
    private Connection target;

    SendVerdictTest() {
        // How much a ring holds depends on its elements.
        super(Limits.DEFAULT, Delivery.KERNEL);
    }

    @BeforeEach
    void load() {
        var object = network.load("msg-verdict");
        var targets = object.sockMap("targets");
        source = network.connected();
        target = network.accepted();
        targets.update(0, target.socket(), UpdateFlag.ANY);
        targets.attach(object.program("judge"), AttachType.SK_MSG_VERDICT);
        targets.update(1, source.socket(), UpdateFlag.ANY);
    }

    @Test
    @DisplayName("S26: a drop is EACCES for the sender, and nothing is sent")
    void drop() {
        source.sends("Drop").failsWith(Errno.EACCES);

        assertThat(source.peer().received()).isEmpty();
        assertThat(source.account().send().dropped()).isEqualTo(4);
    }

    @Test
    @DisplayName("S26: a drop of the second part reports what the first part sent")
    void dropOfTheSecondPart() {
        var big = ("I" + "p".repeat(SkMsg.MAX_SIZE - 1)) + "Drop";

        source.sendsAndWaits(big).stopsAfter(SkMsg.MAX_SIZE, Errno.EACCES);

        assertThat(target.reads()).hasSize(SkMsg.MAX_SIZE);
        assertThat(source.account().send().dropped()).isEqualTo(4);
    }
}
