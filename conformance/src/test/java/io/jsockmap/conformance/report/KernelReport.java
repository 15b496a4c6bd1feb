package io.jsockmap.conformance.report;

import io.jsockmap.conformance.report.Release.Outcome;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Writes {@code docs/kernel-differences.md}: {@code KernelReport CLASSES REPORT FOLDER...}, a
 * folder for each kernel.
 */
public final class KernelReport {
    private final List<Release> releases;
    private final Map<String, KnownScenario> known;
    private final StringBuilder text = new StringBuilder();

    private KernelReport(List<Release> releases, Map<String, KnownScenario> known) {
        this.releases = releases;
        this.known = known;
    }

    public static void main(String[] arguments) throws IOException {
        List<Release> releases = new ArrayList<>();
        for (int i = 2; i < arguments.length; i++)
            releases.add(Release.read(Path.of(arguments[i])));
        var known = KnownScenario.all(Path.of(arguments[0]));
        Files.writeString(Path.of(arguments[1]), new KernelReport(releases, known).write());
    }

    private String write() {
        line("# Where the kernel differs");
        line("");
        line(
                "The conformance suite (`conformance/`) on the user engine, where every scenario"
                        + " passes, and on the sockmap");
        line(
                "of real kernels in throwaway guests. Written by `tools/guest/conformance`; [how to"
                        + " run it](guest.md).");
        line("");
        counts();
        areas();
        differences(
                "Faults of the kernel",
                "Section 9 of the [semantics](semantics.md) names them; a scenario asks for what is"
                        + " right.",
                true);
        differences("Not explained", "Nobody has said yet who is right.", false);
        mended();
        return text.toString();
    }

    /** Either a kernel has been mended, or the scenario does not meet the fault. */
    private void mended() {
        line("## Known faults that were not met");
        line("");
        line("| scenario | %s | fault |", joined(Release::name));
        line("| --- |%s --- |", " --- |".repeat(releases.size()));
        for (var name : scenarios().stream().sorted().toList()) {
            var scenario = KnownScenario.of(name, known);
            boolean isMet = releases.stream().noneMatch(r -> r.of(name) == Outcome.PASS);
            if (isMet || scenario.fault().isEmpty()) continue;
            line(
                    "| %s | %s | %s |",
                    scenario.title().replace("|", "\\|"),
                    joined(r -> r.of(name).toString()),
                    String.join(", ", scenario.fault().get().value()));
        }
    }

    private void counts() {
        header("");
        counted("scenarios", r -> r.outcomes().size());
        counted("the same", r -> r.count(Outcome.PASS));
        counted("differ by a known fault of the kernel", r -> differing(r, true));
        counted("differ, not explained", r -> differing(r, false));
        counted("panic or hang the kernel", r -> r.count(Outcome.PANIC));
        counted("not asked: it lacks what they need", r -> r.count(Outcome.SKIP));
        counted("known faults that are mended", this::countMended);
        line("");
    }

    private interface Count {
        long of(Release release);
    }

    private void header(String first) {
        line("| %s | %s |", first, joined(Release::name));
        line("| --- |%s", " ---: |".repeat(releases.size()));
    }

    private void counted(String what, Count count) {
        line("| %s | %s |", what, joined(r -> Long.toString(count.of(r))));
    }

    private String joined(Function<Release, String> cell) {
        return releases.stream().map(cell).collect(Collectors.joining(" | "));
    }

    private long differing(Release release, boolean explained) {
        return release.outcomes().entrySet().stream()
                .filter(entry -> entry.getValue() == Outcome.FAIL)
                .filter(entry -> isKnown(entry.getKey()) == explained)
                .count();
    }

    private long countMended(Release release) {
        return release.outcomes().entrySet().stream()
                .filter(entry -> entry.getValue() == Outcome.PASS && isKnown(entry.getKey()))
                .count();
    }

    private boolean isKnown(String scenario) {
        return KnownScenario.of(scenario, known).fault().isPresent();
    }

    private void areas() {
        line("The same, of all that were asked, by area:");
        line("");
        header("area");
        var areas =
                scenarios().stream()
                        .map(name -> KnownScenario.of(name, known).area())
                        .distinct()
                        .sorted()
                        .toList();
        for (var area : areas) {
            line("| %s | %s |", area, joined(r -> share(r, area)));
        }
        line("");
    }

    private String share(Release release, String area) {
        var asked =
                release.outcomes().entrySet().stream()
                        .filter(e -> KnownScenario.of(e.getKey(), known).area().equals(area))
                        .map(Map.Entry::getValue)
                        .filter(outcome -> outcome != Outcome.SKIP)
                        .toList();
        return "%d of %d"
                .formatted(asked.stream().filter(Outcome.PASS::equals).count(), asked.size());
    }

    private List<String> scenarios() {
        return releases.stream()
                .flatMap(release -> release.outcomes().keySet().stream())
                .distinct()
                .toList();
    }

    private void differences(String title, String introduction, boolean explained) {
        var rows = rows(explained);
        line("## %s", title);
        line("");
        line("%s", rows.isEmpty() ? "None." : introduction);
        line("");
        if (rows.isEmpty()) return;
        line(
                "| scenario | %s | %s |",
                joined(Release::name), explained ? "fault | what the kernel does" : "method");
        line("| --- |%s --- |%s", " --- |".repeat(releases.size()), explained ? " --- |" : "");
        rows.values().forEach(row -> line("%s", row));
        line("");
    }

    /** By their titles, which begin with the rule. */
    private Map<String, String> rows(boolean explained) {
        Map<String, String> rows = new TreeMap<>(Comparator.naturalOrder());
        for (var name : scenarios()) {
            boolean isSame =
                    releases.stream()
                            .map(r -> r.of(name))
                            .allMatch(o -> o == Outcome.PASS || o == Outcome.SKIP);
            var scenario = KnownScenario.of(name, known);
            if (isSame || scenario.fault().isPresent() != explained) continue;
            var last =
                    scenario.fault()
                            .map(f -> String.join(", ", f.value()) + " | " + f.instead())
                            .orElse("`" + name + "`");
            rows.put(
                    scenario.title() + name,
                    "| %s | %s | %s |"
                            .formatted(
                                    scenario.title().replace("|", "\\|"),
                                    joined(r -> r.of(name).toString()),
                                    last));
        }
        return rows;
    }

    private void line(String format, Object... values) {
        text.append(format.formatted(values)).append('\n');
    }
}
