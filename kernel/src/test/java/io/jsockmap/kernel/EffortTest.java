package io.jsockmap.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.OptionalInt;

class EffortTest {
    private static final String LOG =
            """
            R0 !read_ok
            verification time 22 usec
            stack depth 16
            processed 12 insns (limit 1000000) max_states_per_insn 1 total_states 4 peak_states 3 mark_read 2
            """;

    @Test
    void theCountersStandInTheLastLine() {
        assertThat(Effort.of(LOG)).contains(new Effort(12, 1, 4, 3));
    }

    @Test
    void aLogWithoutThemHasNone() {
        assertThat(Effort.of("")).isEmpty();
        assertThat(Effort.of("invalid prog type\n")).isEmpty();
    }

    @Test
    void theReasonStandsBeforeThem() {
        var answer = new KernelAnswer(OptionalInt.of(13), LOG, Effort.of(LOG), 1);

        assertThat(answer.reason()).isEqualTo("R0 !read_ok");
        assertThat(answer.errnoName()).isEqualTo("EACCES");
    }
}
