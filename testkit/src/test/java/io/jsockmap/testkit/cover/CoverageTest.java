package io.jsockmap.testkit.cover;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.testkit.record.RunLimits;
import io.jsockmap.testkit.record.Tour;
import io.jsockmap.testkit.source.SourceFiles;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What coverage counts, and how it adds up. */
class CoverageTest {
    private final Coverage coverage = new Coverage();
    private final SourceFiles files = SourceFiles.of(Tour.OBJECT, List.of());

    private void play(String... messages) {
        try (var tour = new Tour(RunLimits.TRACE, coverage)) {
            tour.object().programs().values().forEach(coverage::include);
            for (var message : messages) tour.sends(message);
        }
    }

    private FileCoverage file() {
        assertThat(coverage.sources().files()).hasSize(1);
        return coverage.sources().files().getFirst();
    }

    private LineCoverage line(String text) {
        return file().lines().stream()
                .filter(line -> line.text().equals(text))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aLineCountsAsOftenAsItWasExecuted() {
        play("Pa", "Pb", "Wc");

        assertThat(line("total++;").count()).isEqualTo(3);
        assertThat(line("data[1] = '!';").count()).isEqualTo(1);
        assertThat(line("bpf_loop(3, each, &sum, 0);").count()).isZero();
    }

    @Test
    void aBranchCountsBothWays() {
        play("Pa", "Pb", "P");

        assertThat(line("if (data + 2 > end)").branches())
                .singleElement()
                .satisfies(
                        branch -> {
                            // The jump leaves if the message is too short.
                            assertThat(branch.taken()).isEqualTo(1);
                            assertThat(branch.notTaken()).isEqualTo(2);
                            assertThat(branch.hit()).isEqualTo(2);
                        });
    }

    @Test
    void aFunctionCountsItsCallsAlsoThoseOfHelpers() {
        play("Pa", "Lx");

        assertThat(file().functions())
                .extracting(function -> function.name() + " " + function.count())
                .containsExactly("note 2", "each 3", "first 2", "second 0");
    }

    @Test
    void aProgramThatWasNeverRunIsCountedWithNothing() {
        play("Pa");

        assertThat(line("total += count;").count()).isZero();
        assertThat(file().functionShare()).hasToString("2 of 4 (50%)");
    }

    @Test
    void theSameCodeInSeveralProgramsIsOne() {
        play("Pa");
        long lines = file().lineShare().found();
        long branches = file().branchShare().found();
        // Loaded anew, so these are other programs.
        play("Pb", "P");

        assertThat(coverage.programs()).hasSize(4);
        assertThat(file().lineShare().found()).isEqualTo(lines);
        assertThat(file().branchShare().found()).isEqualTo(branches);
        assertThat(line("if (data + 2 > end)").count()).isEqualTo(3);
    }

    @Test
    void instructionsAreCountedOneByOne() {
        try (var tour = new Tour(RunLimits.TRACE, coverage)) {
            var run = tour.sends("Lx");
            var counted = coverage.of(tour.object().program("first"));

            for (var step : run.steps()) {
                long times = run.steps().stream().filter(s -> s.slot() == step.slot()).count();
                assertThat(counted.executed(step.slot())).isEqualTo(times);
            }
            assertThat(counted.instructionsHit())
                    .isEqualTo((int) run.steps().stream().map(s -> s.slot()).distinct().count())
                    .isLessThan(counted.instructions());
        }
    }

    @Test
    void aTracefileHasTheRecordsThatGenhtmlReads() {
        play("Pa", "Pb", "P");
        var lines = Lcov.of(coverage.sources(), files).lines().toList();

        assertThat(lines.getFirst()).isEqualTo("TN:");
        assertThat(lines.get(1)).startsWith("SF:/").endsWith("tour.bpf.c");
        assertThat(Files.exists(Path.of(lines.get(1).substring(3)))).isTrue();
        assertThat(lines)
                .contains("FN:73,first", "FNDA:3,first", "FNDA:0,second", "FNF:4", "FNH:2")
                .contains("DA:83,2", "DA:92,0")
                .contains("BRDA:81,0,0,1", "BRDA:81,0,1,2", "BRDA:93,0,0,-")
                .endsWith("end_of_record");
        assertThat(lines.stream().filter(line -> line.startsWith("DA:")).count())
                .isEqualTo(value(lines, "LF:"));
        assertThat(lines.stream().filter(line -> line.startsWith("BRDA:")).count())
                .isEqualTo(value(lines, "BRF:"));
        assertThat(lines.stream().filter(l -> l.matches("DA:\\d+,[1-9]\\d*")).count())
                .isEqualTo(value(lines, "LH:"));
        assertThat(lines.stream().filter(l -> l.matches("BRDA:\\d+,\\d+,\\d,[1-9]\\d*")).count())
                .isEqualTo(value(lines, "BRH:"));
    }

    private static long value(List<String> lines, String record) {
        return lines.stream()
                .filter(line -> line.startsWith(record))
                .mapToLong(line -> Long.parseLong(line.substring(record.length())))
                .sum();
    }

    @Test
    void aReportSaysInWordsWhatWasNotReached() {
        play("Pa", "Pb");
        var page = CoverageReport.html("tour.bpf.o", coverage.sources(), files);

        assertThat(page)
                .startsWith("<!DOCTYPE html>")
                .contains("<title>Coverage of tour.bpf.o</title>")
                .contains("<th scope=\"row\">92</th><td>✗ never</td>")
                .contains("jump 1 (JGT) never taken")
                .contains("prefers-color-scheme: dark")
                // A line without code comes from the file.
                .contains("// tour: does a little of all")
                .contains("if (data + 2 &gt; end)")
                .doesNotContain("<script", "http://", "https://", "src=");
    }

    @Test
    void withoutTheFileALineIsShownAsBtfHasIt(@TempDir Path empty) {
        play("Pa");
        var page = CoverageReport.html("tour", coverage.sources(), new SourceFiles(List.of(empty)));

        assertThat(page)
                .contains("The file was not found")
                .contains("<code>total++;</code>")
                .doesNotContain("// tour: does a little of all");
    }

    @Test
    void aFileThatWasChangedSinceIsNotShown(@TempDir Path folder) throws Exception {
        var source = Files.readString(Tour.OBJECT.resolveSibling("tour.bpf.c"));
        Files.writeString(folder.resolve("tour.bpf.c"), "// A line more.\n" + source);
        play("Pa");
        var page =
                CoverageReport.html("tour", coverage.sources(), new SourceFiles(List.of(folder)));

        assertThat(page).contains("was changed since").doesNotContain("A line more");
    }

    @Test
    void severalThreadsCountTogether() throws Exception {
        var threads =
                List.of(
                        Thread.ofPlatform().start(() -> play("Pa", "Pb")),
                        Thread.ofPlatform().start(() -> play("Pc")));
        for (var thread : threads) thread.join();

        assertThat(line("total++;").count()).isEqualTo(3);
    }
}
