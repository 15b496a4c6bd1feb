package io.jsockmap.sockmap.cases;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.sockmap.message.Part;
import io.jsockmap.sockmap.message.Script;
import io.jsockmap.sockmap.network.Bytes;
import io.jsockmap.sockmap.network.NetworkTest;
import io.jsockmap.sockmap.socket.Delivery;
import io.jsockmap.sockmap.socket.Limits;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

import java.util.Random;

/** A target with a tiny send buffer and a reader that takes odd pieces. */
@ParameterizedClass
@EnumSource(Delivery.class)
@DisplayName("C26, F23: no byte twice, none missing")
class C26PartialWritesTest extends NetworkTest {
    private static final int MUCH = 1_000_000;

    private final Script script = new Script(network);

    C26PartialWritesTest(Delivery delivery) {
        super(new Limits(700, 700), delivery);
    }

    @Test
    @DisplayName("C26: sends without waiting, short takes at random")
    void oddPieces() {
        var source = network.connected();
        var target = network.accepted();
        script.judges(source);
        script.aims(0, target);
        script.plays(Part.run().redirect(0).apply(0xffff_ffffL));
        var text = Bytes.pattern(MUCH);
        var random = new Random(26);
        var arrived = new StringBuilder();

        for (int done = 0; done < MUCH; ) {
            int end = Math.min(MUCH, done + 1 + random.nextInt(3000));
            done += (int) source.sends(text.substring(done, end)).accepted();
            arrived.append(target.peer().receives(random.nextInt(2000)));
        }
        arrived.append(target.peer().received());

        assertThat(arrived.toString()).isEqualTo(text);
    }
}
