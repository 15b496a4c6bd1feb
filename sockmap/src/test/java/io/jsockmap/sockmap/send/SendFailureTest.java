package io.jsockmap.sockmap.send;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.sockmap.map.AttachType;
import io.jsockmap.sockmap.map.UserSockMap;
import io.jsockmap.sockmap.network.Connection;
import io.jsockmap.sockmap.network.NetworkTest;
import io.jsockmap.sockmap.socket.Ingress;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Sends that can't succeed, on this socket or on the target. */
class SendFailureTest extends NetworkTest {
    private UserSockMap targets;
    private Connection source;
    private Connection target;

    @BeforeEach
    void load() {
        var object = network.load("msg-verdict");
        targets = object.sockMap("targets");
        source = network.connected();
        target = network.accepted();
        targets.update(0, target.socket(), UpdateFlag.ANY);
        targets.attach(object.program("judge"), AttachType.SK_MSG_VERDICT);
        targets.update(1, source.socket(), UpdateFlag.ANY);
    }

    private long runs() {
        return source.account().send().in();
    }

    @Test
    @DisplayName("S35, F10: after the own shutdown EPIPE, whatever the verdict, without a run")
    void afterShutdown() {
        source.shutsOutput();

        source.sends("Pass").failsWith(Errno.EPIPE);
        source.sends("Redirect").failsWith(Errno.EPIPE);
        source.sends("In").failsWith(Errno.EPIPE);

        assertThat(target.peer().received()).isEmpty();
        assertThat(target.reads()).isEmpty();
        assertThat(runs()).as("bytes judged").isZero();
        assertThat(source.peer().sawEnd()).isTrue();
    }

    @Test
    @DisplayName("S34: after a reset every send fails with ECONNRESET, without a run")
    void afterReset() {
        source.peer().resets();

        source.sends("Pass").failsWith(Errno.ECONNRESET);
        source.sends("Redirect").failsWith(Errno.ECONNRESET);

        assertThat(target.peer().received()).isEmpty();
        assertThat(runs()).as("bytes judged").isZero();
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
    @DisplayName("S31: a target that shut its send side still takes ingress")
    void ingressToTargetShutDown() {
        target.shutsOutput();

        source.sends("In").succeeds();

        assertThat(target.reads()).isEqualTo("In");
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
    @DisplayName("S31: ingress to a target that saw its peer's end is delivered and read")
    void ingressToTargetThatSawTheEnd() {
        target.peer().closes();

        source.sends("In").succeeds();

        assertThat(target.reads()).isEqualTo("In");
        assertThat(target.outcome()).isEqualTo(new Ingress.End());
    }

    @Test
    @DisplayName("F8: a target that closed has left the map, so the verdict drops")
    void targetClosed() {
        target.closes();

        source.sends("Redirect").failsWith(Errno.EACCES);
        source.sends("In").failsWith(Errno.EACCES);
    }

    @Test
    @DisplayName("F8: a target that is inserted again works again")
    void targetReinserted() {
        targets.delete(0);
        source.sends("Redirect").failsWith(Errno.EACCES);

        targets.update(0, target.socket(), UpdateFlag.ANY);
        source.sends("Redirect").succeeds();

        assertThat(target.peer().received()).isEqualTo("Redirect");
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
