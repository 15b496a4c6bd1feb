package io.jsockmap.sockmap.message;

import static io.jsockmap.sockmap.message.Part.drop;
import static io.jsockmap.sockmap.message.Part.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.sockmap.network.Bytes;
import io.jsockmap.sockmap.socket.Delivery;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** A verdict for a number of bytes (bpf_msg_apply_bytes). */
@ParameterizedClass
@EnumSource(Delivery.class)
class ApplyTest extends ScriptTest {
    private static final String TEXT = "0123456789";

    ApplyTest(Delivery delivery) {
        super(delivery);
    }

    private void sends(int times) {
        for (int i = 0; i < times; i++) source.sends(TEXT).succeeds();
    }

    private String received() {
        return source.peer().received();
    }

    // --- Which bytes a verdict is for ------------------------------------------------------------

    @Test
    @DisplayName("S14: bytes behind those of the verdict are judged in the same call")
    void smallerThanTheMessage() {
        script.plays(run().load(0).apply(4));

        sends(1);

        assertThat(script.sizes()).containsExactly(10, 6, 2);
        assertThat(script.runs()).extracting(Seen::first).containsExactly(48, 52, 56);
        assertThat(received()).isEqualTo(TEXT);
    }

    @Test
    @DisplayName("S15: a verdict carries over to later sends, and may end within one")
    void largerThanTheMessage() {
        script.plays(run().apply(25));

        sends(4);

        assertThat(script.sizes()).containsExactly(10, 5);
        assertThat(script.runs()).extracting(Seen::first).containsExactly(48, 53);
        assertThat(received()).isEqualTo(TEXT.repeat(4));
    }

    @Test
    @DisplayName("S15: a carried verdict may be a drop, and ends within a send")
    void aDropCarriesOver() {
        script.plays(run().apply(15).returns(0), run());

        source.sends(TEXT).failsWith(Errno.EACCES);
        sends(1);

        assertThat(script.sizes()).containsExactly(10, 5);
        assertThat(received()).isEqualTo("56789");
        assertThat(source.account().send().dropped()).isEqualTo(15);
    }

    @Test
    @DisplayName("S15: the target is kept while its verdict holds, though its entry is replaced")
    void theTargetIsKept() {
        var next = network.accepted();
        script.plays(run().redirect(0).apply(25));
        // The first target stays in another map than the one that is looked up.
        sends(1);
        script.targets().update(0, next.socket(), UpdateFlag.ANY);

        sends(3);

        assertThat(script.sizes()).containsExactly(10, 5);
        assertThat(target.peer().received()).isEqualTo(TEXT + TEXT + "01234");
        assertThat(next.peer().received()).isEqualTo("56789" + TEXT);
    }

    @Test
    @DisplayName("S15, F29: so is the direction, over partial messages")
    void theDirectionIsKept() {
        script.plays(run().redirectIn(0).apply(15), run());

        sends(2);

        assertThat(target.reads()).isEqualTo(TEXT + "01234");
        assertThat(target.peer().received()).isEmpty();
        assertThat(received()).isEqualTo("56789");
    }

    @Test
    @DisplayName("S16: 0 cancels, and the last call of a run wins")
    void theLastCallWins() {
        script.plays(run().apply(4).apply(0));
        sends(1);
        assertThat(script.sizes()).containsExactly(10);

        script.plays(run().apply(4).apply(6));
        sends(1);
        assertThat(script.sizes()).containsExactly(10, 4);
        assertThat(received()).isEqualTo(TEXT + TEXT);
    }

    @Test
    @DisplayName("S17: on a run for the rest the earlier request stands")
    void theRequestStandsForTheRest() {
        script.plays(run().apply(4), run());
        source.sends("0123456789abcde").succeeds();
        assertThat(script.sizes()).containsExactly(15, 11, 7, 3);
    }

    @Test
    @DisplayName("S17: unless that run makes another")
    void theRestHasARequestOfItsOwn() {
        script.plays(run().apply(4), run().apply(0));
        source.sends("0123456789abcde").succeeds();
        assertThat(script.sizes()).containsExactly(15, 11);
    }

    @Test
    @DisplayName("S17: so does an earlier request to cork, which the rest then waits for")
    void theCorkStandsForTheRest() {
        script.plays(run().cork(10).apply(4), run(), run().apply(0));

        sends(1);
        assertThat(script.sizes()).containsExactly(10, 6);
        assertThat(source.account().corked()).isEqualTo(6);
        sends(1);

        assertThat(script.sizes()).containsExactly(10, 6, 16);
        assertThat(received()).isEqualTo(TEXT + TEXT);
    }

    @Test
    @DisplayName("S23: both helpers give 0, whatever the number")
    void theHelpersGiveZero() {
        script.plays(run().apply(0xffff_ffffL).cork(0).apply(0));

        sends(1);

        assertThat(script.onlyRun().results()).containsExactly(0L, 0L, 0L);
    }

    @Test
    @DisplayName("C50: apply 2^32-1 judges a stream once")
    void onceForAll() {
        script.plays(run().redirect(0).apply(0xffff_ffffL), drop());

        sends(3);

        assertThat(script.sizes()).containsExactly(10);
        assertThat(target.peer().received()).isEqualTo(TEXT.repeat(3));
    }

    // --- Drops -----------------------------------------------------------------------------------

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
    @DisplayName("S26, F5: bytes dropped between others count as dealt with")
    void dropInTheMiddle() {
        script.plays(run().apply(3), drop(), run().apply(0));

        assertThat(source.sends(TEXT).accepted()).isEqualTo(10);

        assertThat(received()).isEqualTo("0126789");
    }

    @Test
    @DisplayName("S28, F6: a drop ends with its message: the next is judged")
    void aDropEndsWithItsMessage() {
        script.plays(drop(), drop(), run());

        source.sends(TEXT).failsWith(Errno.EACCES);
        source.sends(TEXT).failsWith(Errno.EACCES);
        sends(1);

        assertThat(script.sizes()).containsExactly(10, 10, 10);
        assertThat(received()).isEqualTo(TEXT);
    }

    @Test
    @DisplayName("S28: a drop for more bytes than a message has stays for them, until re-insertion")
    void aDropForManyBytes() {
        script.plays(run().apply(100).returns(0), run());
        for (int i = 0; i < 5; i++) source.sends(TEXT).failsWith(Errno.EACCES);
        assertThat(script.sizes()).containsExactly(10);

        script.senders().delete(0);
        script.judges(source);
        sends(1);

        assertThat(script.sizes()).containsExactly(10, 10);
        assertThat(received()).isEqualTo(TEXT);
    }

    @Test
    @DisplayName("F6: requests end with their message: the next message has none of them")
    void requestsEndWithTheirMessage() {
        script.plays(run().apply(10), run());

        sends(1);
        source.sends(Bytes.pattern(25)).succeeds();

        assertThat(script.sizes()).containsExactly(10, 25);
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
