package io.jsockmap.sockmap.cases;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.sockmap.message.Part;
import io.jsockmap.sockmap.message.Script;
import io.jsockmap.sockmap.network.Connection;
import io.jsockmap.sockmap.network.NetworkTest;
import io.jsockmap.sockmap.socket.Delivery;
import io.jsockmap.sockmap.socket.Limits;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** A cork for more bytes than are ever sent. */
@ParameterizedClass
@EnumSource(Delivery.class)
@DisplayName("C29: a cork that is never complete")
class C29EndlessCorkTest extends NetworkTest {
    private final Script script = new Script(network);
    private Connection source;

    C29EndlessCorkTest(Delivery delivery) {
        super(Limits.DEFAULT, delivery);
    }

    @BeforeEach
    void cork() {
        source = network.connected();
        script.judges(source);
        script.plays(Part.run().cork(1000));
        source.sends("0123456789").succeeds();
    }

    @Test
    @DisplayName("C29: the account shows what is held")
    void isVisible() {
        var account = source.account();

        assertThat(account.corked()).isEqualTo(10);
        assertThat(account.send().held()).isEqualTo(10);
        assertThat(source.peer().received()).isEmpty();
    }

    @Test
    @DisplayName("C29, F3: a close sends what was accepted, and nothing is held any more")
    void isReleasedByClose() {
        source.closes();

        assertThat(source.peer().received()).isEqualTo("0123456789");
        assertThat(source.account().corked()).isZero();
        assertThat(source.account().send().held()).isZero();
    }

    @Test
    @DisplayName("C29: a reset of one's own discards what was held, counted")
    void isReleasedByAbort() {
        source.aborts();

        assertThat(source.peer().received()).isEmpty();
        assertThat(source.account().send().held()).isZero();
        assertThat(source.account().egress().discarded()).isEqualTo(10);
    }

    @Test
    @DisplayName("C29: memory is bounded: a full ring is judged, however much was asked for")
    void isBounded() {
        script.plays(Part.run().cork(0xffff_ffffL));
        int most = 17 * 32768;

        for (int i = 0; i < 40; i++) {
            source.sends("x".repeat(50_000));
            assertThat(source.account().corked()).isLessThanOrEqualTo(most);
            source.peer().received();
        }
    }
}
