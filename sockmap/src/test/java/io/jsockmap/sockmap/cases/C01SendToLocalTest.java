package io.jsockmap.sockmap.cases;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.Errno;
import io.jsockmap.sockmap.map.AttachType;
import io.jsockmap.sockmap.map.UserSockHash;
import io.jsockmap.sockmap.network.Bytes;
import io.jsockmap.sockmap.network.NetworkTest;
import io.jsockmap.sockmap.network.Wire;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Both ends of a loopback connection are stored, and a sender hands its bytes to the other end. */
@DisplayName("C01: send to local")
class C01SendToLocalTest extends NetworkTest {
    private UserSockHash peers;
    private Wire wire;

    @BeforeEach
    void load() {
        var object = network.load("c01-send-to-local");
        peers = object.sockHash("peers");
        peers.attach(object.program("shortcut"), AttachType.SK_MSG_VERDICT);
        network.engine().attach(object.program("remember"));
        wire = network.wire(5201);
    }

    @Test
    void bothEndsAreStoredUnderTheirPeersPort() {
        long clientPort = wire.client().addresses().localPort();

        assertThat(peers.socket(Bytes.u32(5201))).contains(wire.client().socket());
        assertThat(peers.socket(Bytes.u32(clientPort))).contains(wire.server().socket());
    }

    @Test
    void bytesOfBothEndsAppearAtTheOtherWithoutTouchingTheWire() {
        wire.client().sends("ping").succeeds();
        wire.server().sends("pong").succeeds();

        assertThat(wire.deliver()).as("bytes on the wire").isZero();
        assertThat(wire.server().reads()).isEqualTo("ping");
        assertThat(wire.client().reads()).isEqualTo("pong");
        assertThat(wire.client().account().send().redirected()).isEqualTo(4);
        assertThat(wire.server().account().send().redirected()).isEqualTo(4);
    }

    @Test
    void withoutThePeerInTheMapTheSenderIsTold() {
        peers.delete(Bytes.u32(wire.client().addresses().localPort()));

        wire.client().sends("lost").failsWith(Errno.EACCES);

        assertThat(wire.deliver()).isZero();
        assertThat(wire.server().reads()).isEmpty();
        assertThat(wire.client().account().send().dropped()).isEqualTo(4);
    }
}
