package io.jsockmap.bench.speed;

import io.jsockmap.bench.speed.FirstVerdicts.Where;
import io.jsockmap.kernel.KernelRun;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/** The figures as tables in Markdown. */
final class SpeedReport {
    private final StringBuilder text = new StringBuilder();

    /** What it was measured on. */
    void machine() {
        line(
                "Java %s, %s %s on %s, %d CPUs, load %.1f at the start.",
                System.getProperty("java.version"),
                System.getProperty("os.name"),
                System.getProperty("os.version"),
                System.getProperty("os.arch"),
                Runtime.getRuntime().availableProcessors(),
                ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
        line("");
        line(
                "- The kernel's JIT is %s.",
                KernelRun.translates().map(this::onOrOff).orElse("unknown"));
    }

    private String onOrOff(boolean on) {
        return on ? "on" : "off";
    }

    /** Whether somebody was asked too. */
    void peer(String name, Optional<String> missing) {
        line(
                "- %s %s",
                name,
                missing.map(why -> "was not asked: " + why + ".")
                        .orElse("was measured in the same run."));
    }

    /** A row for each subject. */
    void runs(List<Comparison> comparisons, List<Peer> peers) {
        var columns = columns(peers);
        line("");
        row(columns);
        row(columns.stream().map(c -> c.equals("program") ? "---" : "--:").toList());
        var empty = comparisons.getFirst();
        for (var one : comparisons) row(cells(one, empty, peers));
        line("");
        line("Nanoseconds of a run and bytes it allocates, medians.");
        line("");
    }

    private static List<String> columns(List<Peer> peers) {
        var columns = new ArrayList<>(List.of("program", "insns"));
        for (var engine : Engines.names()) columns.addAll(List.of(engine + " ns", "bytes"));
        peers.forEach(peer -> columns.add(peer.name() + " ns"));
        for (var engine : Engines.names()) {
            for (var peer : peers) {
                columns.add(engine + "/" + peer.name());
                columns.add("net");
            }
        }
        return columns;
    }

    private static List<String> cells(Comparison one, Comparison empty, List<Peer> peers) {
        var cells = new ArrayList<>(List.of(one.subject().name(), "" + one.instructions()));
        for (var engine : Engines.names()) {
            var figure = one.ours().get(engine);
            cells.add("%.1f".formatted(figure.nanoseconds()));
            cells.add("%.0f".formatted(figure.bytes()));
        }
        for (var peer : peers) cells.add("%.1f".formatted(one.peers().get(peer.name())));
        for (var engine : Engines.names()) {
            for (var peer : peers) {
                cells.add(number(one.ratio(engine, peer.name())));
                cells.add(number(one.netRatio(engine, peer.name(), empty)));
            }
        }
        return cells;
    }

    /** A row for each subject, of the time from the object's bytes to the first verdict. */
    void verdicts(List<SpeedSubject> subjects, FirstVerdicts verdicts) {
        var columns = new ArrayList<>(List.of("first verdict"));
        for (var engine : Engines.names()) {
            columns.add(engine + ", warm ms");
            columns.add("cold ms");
            columns.add("with a cache ms");
        }
        row(columns);
        row(columns.stream().map(c -> c.equals("first verdict") ? "---" : "--:").toList());
        for (var subject : subjects) {
            var cells = new ArrayList<>(List.of(subject.name()));
            for (var engine : Engines.names()) {
                for (var where : Where.values()) {
                    double ms = verdicts.median(subject, engine, where) / 1e6;
                    cells.add((where == Where.WARM ? "%.2f" : "%.0f").formatted(ms));
                }
            }
            row(cells);
        }
        line("");
        line("From the bytes of the object: read, loaded, verified, run once. Medians.");
    }

    private static String number(OptionalDouble value) {
        return value.isPresent() ? "%.2f".formatted(value.getAsDouble()) : "";
    }

    private void row(List<String> cells) {
        line("| " + String.join(" | ", cells) + " |");
    }

    private void line(String format, Object... values) {
        text.append(values.length == 0 ? format : format.formatted(values)).append('\n');
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
