package io.jsockmap.sockmap.message;

import static io.jsockmap.sockmap.message.Part.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.sockmap.network.Bytes;
import io.jsockmap.sockmap.socket.Delivery;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is visible behind a pull, push or pop: figures seen on Linux. */
class EditFiguresTest extends ScriptTest {
    EditFiguresTest() {
        super(Delivery.KERNEL);
    }

    private void leaves(int size, int visible) {
        var last = script.runs().getFirst().steps().getLast();
        assertThat(last).isEqualTo(new Seen.Outcome(0, size, visible));
    }

    @ParameterizedTest
    @DisplayName("S38: pull")
    @CsvSource({
        "10, 3, 7, 4",
        "65536, 0, 65536, 65536",
        "131072, 0, 131072, 131072",
        "500000, 0, 500000, 500000",
        "500000, 100, 200, 100"
    })
    void pull(int size, int start, int end, int visible) {
        script.plays(run().pull(0, size).pull(start, end));

        source.sends(Bytes.pattern(size)).succeeds();

        leaves(size, visible);
    }

    @ParameterizedTest
    @DisplayName("S40, S41, S43: push")
    @CsvSource({
        "10, 0, 5, 5",
        "10, 4, 5, 4",
        "10, 10, 5, 10",
        "10, 0, 65536, 65536",
        "10, 0, 1048576, 1048576",
        "10, 0, 4194304, 4194304",
        "557056, 0, 5, 32773",
        "557056, 40000, 5, 32768",
        "557056, 557056, 5, 32768"
    })
    void push(int size, int start, int count, int visible) {
        script.plays(run().push(start, count));

        assertThat(source.sends(Bytes.pattern(size)).accepted()).isEqualTo(size);

        leaves(size + count, visible);
        assertThat(source.peer().received()).hasSize(size + count);
    }

    @ParameterizedTest
    @DisplayName("S42, S43: pop")
    @CsvSource({"10, 2, 4, 2", "65536, 10000, 50000, 10000", "557056, 100, 10, 100"})
    void pop(int size, int start, int count, int visible) {
        script.plays(run().pop(start, count));
        var text = Bytes.pattern(size);

        assertThat(source.sends(text).accepted()).isEqualTo(size);

        leaves(size - count, visible);
        assertThat(source.peer().received())
                .isEqualTo(text.substring(0, start) + text.substring(start + count));
    }

    @Test
    @DisplayName("S39: whole elements are merged: the rest of what a pull touched comes with it")
    void wholeElementsAreMerged() {
        script.plays(run().pull(32000, 33000).apply(10), run().apply(0));

        source.sends(Bytes.pattern(100_000)).succeeds();

        // Of elements of 32768 bytes the first two are one now.
        assertThat(script.visible()).containsExactly(32768, 2 * 32768 - 10);
    }
}
