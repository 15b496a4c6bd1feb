package io.jsockmap.bench.path;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.Map;

class ResultsTest {
    private final Results results = new Results();

    private void add(String peer, int round, double value) {
        results.add(Load.PING_1, peer, new Sample(round, Map.of(Figure.VALUE, value)));
    }

    private double median(String peer) {
        return results.median(Load.PING_1, peer, Figure.VALUE).orElseThrow();
    }

    @Test
    void theMedianOfAnEvenNumberIsBetweenTheTwoInTheMiddle() {
        add("odd", 1, 30);
        add("odd", 2, 10);
        add("odd", 3, 20);
        add("even", 1, 40);
        add("even", 2, 10);
        add("even", 3, 30);
        add("even", 4, 20);

        assertThat(median("odd")).isEqualTo(20);
        assertThat(median("even")).isEqualTo(25);
        assertThat(results.median(Load.PING_1, "even", Figure.CPU)).isEmpty();
        assertThat(results.median(Load.PING_64, "even", Figure.VALUE)).isEmpty();
    }

    @Test
    void ratiosAreOfTheSameRound() {
        add("direct", 1, 100);
        add("direct", 3, 10);
        add("proxy", 1, 50);
        add("proxy", 2, 1);
        add("proxy", 3, 5);

        assertThat(results.ratio(Load.PING_1, "proxy", "direct")).hasValue(0.5);
    }
}
