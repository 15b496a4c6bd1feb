package io.jsockmap.sockmap.cases;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.Errno;
import io.jsockmap.sockmap.message.Part;
import io.jsockmap.sockmap.message.Script;
import io.jsockmap.sockmap.network.NetworkTest;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A program that redirects everything to slot 0, as it is once its arguments are in order. */
@DisplayName("C41: all to slot 0")
class C41SlotZeroTest extends NetworkTest {
    private final Script script = new Script(network);

    @Test
    @DisplayName("C41, S11: while the slot is empty sends fail; then they are redirected")
    void anEmptySlotDrops() {
        script.plays(Part.run().redirectIn(0).returnsLast());
        var source = network.connected();
        var target = network.accepted();
        script.judges(source);

        source.sends("lost").failsWith(Errno.EACCES);
        script.aims(0, target);
        source.sends("found").succeeds();

        assertThat(target.reads()).isEqualTo("found");
        assertThat(source.account().send().dropped()).isEqualTo(4);
    }
}
