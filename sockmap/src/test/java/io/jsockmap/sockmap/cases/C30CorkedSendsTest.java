package io.jsockmap.sockmap.cases;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.sockmap.message.Part;
import io.jsockmap.sockmap.message.Script;
import io.jsockmap.sockmap.network.Bytes;
import io.jsockmap.sockmap.network.Connection;
import io.jsockmap.sockmap.network.NetworkTest;
import io.jsockmap.sockmap.socket.Delivery;
import io.jsockmap.sockmap.socket.Limits;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Sends of 27 bytes that are held until 54, or 270, are there. */
@ParameterizedClass
@EnumSource(Delivery.class)
@DisplayName("C30: corked sends of 27 bytes")
class C30CorkedSendsTest extends NetworkTest {
    private final Script script = new Script(network);
    private Connection source;

    C30CorkedSendsTest(Delivery delivery) {
        super(Limits.DEFAULT, delivery);
    }

    @BeforeEach
    void open() {
        source = network.connected();
        script.judges(source);
    }

    private String sends(int times) {
        var all = new StringBuilder();
        for (int i = 0; i < times; i++) {
            assertThat(source.peer().received()).as("before all are there").isEmpty();
            var text = Bytes.pattern(28).substring(i % 2, 27 + i % 2);
            assertThat(source.sends(text).accepted()).isEqualTo(27);
            all.append(text);
        }
        return all.toString();
    }

    @ParameterizedTest
    @DisplayName("C30: the program sees all of it at last, and the receiver gets all at once")
    @CsvSource({"54, 2", "270, 10"})
    void allAtOnce(int cork, int times) {
        script.plays(Part.run().cork(cork));

        var sent = sends(times);

        assertThat(script.sizes()).containsExactly(27, cork);
        assertThat(source.peer().received()).isEqualTo(sent);
    }

    @ParameterizedTest
    @DisplayName("C30: pop works over corked bytes, across the limits of sends")
    @CsvSource({
        "54, 2, 0, 54",
        "54, 2, 20, 14",
        "54, 2, 53, 1",
        "270, 10, 1, 268",
        "270, 10, 26, 30"
    })
    void popOverCorkedBytes(int cork, int times, int start, int count) {
        // With the cork's request still standing, what a pop leaves would be too short again.
        script.plays(Part.run().cork(cork), Part.run().cork(0).pop(start, count));

        var sent = sends(times);

        assertThat(source.peer().received())
                .isEqualTo(sent.substring(0, start) + sent.substring(start + count));
    }
}
