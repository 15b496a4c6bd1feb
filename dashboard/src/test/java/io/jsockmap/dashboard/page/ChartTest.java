package io.jsockmap.dashboard.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.dashboard.state.Second;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;

/** The chart's scale, and its words. */
class ChartTest {
    @ParameterizedTest
    @CsvSource({"0, 1", "1, 1", "2, 2", "3, 5", "5, 5", "6, 10", "11, 20", "450, 500", "501, 1000"})
    void theScaleEndsAtARoundNumber(long highest, long top) {
        assertThat(ChartSvg.top(highest)).isEqualTo(top);
    }

    @Test
    void theWordsSayWhatTheLinesShow() {
        var seconds = List.of(new Second(0, 10, 0), new Second(2000, 0, 0), new Second(1000, 2, 0));

        assertThat(ChartSvg.inWords(seconds))
                .isEqualTo(
                        "Pass now 1 k/s, 2 k/s at the most, 1 k/s on average;"
                                + " drop now 2/s, 10/s at the most, 4/s on average;"
                                + " redirect now 0/s, 0/s at the most, 0/s on average.");
    }
}
