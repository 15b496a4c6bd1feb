package io.jsockmap.bench.path;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/** The figures as tables in Markdown. */
final class PathReport {
    private final StringBuilder text = new StringBuilder();

    /** Begins with what it is measured on. */
    PathReport(int rounds, long millis) {
        line(
                "Java %s, %s %s on %s, %d CPUs, load %.1f at the start; at most %,d files open in a"
                        + " process.",
                System.getProperty("java.version"),
                System.getProperty("os.name"),
                System.getProperty("os.version"),
                System.getProperty("os.arch"),
                Runtime.getRuntime().availableProcessors(),
                ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage(),
                Descriptors.LIMIT);
        line("Medians of %d rounds, %.1f s for each load and peer.", rounds, millis / 1e3);
        line("");
    }

    /** Who takes part, and who does not. */
    void peer(Peer peer, Optional<String> missing) {
        line(
                "- %s: %s%s%s.",
                peer.name(),
                peer.setting(),
                missing.isEmpty() && !peer.version().isEmpty() ? ", " + peer.version() : "",
                missing.map(why -> "; not measured, " + why).orElse(""));
    }

    /** CPUs that other processes used meanwhile. */
    void others(double cpus) {
        line("");
        line("Other processes of this machine used %.2f CPUs meanwhile.", cpus);
    }

    /** A table for each load, and what went wrong. */
    void results(Results results, List<Load> loads) {
        line(
                "%d of %d measurements were disturbed by others.",
                results.disturbed(), results.count());
        for (var load : loads) {
            line("");
            line("## %s", load.title());
            line("");
            if (load == Load.IDLE) {
                idle(results);
            } else {
                rates(results, load);
            }
        }
        line("");
        results.failures().forEach(failure -> line("- Failed: %s.", failure));
        if (!results.failures().isEmpty()) line("");
    }

    private void rates(Results results, Load load) {
        var kind = load.kind();
        boolean timed = kind != Load.Kind.BULK;
        var columns =
                new ArrayList<>(
                        List.of(load.label(), kind.unit(), "× direct", "CPU s / " + kind.cpu()));
        if (timed) columns.addAll(List.of("p50 µs", "p99 µs", "p99.9 µs"));
        header(columns);
        for (var peer : results.peers(load)) {
            var value = results.median(load, peer, Figure.VALUE).orElseThrow();
            var cells = new ArrayList<>(List.of(peer, kind.print(value)));
            cells.add(number("%.2f", results.ratio(load, peer, PathBench.DIRECT)));
            cells.add(number("%.2f", results.median(load, peer, Figure.CPU)));
            if (timed) {
                for (var figure : List.of(Figure.P50, Figure.P99, Figure.P999)) {
                    cells.add(number("%,.0f", results.median(load, peer, figure)));
                }
            }
            row(cells);
        }
    }

    private void idle(Results results) {
        var load = Load.IDLE;
        header(List.of(load.label(), "KiB per connection", "connections", "MiB in all"));
        for (var peer : results.peers(load)) {
            row(
                    List.of(
                            peer,
                            number("%.1f", results.median(load, peer, Figure.VALUE)),
                            number("%,.0f", results.median(load, peer, Figure.CONNECTIONS)),
                            number("%.0f", results.median(load, peer, Figure.MEMORY))));
        }
    }

    /** What should be reached, and whether it is. */
    void targets(List<Target> targets) {
        line("## Targets");
        line("");
        if (targets.isEmpty()) line("None of them was measured.");
        for (var target : targets) line("- %s: %s.", target.isMet() ? "met" : "NOT met", target);
    }

    private static String number(String format, OptionalDouble value) {
        return value.isPresent() ? format.formatted(value.getAsDouble()) : "";
    }

    private void header(List<String> columns) {
        row(columns);
        var rules = new ArrayList<>(Collections.nCopies(columns.size(), "--:"));
        rules.set(0, "---");
        row(rules);
    }

    private void row(List<String> cells) {
        line("| %s |", String.join(" | ", cells));
    }

    private void line(String format, Object... values) {
        text.append(values.length == 0 ? format : format.formatted(values)).append('\n');
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
