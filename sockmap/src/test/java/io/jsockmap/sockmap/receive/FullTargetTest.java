package io.jsockmap.sockmap.receive;

import static io.jsockmap.sockmap.receive.FramesTest.frame;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.sockmap.map.AttachType;
import io.jsockmap.sockmap.map.UserSockMap;
import io.jsockmap.sockmap.network.Connection;
import io.jsockmap.sockmap.network.NetworkTest;
import io.jsockmap.sockmap.socket.FullTarget;
import io.jsockmap.sockmap.socket.Limits;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a receive verdict's redirect does at a target that takes nothing, as its map says. */
@DisplayName("C48, F7: a full target")
class FullTargetTest extends NetworkTest {
    private static final int LIMIT = 1000;

    /** A tenth of a queue. */
    private static final int FRAME = 100;

    private static final int MANY = 100;

    private UserSockMap targets;
    private Connection source;
    private Connection target;

    FullTargetTest() {
        super(new Limits(LIMIT, LIMIT));
    }

    @BeforeEach
    void load() {
        var object = network.load("frames");
        targets = object.sockMap("targets");
        source = network.accepted();
        target = network.connected();
        targets.update(0, target.socket(), UpdateFlag.ANY);
        targets.attach(object.program("parse"), AttachType.SK_SKB_STREAM_PARSER);
        targets.attach(object.program("judge"), AttachType.SK_SKB_STREAM_VERDICT);
        targets.update(1, source.socket(), UpdateFlag.ANY);
    }

    private String frames(char verdict) {
        return frame(verdict + "x".repeat(FRAME - 3)).repeat(MANY);
    }

    private String arrived(char verdict) {
        return verdict == 'R' ? target.peer().received() : target.reads();
    }

    private long queued() {
        var account = target.account();
        return account.ingress().waiting() + account.egress().waiting() + account.send().held();
    }

    @ParameterizedTest
    @DisplayName("K24, K27: block, the default: the source is not read, and nothing is lost")
    @ValueSource(chars = {'R', 'I'})
    void block(char verdict) {
        assertThat(targets.whenFull()).isEqualTo(FullTarget.BLOCK);

        source.peer().sends(frames(verdict));

        assertThat(source.peer().stuck()).isPositive();
        assertThat(queued()).isLessThanOrEqualTo(2 * LIMIT);
        assertThat(arrived(verdict)).isEqualTo(frames(verdict));
        assertThat(network.losses()).isEmpty();
    }

    @ParameterizedTest
    @DisplayName("drop: the source is read on; what finds no room is dropped, counted and reported")
    @ValueSource(chars = {'R', 'I'})
    void drop(char verdict) {
        targets.setWhenFull(FullTarget.DROP);

        source.peer().sends(frames(verdict));

        assertThat(source.peer().stuck()).isZero();
        long queued = queued();
        assertThat(queued).isLessThanOrEqualTo(2 * LIMIT);
        assertThat(source.account().receive().dropped()).isEqualTo(MANY * FRAME - queued);
        assertThat(network.losses())
                .hasSize((int) (MANY - queued / FRAME))
                .allMatch("100 bytes: redirected to a socket that is full"::equals);
        assertThat(arrived(verdict)).isEqualTo(frames(verdict).substring(0, (int) queued));

        source.peer().sends(frame(verdict + "room again"));
        assertThat(arrived(verdict)).isEqualTo(frame(verdict + "room again"));
    }

    @ParameterizedTest
    @DisplayName("queue: as much as the map says is queued, beyond the target's own limit")
    @ValueSource(chars = {'R', 'I'})
    void queue(char verdict) {
        targets.setWhenFull(new FullTarget.Queue(5 * LIMIT));

        source.peer().sends(frames(verdict));

        assertThat(source.peer().stuck()).isPositive();
        assertThat(queued()).isBetween(5L * LIMIT, 6L * LIMIT);
        assertThat(arrived(verdict)).isEqualTo(frames(verdict));
        assertThat(network.losses()).isEmpty();
    }

    @Test
    @DisplayName("queue: a limit below the target's own is the target's own")
    void queueBelowTheLimit() {
        targets.setWhenFull(new FullTarget.Queue(1));

        source.peer().sends(frames('I'));

        assertThat(queued()).isEqualTo(LIMIT);
        assertThat(target.reads()).isEqualTo(frames('I'));
    }

    @Test
    @DisplayName("what passes waits for its own reader, whatever the map says of targets")
    void ownReader() {
        targets.setWhenFull(FullTarget.DROP);

        source.peer().sends(frames('P'));

        assertThat(source.reads()).isEqualTo(frames('P'));
        assertThat(network.losses()).isEmpty();
    }
}
