package io.jsockmap.sockmap.cases;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.Errno;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A redirect that shall hold for ever. */
@ParameterizedClass
@EnumSource(Delivery.class)
@DisplayName("C50: a permanent redirect")
class C50PermanentRedirectTest extends NetworkTest {
    private final Script script = new Script(network);
    private Connection source;
    private Connection target;

    C50PermanentRedirectTest(Delivery delivery) {
        super(Limits.DEFAULT, delivery);
    }

    @BeforeEach
    void open() {
        source = network.connected();
        target = network.accepted();
        script.judges(source);
        script.aims(0, target);
    }

    @ParameterizedTest
    @DisplayName("C50, S11: there is no flag for it: unknown ones are SK_DROP")
    @ValueSource(longs = {2, 3, 4, 1L << 31, 1L << 32, -1})
    void unknownFlags(long flags) {
        script.plays(
                Part.run().redirect(0).flags(flags).returnsLast(),
                Part.run().redirectByHash(0, flags).returnsLast());

        source.sends("by index").failsWith(Errno.EACCES);
        source.sends("by key").failsWith(Errno.EACCES);
    }

    @Test
    @DisplayName("C50, S15: apply 2^32-1 does it: three sends are one run")
    void applyDoesIt() {
        script.plays(Part.run().redirectIn(0).apply(0xffff_ffffL), Part.drop());

        for (int i = 0; i < 3; i++) source.sends("message").succeeds();

        assertThat(script.sizes()).containsExactly(7);
        assertThat(target.reads()).isEqualTo("message".repeat(3));
    }
}
