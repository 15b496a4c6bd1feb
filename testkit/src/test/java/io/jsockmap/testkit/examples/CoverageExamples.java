package io.jsockmap.testkit.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.testkit.Programs;
import io.jsockmap.testkit.cover.Branch;
import io.jsockmap.testkit.cover.Coverage;
import io.jsockmap.testkit.cover.CoverageReport;
import io.jsockmap.testkit.cover.FileCoverage;
import io.jsockmap.testkit.cover.FunctionCoverage;
import io.jsockmap.testkit.cover.Lcov;
import io.jsockmap.testkit.cover.LineCoverage;
import io.jsockmap.testkit.cover.ProgramCoverage;
import io.jsockmap.testkit.cover.SourceCoverage;
import io.jsockmap.testkit.record.RunLimits;
import io.jsockmap.testkit.record.Tour;
import io.jsockmap.testkit.scenario.ScenarioReader;
import io.jsockmap.testkit.scenario.ScenarioRunner;
import io.jsockmap.testkit.source.SourceFiles;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** How one finds out what tests have not reached. */
class CoverageExamples {
    private static final Path TEMPLATE =
            Programs.example("template").resolveSibling("src").normalize();

    private final List<String> untested = new ArrayList<>();

    @Test
    void reportsOfWhatScenariosReach(@TempDir Path reports) throws IOException {
        var scenarios = ScenarioReader.read(TEMPLATE.resolve("test/scenarios/flushall.yaml"));
        var object = TEMPLATE.resolve("main/bpf/policy.bpf.o");
        // @start region="report"
        Coverage coverage = new Coverage();
        new ScenarioRunner(Optional.empty(), 1, coverage, (_, _, _) -> {}).run(scenarios);

        SourceCoverage sources = coverage.sources();
        SourceFiles files = SourceFiles.of(object, List.of());
        Files.writeString(reports.resolve("coverage.info"), Lcov.of(sources, files));
        Files.writeString(
                reports.resolve("coverage.html"),
                CoverageReport.html("policy.bpf.o", sources, files));
        assertThat(sources.lineShare().percent()).isGreaterThan(80);
        // @end
        assertThat(reports.resolve("coverage.info")).content().contains("policy.bpf.c\nFN:");
        assertThat(reports.resolve("coverage.html")).content().contains("of policy.bpf.o</title>");
    }

    @Test
    void whatWasNeverReachedIsListed() {
        var coverage = new Coverage();
        try (var tour = new Tour(RunLimits.TRACE, coverage)) {
            tour.object().programs().values().forEach(coverage::include);
            tour.sends("Pa");
        }
        // @start region="untested"
        for (FileCoverage file : coverage.sources().files()) {
            for (FunctionCoverage function : file.functions()) {
                if (function.count() == 0) untested.add(function.name() + " is never called");
            }
            for (LineCoverage line : file.lines()) {
                for (Branch branch : line.branches()) {
                    if (branch.hit() == 1) untested.add("goes one way only: " + line.text());
                }
            }
        }
        assertThat(untested).contains("second is never called", "goes one way only: if (!known)");
        // @end
    }

    @Test
    void jumpsOfAProgramThatAreNeverTaken() {
        var coverage = new Coverage();
        try (var tour = new Tour(RunLimits.TRACE, coverage)) {
            tour.sends("Pa");
            var program = tour.object().program("first");
            // @start region="program"
            ProgramCoverage counted = coverage.of(program);
            assertThat(counted.instructionsHit()).isBetween(1, counted.instructions());

            for (int slot = 0; slot < program.code().size(); slot++) {
                if (counted.isBranch(slot) && counted.taken(slot) == 0) {
                    untested.add("%s, jump at %d".formatted(program.name(), slot));
                }
            }
            // @end
            assertThat(untested).isNotEmpty();
        }
    }
}
