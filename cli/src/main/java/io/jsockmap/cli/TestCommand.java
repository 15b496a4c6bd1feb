package io.jsockmap.cli;

import io.jsockmap.bpf.BpfException;
import io.jsockmap.sockmap.UserObject;
import io.jsockmap.testkit.cover.Coverage;
import io.jsockmap.testkit.cover.CoverageReport;
import io.jsockmap.testkit.cover.Lcov;
import io.jsockmap.testkit.scenario.JUnitXml;
import io.jsockmap.testkit.scenario.Scenario;
import io.jsockmap.testkit.scenario.ScenarioReader;
import io.jsockmap.testkit.scenario.ScenarioReport;
import io.jsockmap.testkit.scenario.ScenarioResult;
import io.jsockmap.testkit.scenario.ScenarioRunner;
import io.jsockmap.testkit.scenario.ScenarioSchema;
import io.jsockmap.testkit.source.SourceFiles;

import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;

/** {@code jsockmap test}: plays scenarios on a network in memory. */
@Command(
        name = "test",
        description =
                "Plays scenarios in memory, in every way their bytes may come, and checks what they"
                        + " expect.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footerHeading = "%nExamples:%n",
        footer = {
            "  jsockmap test policy.bpf.o scenarios/*.yaml",
            "  jsockmap test scenarios/*.yaml     # each names its object",
            "  jsockmap test --schema > scenario.schema.json",
            "",
            "The exit code is 1 if a scenario fails."
        })
final class TestCommand implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Parameters(
            paramLabel = "FILE",
            arity = "0..*",
            description = {
                "an object file first, if the scenarios do not",
                "name theirs; then scenario files (YAML)"
            })
    private List<Path> files = List.of();

    @Option(
            names = "--only",
            paramLabel = "TEXT",
            description = "only scenarios whose name contains this text")
    private String only = "";

    @Option(names = "--seed", paramLabel = "N", description = "of what is at random (1)")
    private long seed = 1;

    @Option(
            names = "--junit-xml",
            paramLabel = "FILE",
            description = "write the results for a CI server")
    private Optional<Path> junitXml = Optional.empty();

    @Option(
            names = "--lcov",
            paramLabel = "FILE",
            description = "write which lines, branches and functions were run, for genhtml")
    private Optional<Path> lcov = Optional.empty();

    @Option(names = "--html", paramLabel = "FILE", description = "the same as a page")
    private Optional<Path> html = Optional.empty();

    @Option(names = "--watch", description = "play again whenever a file changes, until Ctrl-C")
    private boolean watch;

    @Option(
            names = "--schema",
            description = "print the JSON Schema of scenario files, for editors, and end")
    private boolean schema;

    private final FileChanges.Pause pause;
    private PrintWriter out;

    TestCommand() {
        this(FileChanges.Pause.SHORT);
    }

    /**
     * @param pause what happens before one looks whether files have changed
     */
    TestCommand(FileChanges.Pause pause) {
        this.pause = pause;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        out = spec.commandLine().getOut();
        if (schema) {
            out.print(ScenarioSchema.json());
            return ExitCode.OK;
        }
        if (scenarioFiles().isEmpty()) {
            throw Mistake.of(spec, "name a scenario file, or more");
        }
        return watch ? playAgainAndAgain() : play();
    }

    /** The object comes first, if it is named. */
    private Optional<Path> object() {
        return files.stream().findFirst().filter(file -> !isScenario(file));
    }

    private List<Path> scenarioFiles() {
        return object().isPresent() ? files.subList(1, files.size()) : files;
    }

    private static boolean isScenario(Path file) {
        var name = file.toString();
        return name.endsWith(".yaml") || name.endsWith(".yml");
    }

    private int play() throws IOException {
        var scenarios =
                scenarioFiles().stream()
                        .flatMap(file -> ScenarioReader.read(file).stream())
                        .filter(scenario -> scenario.name().contains(only))
                        .toList();
        if (scenarios.isEmpty()) {
            throw Mistake.of(spec, "no scenario has \"%s\" in its name", only);
        }
        var coverage = new Coverage();
        var results = play(scenarios, coverage);
        if (junitXml.isPresent()) JUnitXml.write(junitXml.get(), results);
        write(coverage, scenarios);
        return results.stream().allMatch(ScenarioResult::passed) ? ExitCode.OK : ExitCode.SOFTWARE;
    }

    private void write(Coverage coverage, List<Scenario> scenarios) throws IOException {
        if (lcov.isEmpty() && html.isEmpty()) return;
        var tested = tested(scenarios);
        var files = SourceFiles.of(tested, List.of());
        if (lcov.isPresent()) Files.writeString(lcov.get(), Lcov.of(coverage.sources(), files));
        if (html.isPresent()) {
            var title =
                    tested.stream()
                            .map(object -> object.getFileName().toString())
                            .collect(Collectors.joining(", "));
            var page = CoverageReport.html(title, coverage.sources(), files);
            Files.writeString(html.get(), page);
        }
    }

    /** The objects whose programs were run. */
    private List<Path> tested(List<Scenario> scenarios) {
        return object().map(List::of)
                .orElseGet(
                        () ->
                                scenarios.stream()
                                        .flatMap(scenario -> scenario.object().stream())
                                        .map(Path::normalize)
                                        .distinct()
                                        .toList());
    }

    private List<ScenarioResult> play(List<Scenario> scenarios, Coverage coverage) {
        var progress = ProgressLine.of(out);
        var runner = new ScenarioRunner(object(), seed, coverage, new Shown(progress, coverage));
        var report = new ScenarioReport(out);
        List<ScenarioResult> results = new ArrayList<>();
        for (var scenario : scenarios) {
            results.add(runner.run(scenario));
            progress.clear();
            report.print(results.getLast());
            out.flush();
        }
        report.total(results);
        return results;
    }

    /** The objects that scenarios name too, as far as they can be read now. */
    private List<Path> watched() {
        List<Path> all = new ArrayList<>(files);
        for (var file : scenarioFiles()) {
            try {
                ScenarioReader.read(file).forEach(s -> s.object().ifPresent(all::add));
            } catch (BpfException _) {
                // It is told when it is played.
            }
        }
        return all;
    }

    private int playAgainAndAgain() throws IOException, InterruptedException {
        while (true) {
            var changes = new FileChanges(watched(), pause);
            try {
                play();
            } catch (BpfException | IOException | ParameterException e) {
                // A file that is half saved must not end it.
                out.println("jsockmap: " + e.getMessage());
            }
            out.println("waiting for a change; Ctrl-C ends");
            out.flush();
            changes.await();
        }
    }

    /** Shows how far it is, and counts programs that never run too. */
    private record Shown(ProgressLine line, Coverage coverage) implements ScenarioRunner.Progress {
        @Override
        public void played(Scenario scenario, int done, int all) {
            line.show(scenario.name(), done, all);
        }

        @Override
        public void loaded(UserObject object) {
            object.programs().values().forEach(coverage::include);
        }
    }
}
