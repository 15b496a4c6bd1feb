package io.jsockmap.bpf.verifier.domain;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.ProgramCase;

import org.junit.jupiter.api.Test;

import java.util.List;

/** We know at least what the kernel knows, and say it in its words. */
class KernelRangesTest {
    private static final List<KernelRow> ROWS =
            ProgramCase.read("verifier-domain/kernel-ranges.txt")
                    .lines()
                    .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                    .map(KernelRow::parse)
                    .toList();

    @Test
    void weKnowWhatTheTableSays() {
        assertThat(ROWS).hasSizeGreaterThan(400);
        assertThat(ROWS)
                .allSatisfy(
                        row -> assertThat(row.ours()).as(row.program()).isEqualTo(row.expected()));
    }

    @Test
    void whereTheTableDiffersFromTheKernelWeKnowMore() {
        assertThat(ROWS)
                .allSatisfy(
                        row -> {
                            assertThat(included(row, 0)).as(row.program()).isTrue();
                            assertThat(included(row, 1)).as(row.program()).isTrue();
                        });
    }

    private static boolean included(KernelRow row, int register) {
        return KernelRow.includes(row.kernel().get(register), row.expected().get(register));
    }

    @Test
    void mostOftenWeKnowTheSame() {
        long different = ROWS.stream().filter(row -> !row.kernel().equals(row.expected())).count();

        assertThat(different).isLessThan(ROWS.size() / 6);
    }
}
