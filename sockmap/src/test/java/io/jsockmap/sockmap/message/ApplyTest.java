package io.jsockmap.sockmap.message;

import static io.jsockmap.sockmap.message.Part.drop;
import static io.jsockmap.sockmap.message.Part.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.Errno;
import io.jsockmap.sockmap.socket.Delivery;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Of a verdict for a number of bytes (bpf_msg_apply_bytes): what is dropped, and what is told. */
@ParameterizedClass
@EnumSource(Delivery.class)
class ApplyTest extends ScriptTest {
    private static final String TEXT = "0123456789";

    ApplyTest(Delivery delivery) {
        super(delivery);
    }

    private String received() {
        return source.peer().received();
    }

    @Test
    @DisplayName("S15: a carried verdict may be a drop, and ends within a send")
    void aDropCarriesOver() {
        script.plays(run().apply(15).returns(0), run());

        source.sends(TEXT).failsWith(Errno.EACCES);
        source.sends(TEXT).succeeds();

        assertThat(script.sizes()).containsExactly(10, 5);
        assertThat(received()).isEqualTo("56789");
        assertThat(source.account().send().dropped()).isEqualTo(15);
    }

    @Test
    @DisplayName("S27, F5: a drop of the first bytes drops no others; they were dealt with")
    void dropOfTheFirstBytes() {
        script.plays(run().apply(4).returns(0), run().apply(0));

        assertThat(source.sends(TEXT).accepted()).isEqualTo(10);

        assertThat(script.sizes()).containsExactly(10, 6);
        assertThat(received()).isEqualTo("456789");
        assertThat(source.account().send().dropped()).isEqualTo(4);
    }

    @Test
    @DisplayName("S26, F5: a drop of the last bytes reports those accepted before")
    void dropOfTheLastBytes() {
        script.plays(run().apply(4), drop());

        source.sends(TEXT).stopsAfter(4, Errno.EACCES);

        // The second run's drop is for 4 bytes too (S17), and so is the third's for the last 2.
        assertThat(script.sizes()).containsExactly(10, 6, 2);
        assertThat(received()).isEqualTo("0123");
        assertThat(source.account().send().dropped()).isEqualTo(6);
    }

    @Test
    @DisplayName("S26: the count is exact though the program adds or takes bytes")
    void exactWithPushAndPop() {
        script.plays(
                run().push(0, 5),
                run().pop(0, 5),
                run().push(0, 5).returns(0),
                run().pop(0, 5).returns(0));

        assertThat(source.sends(TEXT).accepted()).isEqualTo(10);
        assertThat(source.sends(TEXT).accepted()).isEqualTo(10);
        source.sends(TEXT).failsWith(Errno.EACCES);
        source.sends(TEXT).failsWith(Errno.EACCES);

        assertThat(received()).isEqualTo("\0\0\0\0\0" + TEXT + "56789");
        assertThat(source.account().send().edited()).isZero();
    }

    @Test
    @DisplayName("S26: a send whose bytes were dropped fails, though bytes of the program passed")
    void onlyPushedBytesPass() {
        script.plays(run().push(10, 5).apply(10).returns(0), run());

        source.sends(TEXT).failsWith(Errno.EACCES);

        assertThat(received()).isEqualTo("\0\0\0\0\0");
    }
}
