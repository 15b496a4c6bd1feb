package io.jsockmap.cli;

import io.jsockmap.bpf.BpfException;
import io.jsockmap.bpf.interpreter.Interpreter;
import io.jsockmap.bpf.object.LoadOptions;
import io.jsockmap.bpf.object.ObjectReader;
import io.jsockmap.bpf.object.ObjectSpec;
import io.jsockmap.bpf.object.ProgramSpec;
import io.jsockmap.sockmap.UserEngine;
import io.jsockmap.sockmap.UserObject;
import io.jsockmap.sockmap.map.AttachType;
import io.jsockmap.sockmap.map.Section;
import io.jsockmap.sockmap.setup.ObjectSetup;
import io.jsockmap.testkit.lint.Finding;
import io.jsockmap.testkit.lint.Lint;
import io.jsockmap.testkit.lint.LintJson;
import io.jsockmap.testkit.lint.LintText;
import io.jsockmap.testkit.lint.Rule;
import io.jsockmap.testkit.lint.Severity;

import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;

/** {@code jsockmap lint}: the mistakes that a verifier lets through. */
@Command(
        name = "lint",
        description = "Finds what goes wrong with real connections although Linux loads it.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footerHeading = "%nExamples:%n",
        footer = {
            "  jsockmap lint policy.bpf.o",
            "  jsockmap lint --severity warning --skip-rule key-padding:judge build/*.bpf.o",
            "",
            "Nothing is run or attached. docs/lint.md explains each rule.",
            "Exit code 1: something as grave as --fail-on says was found."
        })
final class LintCommand implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Parameters(
            paramLabel = "OBJECT",
            arity = "1..*",
            description = "object files, compiled by clang -target bpf")
    private List<Path> files;

    @Option(
            names = "--severity",
            paramLabel = "LEVEL",
            defaultValue = "NOTE",
            description = "leave out what is less than this: error, warning or note (the default)")
    private Severity least;

    @Option(
            names = "--fail-on",
            paramLabel = "LEVEL",
            defaultValue = "WARNING",
            description = "from what on the exit code is 1: error, warning (the default) or note")
    private Severity failOn;

    @Option(names = "--rule", paramLabel = "ID", description = "only this rule; may be repeated")
    private List<String> only = List.of();

    @Option(
            names = "--skip-rule",
            paramLabel = "ID[:PROGRAM]",
            description = "not this rule, or not in that program; may be repeated")
    private List<String> skipped = List.of();

    @Option(
            names = "--type",
            paramLabel = "PROGRAM=SECTION",
            description = "the type of a program whose section does not tell it, as for run")
    private Map<String, String> types = Map.of();

    @Option(
            names = "--btf",
            paramLabel = "FILE",
            description = "the kernel's types, for programs that look into its structures")
    private Optional<Path> targetTypes = Optional.empty();

    @Option(names = "--json", description = "a line of JSON for each finding, and no others")
    private boolean json;

    @Override
    public Integer call() {
        var out = spec.commandLine().getOut();
        checkRules();
        List<Finding> all = new ArrayList<>();
        for (var file : files) all.addAll(lint(file, out));
        if (!json) out.println(LintText.summary(all));
        return all.stream().anyMatch(f -> f.severity().isAtLeast(failOn))
                ? ExitCode.SOFTWARE
                : ExitCode.OK;
    }

    private void checkRules() {
        var skippedRules = skipped.stream().map(s -> s.split(":", 2)[0]);
        Stream.concat(only.stream(), skippedRules)
                .filter(id -> Rule.of(id).isEmpty())
                .findFirst()
                .ifPresent(
                        id -> {
                            throw Mistake.of(
                                    spec, "no rule is called %s: docs/lint.md lists them", id);
                        });
    }

    private List<Finding> lint(Path file, PrintWriter out) {
        // Nothing is run, so nothing is to be compiled.
        var settings = UserEngine.Settings.DEFAULT.with(new Interpreter());
        try (var engine = UserEngine.open(settings);
                var object = load(engine, ObjectReader.read(file), out)) {
            var name = object.spec().name();
            var findings =
                    Lint.of(object.spec(), object.programs().values(), p -> attach(object, p))
                            .stream()
                            .filter(this::isWanted)
                            .toList();
            findings.forEach(f -> out.println(json ? LintJson.of(name, f) : LintText.of(name, f)));
            return findings;
        }
    }

    /** Loads an object with those of its programs that can be read. */
    private UserObject load(UserEngine engine, ObjectSpec spec, PrintWriter out) {
        var options = options(spec);
        UserObject object;
        try {
            object = engine.load(spec, options);
        } catch (BpfException whole) {
            var problems = problems(engine, spec, options);
            if (problems.size() == spec.programs().size()) throw whole;
            for (var program : problems.keySet()) options = options.without(program);
            object = engine.load(spec, options);
            problems.forEach((program, problem) -> notSeen(spec.name(), program, problem, out));
        }
        for (var skipped : object.skipped().entrySet()) {
            if (options.without().contains(skipped.getKey())) continue;
            notSeen(spec.name(), skipped.getKey(), skipped.getValue(), out);
        }
        return object;
    }

    private LoadOptions options(ObjectSpec spec) {
        var mine = new HashMap<>(types);
        // Of several objects each has some of the programs.
        if (files.size() > 1) mine.keySet().retainAll(names(spec));
        return new ObjectSetup(mine, List.of(), Map.of(), targetTypes, List.of(), List.of())
                .loadOptions(spec)
                .unverified();
    }

    private static List<String> names(ObjectSpec spec) {
        return spec.programs().stream().map(ProgramSpec::name).toList();
    }

    /** Why programs can't be loaded, each tried by itself. */
    private static Map<String, String> problems(
            UserEngine engine, ObjectSpec spec, LoadOptions options) {
        var problems = new LinkedHashMap<String, String>();
        for (var program : names(spec)) {
            var alone = options;
            for (var other : names(spec)) {
                if (!other.equals(program)) alone = alone.without(other);
            }
            try {
                engine.load(spec, alone).close();
            } catch (BpfException e) {
                problems.put(program, e.getMessage());
            }
        }
        return problems;
    }

    /** Where a program goes: as was said, or as its section says. */
    private Optional<AttachType> attach(UserObject object, String program) {
        var section = types.get(program);
        return section == null
                ? object.attachType(program)
                : Section.of(section).flatMap(Section::attachType);
    }

    private boolean isWanted(Finding finding) {
        var rule = finding.rule().id();
        var inProgram = "%s:%s".formatted(rule, finding.program().orElse(""));
        return finding.severity().isAtLeast(least)
                && (only.isEmpty() || only.contains(rule))
                && !skipped.contains(rule)
                && !skipped.contains(inProgram);
    }

    private void notSeen(String object, String program, String why, PrintWriter out) {
        if (!json) out.printf("%s: %s is not looked at: %s%n", object, program, why);
    }
}
