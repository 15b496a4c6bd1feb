package io.jsockmap.dashboard.collect;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.dashboard.state.Rates;
import io.jsockmap.dashboard.state.Second;

import org.junit.jupiter.api.Test;

/** Verdicts second by second, of totals that only grow. */
class HistoryTest {
    private final History history = new History();

    private static Tally.Total total(long pass, long drop, long redirect, long bytes) {
        return new Tally.Total(pass, drop, redirect, bytes);
    }

    @Test
    void ratesAreByTheTimeThatReallyPassed() {
        history.add(total(100, 10, 1, 4000), 0.5);

        assertThat(history.rates()).isEqualTo(new Rates(200, 20, 2, 8000));
    }

    @Test
    void aLateSecondIsNotHigherThanItsRate() {
        history.add(total(0, 0, 0, 0), 1);
        history.add(total(300, 0, 0, 0), 3);

        assertThat(history.seconds()).containsExactly(new Second(0, 0, 0), new Second(100, 0, 0));
    }

    @Test
    void onlyTwoMinutesAreKept() {
        for (int second = 1; second <= 130; second++) history.add(total(second, 0, 0, 0), 1);

        assertThat(history.seconds()).hasSize(120).containsOnly(new Second(1, 0, 0));
        assertThat(history.last()).isEqualTo(new Second(1, 0, 0));
    }
}
