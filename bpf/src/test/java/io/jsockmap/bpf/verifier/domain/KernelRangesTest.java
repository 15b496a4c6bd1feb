package io.jsockmap.bpf.verifier.domain;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** We know at least what the kernel knows, and say it in its words. */
class KernelRangesTest {

    @ParameterizedTest
    @MethodSource("rows")
    void weKnowWhatTheKernelKnows(KernelRow row) {
        assertThat(row.ours()).as(row.program()).isEqualTo(row.expected());
    }

    @ParameterizedTest
    @MethodSource("rows")
    void whereWeDifferFromTheKernelWeKnowMore(KernelRow row) {
        List<String> ours = row.ours();
        for (int i = 0; i < ours.size(); i++) {
            assertThat(KernelRow.includes(row.kernel().get(i), ours.get(i)))
                    .as("%s: %s in %s", row.program(), ours.get(i), row.kernel().get(i))
                    .isTrue();
        }
    }

    @Test
    void mostOftenWeKnowTheSame() {
        long different =
                rows().stream().filter(row -> !row.kernel().equals(row.expected())).count();

        assertThat(rows()).hasSizeGreaterThan(400);
        assertThat(different).isLessThan(rows().size() / 6);
    }

    static List<KernelRow> rows() {
        try (var text =
                KernelRangesTest.class.getResourceAsStream("/verifier-domain/kernel-ranges.txt")) {
            return new String(text.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                    .map(KernelRow::parse)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
