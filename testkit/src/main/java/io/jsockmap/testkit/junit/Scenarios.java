package io.jsockmap.testkit.junit;

import io.jsockmap.bpf.BpfException;
import io.jsockmap.bpf.Errno;
import io.jsockmap.testkit.scenario.Scenario;
import io.jsockmap.testkit.scenario.ScenarioReader;
import io.jsockmap.testkit.scenario.ScenarioReport;
import io.jsockmap.testkit.scenario.ScenarioRunner;

import org.junit.jupiter.api.DynamicTest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Scenario files as tests of JUnit, for a method with {@code @TestFactory}.
 *
 * {@snippet class="io.jsockmap.testkit.examples.ScenarioExamples" region="junit"}
 */
public final class Scenarios {
    private static final long SEED = 1;

    private Scenarios() {}

    /**
     * A test for each scenario of each {@code .yaml} file in a folder, in the files' order.
     *
     * @throws BpfException ENOENT if there is none, EINVAL for a file that is not understood
     */
    public static Stream<DynamicTest> in(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            var scenarios =
                    files.filter(file -> file.toString().matches(".*\\.ya?ml"))
                            .sorted()
                            .flatMap(file -> ScenarioReader.read(file).stream())
                            .toList();
            if (scenarios.isEmpty()) {
                throw new BpfException(Errno.ENOENT, "no scenario (*.yaml) in " + folder);
            }
            return scenarios.stream().map(Scenarios::test);
        }
    }

    private static DynamicTest test(Scenario scenario) {
        return DynamicTest.dynamicTest(scenario.name(), () -> play(scenario));
    }

    private static void play(Scenario scenario) {
        var result = new ScenarioRunner(Optional.empty(), SEED).run(scenario);
        if (result.passed()) return;
        throw new AssertionError(ScenarioReport.text(result));
    }
}
