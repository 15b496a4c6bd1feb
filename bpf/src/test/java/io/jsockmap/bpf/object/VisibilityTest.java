package io.jsockmap.bpf.object;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.elf.Symbol;
import io.jsockmap.bpf.program.Subprogram;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which functions are verified once for all calls: those that are seen outside of their object. */
class VisibilityTest {
    private final Loaded visibility = Loaded.of("visibility");

    @ParameterizedTest
    @CsvSource({
        "sum, true",
        "seen, true",
        "weak, true",
        "hidden, false",
        "hidden_weak, false",
        "internal, false",
        "closed, false"
    })
    void hiddenFunctionsAreStaticForTheVerifier(String function, boolean global) {
        var functions = visibility.object().program("sum").debug().functions();

        assertThat(functions)
                .filteredOn(f -> f.name().equals(function))
                .extracting(Subprogram::global)
                .containsExactly(global);
    }

    @Test
    void hiddenFunctionsRunLikeAllOthers() {
        assertThat(visibility.run("sum")).isEqualTo(6 + 63);
    }

    @ParameterizedTest
    @CsvSource({"0, false", "1, true", "2, true", "3, false"})
    void internalAndHiddenSymbolsAreHidden(int number, boolean hidden) {
        assertThat(new Symbol("f", 2, 1, number, 3, 0, 8).isHidden()).isEqualTo(hidden);
    }
}
