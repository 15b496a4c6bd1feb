package io.jsockmap.sockmap.send;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.sockmap.map.AttachType;
import io.jsockmap.sockmap.network.Connection;
import io.jsockmap.sockmap.network.NetworkTest;
import io.jsockmap.sockmap.socket.Ingress;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Sends that can't succeed, on this socket or on the target. */
class SendFailureTest extends NetworkTest {
    private Connection source;
    private Connection target;

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
    @DisplayName("S31, F8: egress to a target whose send side is shut is EPIPE, and only once each")
    void targetShutDown() {
        target.shutsOutput();

        source.sends("Redirect").failsWith(Errno.EPIPE);
        source.sends("Pass").succeeds();

        assertThat(source.peer().received()).isEqualTo("Pass");
        assertThat(source.read(1)).as("no error on the source").isEqualTo(new Ingress.Nothing());
        assertThat(source.account().send().dropped()).isEqualTo(8);
    }

    @Test
    @DisplayName("S31, F8: egress and ingress to a target that was reset are EPIPE")
    void targetReset() {
        target.peer().resets();

        source.sends("Redirect").failsWith(Errno.EPIPE);
        source.sends("In").failsWith(Errno.EPIPE);
    }

    @Test
    @DisplayName("S31, R17: ingress to a target that shut its receive side is delivered and read")
    void ingressToTargetThatShutInput() {
        target.socket().shutdownInput();

        source.sends("In").succeeds();

        assertThat(target.reads()).isEqualTo("In");
        assertThat(target.outcome()).isEqualTo(new Ingress.End());
    }

    @Test
    @DisplayName("S25: bytes that were accepted before a reset count, and never reach the peer")
    void resetWithBytesInTheQueue() {
        source.sends("Pass").succeeds();

        source.peer().resets();

        assertThat(source.peer().received()).isEmpty();
        assertThat(source.account().egress().discarded()).isEqualTo(4);
        assertThat(source.read(1)).isEqualTo(new Ingress.Failed(Errno.ECONNRESET.number()));
        assertThat(source.read(1)).isEqualTo(new Ingress.End());
    }

    @Test
    void aClosedSocketSendsNothing() {
        source.closes();

        source.sends("Pass").failsWith(Errno.EBADF);
        assertThat(source.read(1)).isEqualTo(new Ingress.Failed(Errno.EBADF.number()));
    }
}
