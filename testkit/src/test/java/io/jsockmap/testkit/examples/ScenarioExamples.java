package io.jsockmap.testkit.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.testkit.Programs;
import io.jsockmap.testkit.junit.Scenarios;
import io.jsockmap.testkit.scenario.JUnitXml;
import io.jsockmap.testkit.scenario.PlayChoice;
import io.jsockmap.testkit.scenario.Scenario;
import io.jsockmap.testkit.scenario.ScenarioReader;
import io.jsockmap.testkit.scenario.ScenarioReport;
import io.jsockmap.testkit.scenario.ScenarioResult;
import io.jsockmap.testkit.scenario.ScenarioRunner;
import io.jsockmap.testkit.scenario.ScenarioSchema;
import io.jsockmap.testkit.scenario.Way;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** How scenario files are played from Java. */
class ScenarioExamples {
    private static final Path SCENARIO =
            Programs.own("naive-http").resolveSibling("naive-http.yaml");

    @TempDir private Path folder;

    @Test
    void allScenariosOfAFileWithAReportForACiServer() throws IOException {
        var console = new StringWriter();
        var xml = folder.resolve("TEST-scenarios.xml");
        // @start region="play"
        List<Scenario> scenarios = ScenarioReader.read(SCENARIO);
        List<ScenarioResult> results = new ScenarioRunner(Optional.empty(), 1).run(scenarios);

        ScenarioReport report = new ScenarioReport(new PrintWriter(console));
        for (ScenarioResult result : results) report.print(result);
        report.total(results);
        JUnitXml.write(xml, results);

        assertThat(console.toString())
                .contains("FAIL naive-http.yaml: a DELETE is dropped")
                .contains("Fix:  received bytes can't be read directly before they are pulled");
        assertThat(xml).content().contains("tests=\"1\" failures=\"1\"");
        // @end
    }

    @Test
    void aScenarioInOneWay() {
        // @start region="once"
        Scenario scenario = ScenarioReader.read(SCENARIO).getFirst();
        ScenarioRunner runner = new ScenarioRunner(Optional.empty(), 1);
        assertThat(scenario.plays()).isEqualTo(PlayChoice.ALL);

        ScenarioResult whole = runner.runOnce(scenario, Optional.of(Way.WHOLE));
        ScenarioResult hostile = runner.runOnce(scenario, Optional.of(Way.HOSTILE));

        assertThat(whole.passed()).isTrue();
        assertThat(hostile.failure().orElseThrow().problem()).contains("expected DROP");
        // @end
    }

    @Test
    void theSchemaForAnEditorThatCompletesScenarios() throws IOException {
        // @start region="schema"
        Path scenario = folder.resolve("delete.yaml");
        Files.writeString(folder.resolve("scenario.schema.json"), ScenarioSchema.json());
        Files.writeString(
                scenario,
                """
                # yaml-language-server: $schema=scenario.schema.json
                name: a DELETE is dropped
                steps: []
                """);
        // @end
        assertThat(ScenarioReader.read(scenario)).hasSize(1);
        assertThat(folder.resolve("scenario.schema.json"))
                .content()
                .contains("\"title\": \"A scenario for jsockmap test\"", "\"steps\"");
    }

    // @start region="junit"
    @TestFactory
    Stream<DynamicTest> scenariosOfThePolicy() throws IOException {
        return Scenarios.in(Path.of("../examples/template/src/test/scenarios"));
    }
    // @end
}
