package io.jsockmap.sockmap.cases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jsockmap.bpf.Errno;
import io.jsockmap.sockmap.message.Part;
import io.jsockmap.sockmap.message.Script;
import io.jsockmap.sockmap.network.Bytes;
import io.jsockmap.sockmap.network.Connection;
import io.jsockmap.sockmap.network.NetworkTest;
import io.jsockmap.sockmap.socket.Delivery;
import io.jsockmap.sockmap.socket.FullTarget;
import io.jsockmap.sockmap.socket.Limits;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What a full target means is said per map: its bytes wait, queue up to a limit, or are dropped.
 */
@ParameterizedClass
@EnumSource(Delivery.class)
@DisplayName("C48, F7: a full target")
class C48FullTargetTest extends NetworkTest {
    private static final int LIMIT = 10_000;
    private static final int MESSAGE = 1000;
    private static final String TEXT = Bytes.pattern(MESSAGE);

    private final Script script = new Script(network);
    private Connection source;
    private Connection target;

    C48FullTargetTest(Delivery delivery) {
        super(new Limits(LIMIT, LIMIT), delivery);
    }

    @BeforeEach
    void open() {
        source = network.connected();
        target = network.accepted();
        script.judges(source);
        script.aims(0, target);
    }

    private void redirects(boolean ingress, FullTarget policy) {
        script.whenFull(policy);
        script.plays(ingress ? Part.run().redirectIn(0) : Part.run().redirect(0));
    }

    private long waiting(boolean ingress) {
        var account = target.account();
        return (ingress ? account.ingress() : account.egress()).waiting();
    }

    private String takesAll(boolean ingress) {
        return ingress ? target.reads() : target.peer().received();
    }

    /** Sends a message until one is refused; how many bytes were accepted. */
    private long fills() {
        long accepted = 0;
        for (int i = 0; i < 1000; i++) {
            var sending = source.sends(TEXT);
            accepted += sending.accepted();
            if (sending.errno() == 0) continue;
            assertThat(sending.errno()).isEqualTo(Errno.EAGAIN.number());
            return accepted;
        }
        throw new AssertionError("nothing was refused");
    }

    @ParameterizedTest
    @DisplayName("C48: block: no more than the target's limit is queued, and nothing is lost")
    @ValueSource(booleans = {true, false})
    void block(boolean ingress) {
        redirects(ingress, FullTarget.BLOCK);

        assertThat(fills()).isEqualTo(LIMIT);
        assertThat(waiting(ingress)).isEqualTo(LIMIT);

        assertThat(takesAll(ingress)).isEqualTo(TEXT.repeat(LIMIT / MESSAGE));
        assertThat(network.losses()).isEmpty();
        source.sends(TEXT).succeeds();
    }

    @ParameterizedTest
    @DisplayName("C48: queue: up to a limit of its own, then the bytes wait")
    @ValueSource(booleans = {true, false})
    void queue(boolean ingress) {
        redirects(ingress, new FullTarget.Queue(5 * LIMIT));

        assertThat(fills()).isEqualTo(5 * LIMIT);
        assertThat(waiting(ingress)).isEqualTo(5 * LIMIT);
        var sending = source.sendsAndWaits(TEXT);
        assertThat(sending.isDone()).isFalse();

        assertThat(takesAll(ingress)).isEqualTo(TEXT.repeat(5 * LIMIT / MESSAGE + 1));
        sending.succeeds();
        assertThat(network.losses()).isEmpty();
    }

    @ParameterizedTest
    @DisplayName("C48: queue: a limit below the target's own is no limit")
    @ValueSource(booleans = {true, false})
    void queueBelow(boolean ingress) {
        redirects(ingress, new FullTarget.Queue(1));

        assertThat(fills()).isEqualTo(LIMIT);
    }

    @ParameterizedTest
    @DisplayName("C48: drop: what finds no room is dropped, counted and told; the sender goes on")
    @ValueSource(booleans = {true, false})
    void drop(boolean ingress) {
        redirects(ingress, FullTarget.DROP);

        for (int i = 0; i < 100; i++) {
            source.sends(TEXT).succeeds();
            assertThat(waiting(ingress)).isLessThanOrEqualTo(LIMIT);
        }

        assertThat(takesAll(ingress)).isEqualTo(TEXT.repeat(LIMIT / MESSAGE));
        assertThat(source.account().send().dropped()).isEqualTo(100 * MESSAGE - LIMIT);
        assertThat(source.account().send().redirected()).isEqualTo(LIMIT);
        assertThat(network.losses())
                .hasSize(100 - LIMIT / MESSAGE)
                .containsOnly("1000 bytes: redirected to a socket that is full");
        source.sends(TEXT).succeeds();
        assertThat(takesAll(ingress)).as("there is room again").isEqualTo(TEXT);
    }

    @Test
    @DisplayName("C48: a policy is for the redirects to come, and for those of its map alone")
    void aPolicyIsTheMaps() {
        redirects(true, FullTarget.DROP);
        for (int i = 0; i < 20; i++) source.sends(TEXT).succeeds();

        script.plays(Part.run().redirectByHash(0, 1));
        source.sends(TEXT).failsWith(Errno.EAGAIN);
        redirects(true, FullTarget.BLOCK);
        source.sends(TEXT).failsWith(Errno.EAGAIN);
    }

    @Test
    @DisplayName("C48: a queue without room for a byte is refused")
    void noRoomAtAll() {
        assertThatThrownBy(() -> new FullTarget.Queue(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("0 bytes");
    }
}
