package io.jsockmap.sockmap.send;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.sockmap.map.AttachType;
import io.jsockmap.sockmap.map.UserSockMap;
import io.jsockmap.sockmap.network.Connection;
import io.jsockmap.sockmap.network.NetworkTest;
import io.jsockmap.sockmap.socket.Limits;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A sender that does not wait is told when it may try again. */
class RoomAgainTest extends NetworkTest {
    private static final String MESSAGE = "n message of some bytes";

    private Connection source;
    private Connection target;

    RoomAgainTest() {
        super(new Limits(100, 100));
    }

    @BeforeEach
    void load() {
        var object = network.load("msg-verdict");
        UserSockMap targets = object.sockMap("targets");
        source = network.connected();
        target = network.accepted();
        targets.update(0, target.socket(), UpdateFlag.ANY);
        targets.attach(object.program("judge"), AttachType.SK_MSG_VERDICT);
        targets.update(1, source.socket(), UpdateFlag.ANY);
    }

    private void sendsUntilRefused(String first) {
        int sent = 0;
        while (source.sends(first + MESSAGE).errno() == 0) assertThat(++sent).isLessThan(20);
        source.sends(first + MESSAGE).failsWith(Errno.EAGAIN);
    }

    @Test
    @DisplayName("R13: a sender whose target is full is told when the target's application reads")
    void fullIngress() {
        sendsUntilRefused("I");
        int before = source.sendSignals();

        target.reads();

        assertThat(source.sendSignals()).isGreaterThan(before);
        source.sends("I" + MESSAGE).succeeds();
    }

    @Test
    @DisplayName("R13: a sender whose target is full is told when the target's peer reads")
    void fullEgress() {
        sendsUntilRefused("R");
        int before = source.sendSignals();

        target.peer().received();

        assertThat(source.sendSignals()).isGreaterThan(before);
        source.sends("R" + MESSAGE).succeeds();
    }

    @Test
    @DisplayName("R13: a sender that is refused behind others is told when they are gone")
    void behindOthers() {
        sendsUntilRefused("P");
        var waiting = source.sendsAndWaits("P" + MESSAGE);
        source.sends("P" + MESSAGE).failsWith(Errno.EAGAIN);
        int before = source.sendSignals();

        source.peer().received();

        assertThat(waiting.isDone()).isTrue();
        assertThat(source.sendSignals()).isGreaterThan(before);
    }

    @Test
    @DisplayName("R13: a sender that tries two full targets in turn is told once for each")
    void twoTargets() {
        sendsUntilRefused("R");
        for (int i = 0; i < 100; i++) {
            source.sends("I" + MESSAGE);
            source.sends("R" + MESSAGE).failsWith(Errno.EAGAIN);
        }
        int before = source.sendSignals();

        target.reads();
        target.peer().received();

        assertThat(source.sendSignals() - before).isBetween(2, 4);
    }

    @Test
    @DisplayName("R13: a sender that was refused is told when its own connection breaks")
    void breaksMeanwhile() {
        sendsUntilRefused("I");
        int before = source.sendSignals();

        source.peer().resets();

        assertThat(source.sendSignals()).isGreaterThan(before);
        source.sends("I" + MESSAGE).failsWith(Errno.ECONNRESET);
    }

    @Test
    @DisplayName("R13: a sender that is refused a hundred times is told once for each time of room")
    void refusedOften() {
        for (int i = 0; i < 100; i++) source.sends("I" + MESSAGE);
        int before = source.sendSignals();

        target.reads();

        assertThat(source.sendSignals() - before).isLessThan(3);
    }
}
