package io.jsockmap.bpf.map;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.charset.StandardCharsets;

/** Keys of hashes. */
class KeyTest {
    /** Without an order a table compares each with all others of its hash code. */
    @ParameterizedTest
    @CsvSource({"Aa, BB, -1", "BB, Aa, 1", "AaBB, AaBB, 0"})
    void keysOfTheSameHashCodeHaveAnOrder(String one, String other, int order) {
        assertThat(key(one)).hasSameHashCodeAs(key(other));
        assertThat(Integer.signum(key(one).compareTo(key(other)))).isEqualTo(order);
    }

    private static Key key(String text) {
        return new Key(text.getBytes(StandardCharsets.US_ASCII));
    }
}
