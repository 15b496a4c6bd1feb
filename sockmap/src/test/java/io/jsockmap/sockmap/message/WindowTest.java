package io.jsockmap.sockmap.message;

import static io.jsockmap.sockmap.message.Part.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.sockmap.network.Bytes;
import io.jsockmap.sockmap.socket.Delivery;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** How much a program sees without a pull, by the engine's setting. */
@ParameterizedClass
@EnumSource(Delivery.class)
class WindowTest extends ScriptTest {
    private final Delivery delivery;

    WindowTest(Delivery delivery) {
        super(delivery);
        this.delivery = delivery;
    }

    private int of(int size) {
        return switch (delivery) {
            case WHOLE -> size;
            case KERNEL -> Math.min(size, 32768);
            case HOSTILE -> 1;
        };
    }

    @Test
    @DisplayName("S5: all of it, the kernel's first element, or one byte")
    void withoutAPull() {
        script.plays(run());

        source.sends(Bytes.pattern(60_000)).succeeds();

        assertThat(script.onlyRun().visible()).isEqualTo(of(60_000));
    }

    @Test
    @DisplayName("S45: so does a run for the rest of a message")
    void forTheRest() {
        script.plays(run().pull(0, 10).apply(30_000), run().apply(0));

        source.sends(Bytes.pattern(60_000)).succeeds();

        int rest = delivery == Delivery.KERNEL ? 32768 - 30_000 : of(30_000);
        assertThat(script.visible()).containsExactly(of(60_000), rest);
    }

    @Test
    @DisplayName("S5: so does the run behind a cork")
    void behindACork() {
        script.plays(run().cork(60), run());

        source.sends(Bytes.pattern(30)).succeeds();
        source.sends(Bytes.pattern(30)).succeeds();

        assertThat(script.visible()).containsExactly(of(30), of(60));
    }
}
