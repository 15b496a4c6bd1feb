package io.jsockmap.sockmap.send;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.sockmap.map.AttachType;
import io.jsockmap.sockmap.map.UserSockHash;
import io.jsockmap.sockmap.map.UserSockMap;
import io.jsockmap.sockmap.network.Bytes;
import io.jsockmap.sockmap.network.Connection;
import io.jsockmap.sockmap.network.NetworkTest;
import io.jsockmap.sockmap.socket.Delivery;
import io.jsockmap.sockmap.socket.Limits;
import io.jsockmap.sockmap.socket.SkMsg;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A message verdict decides by the first byte of what a socket sends. */
class SendVerdictTest extends NetworkTest {
    private UserSockMap targets;
    private UserSockHash hashTargets;
    private Connection source;
    private Connection target;

    SendVerdictTest() {
        // How much a ring holds depends on its elements.
        super(Limits.DEFAULT, Delivery.KERNEL);
    }

    @BeforeEach
    void load() {
        var object = network.load("msg-verdict");
        targets = object.sockMap("targets");
        hashTargets = object.sockHash("hash_targets");
        source = network.connected();
        target = network.accepted();
        targets.update(0, target.socket(), UpdateFlag.ANY);
        hashTargets.update(Bytes.u32(0), target.socket(), UpdateFlag.ANY);
        targets.attach(object.program("judge"), AttachType.SK_MSG_VERDICT);
        targets.update(1, source.socket(), UpdateFlag.ANY);
    }

    @Test
    @DisplayName("S10, S24: pass goes to the peer, and the call returns the bytes accepted")
    void pass() {
        assertThat(source.sends("Pass").accepted()).isEqualTo(4);

        assertThat(source.peer().received()).isEqualTo("Pass");
    }

    @Test
    @DisplayName("S26: a drop is EACCES for the sender, and nothing is sent")
    void drop() {
        source.sends("Drop").failsWith(Errno.EACCES);

        assertThat(source.peer().received()).isEmpty();
        assertThat(source.account().send().dropped()).isEqualTo(4);
    }

    @Test
    @DisplayName("F6, S28: a drop holds for its message alone")
    void passAfterDrop() {
        source.sends("Drop").failsWith(Errno.EACCES);
        source.sends("Pass").succeeds();

        assertThat(source.peer().received()).isEqualTo("Pass");
    }

    @Test
    @DisplayName("S13: the program runs once for each send")
    void aRunForEachSend() {
        source.sends("P first").succeeds();
        source.sends("D second").failsWith(Errno.EACCES);
        source.sends("R third").succeeds();
        source.sends("P fourth").succeeds();

        assertThat(source.peer().received()).isEqualTo("P firstP fourth");
        assertThat(target.peer().received()).isEqualTo("R third");
    }

    @Test
    @DisplayName("S29: redirect to the egress of a SOCKMAP's socket")
    void egressOfSockMap() {
        source.sends("Redirect").succeeds();

        assertThat(target.peer().received()).isEqualTo("Redirect");
        assertThat(target.reads()).isEmpty();
        assertThat(source.peer().received()).isEmpty();
    }

    @Test
    @DisplayName("S30: redirect to the ingress of a SOCKMAP's socket wakes its reader")
    void ingressOfSockMap() {
        int before = target.readSignals();

        source.sends("In").succeeds();

        assertThat(target.readSignals()).isGreaterThan(before);
        assertThat(target.reads()).isEqualTo("In");
        assertThat(target.peer().received()).isEmpty();
    }

    @Test
    @DisplayName("S11: both directions by SOCKHASH")
    void sockHash() {
        source.sends("H egress").succeeds();
        source.sends("J ingress").succeeds();

        assertThat(target.peer().received()).isEqualTo("H egress");
        assertThat(target.reads()).isEqualTo("J ingress");
    }

    @Test
    @DisplayName("S11: without an entry the helper returns SK_DROP")
    void noEntry() {
        targets.delete(0);
        hashTargets.delete(Bytes.u32(0));

        for (var text : new String[] {"R", "I", "H", "J"}) {
            source.sends(text).failsWith(Errno.EACCES);
        }
        assertThat(target.reads()).isEmpty();
        assertThat(target.peer().received()).isEmpty();
    }

    @Test
    @DisplayName("S8: a send of nothing returns 0 and runs nothing")
    void emptySend() {
        // Run, the program would drop a message without a first byte.
        assertThat(source.sends("").accepted()).isZero();
        assertThat(source.sends("").errno()).isZero();
    }

    @Test
    @DisplayName("S6: a send larger than the ring is cut, and each part is judged")
    void sendLargerThanTheRing() {
        var big = ("I" + "p".repeat(SkMsg.MAX_SIZE - 1)) + ("P" + "q".repeat(1000));
        assertThat(SkMsg.MAX_SIZE).isEqualTo(557056);

        var sending = source.sendsAndWaits(big);

        assertThat(target.reads()).isEqualTo(big.substring(0, SkMsg.MAX_SIZE));
        assertThat(source.peer().received()).isEqualTo(big.substring(SkMsg.MAX_SIZE));
        assertThat(sending.accepted()).isEqualTo(big.length());
    }

    @Test
    @DisplayName("S26: a drop of the second part reports what the first part sent")
    void dropOfTheSecondPart() {
        var big = ("I" + "p".repeat(SkMsg.MAX_SIZE - 1)) + "Drop";

        source.sendsAndWaits(big).stopsAfter(SkMsg.MAX_SIZE, Errno.EACCES);

        assertThat(target.reads()).hasSize(SkMsg.MAX_SIZE);
        assertThat(source.account().send().dropped()).isEqualTo(4);
    }

    @Test
    @DisplayName("S29: the target's own message verdict does not run on redirected bytes")
    void targetsProgramDoesNotRun() {
        targets.delete(0);
        hashTargets.delete(Bytes.u32(0));
        // Inserted anew it has the program, and would be asked once more.
        hashTargets.update(Bytes.u32(0), target.socket(), UpdateFlag.ANY);
        targets.update(0, target.socket(), UpdateFlag.ANY);

        source.sends("Redirect").succeeds();
        target.sends("Drop").failsWith(Errno.EACCES);

        assertThat(target.peer().received()).isEqualTo("Redirect");
        assertThat(target.account().send().in()).as("judged here").isEqualTo(4);
    }
}
