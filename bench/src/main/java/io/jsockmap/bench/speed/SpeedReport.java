package io.jsockmap.bench.speed;

import io.jsockmap.bench.Median;
import io.jsockmap.bench.speed.FirstVerdicts.Where;
import io.jsockmap.kernel.KernelRun;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
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
    }

    /** Whether somebody was asked too. */
    void peer(Peer peer) {
        line(
                "- %s: %s.",
                peer.name(),
                peer.missing()
                        .map(why -> "not measured, " + why)
                        .orElse("measured in the same run"));
    }

    /** Whether the kernel translates programs. */
    void kernelTranslates() {
        var jit = KernelRun.translates().map(on -> on ? "on" : "off").orElse("not told");
        line("- the kernel's JIT (net.core.bpf_jit_enable): %s.", jit);
    }

    /** A row for each subject. */
    void runs(List<Comparison> comparisons, List<Peer> peers) {
        line("");
        header(columns(peers));
        var empty = comparisons.getFirst();
        for (var one : comparisons) row(cells(one, empty, peers));
        line("");
        line("Medians: nanoseconds of a run, and bytes that it allocates.");
        line("");
        for (var engine : Engines.names()) {
            for (var peer : peers) mean(engine, peer, comparisons, empty);
        }
        line("");
    }

    private static List<String> columns(List<Peer> peers) {
        var columns = new ArrayList<>(List.of("program", "size"));
        for (var engine : Engines.names()) columns.addAll(List.of(engine + " ns", "bytes"));
        peers.forEach(peer -> columns.add(peer.name() + " ns"));
        for (var engine : Engines.names()) {
            peers.forEach(peer -> columns.add(engine + "/" + peer.name() + net(peer)));
        }
        return columns;
    }

    private static String net(Peer peer) {
        return peer.isNet() ? ", net" : "";
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
            peers.forEach(peer -> cells.add(number(ratio(one, engine, peer, empty))));
        }
        return cells;
    }

    private static OptionalDouble ratio(
            Comparison one, String engine, Peer peer, Comparison empty) {
        return peer.isNet()
                ? one.netRatio(engine, peer.name(), empty)
                : one.ratio(engine, peer.name());
    }

    private void mean(String engine, Peer peer, List<Comparison> all, Comparison empty) {
        var ratios =
                all.stream()
                        .map(one -> ratio(one, engine, peer, empty))
                        .flatMap(ratio -> ratio.stream().boxed())
                        .toList();
        if (ratios.isEmpty()) return;
        line(
                "- %s: %.2f of %s's time%s (geometric mean of %d programs), at most %.2f.",
                engine,
                Median.ofRatios(ratios),
                peer.name(),
                peer.isNet() ? " without that of the empty program" : "",
                ratios.size(),
                Collections.max(ratios));
    }

    /** A row for each subject, of the time from the object's bytes to the first verdict. */
    void verdicts(List<SpeedSubject> subjects, FirstVerdicts verdicts) {
        var columns = new ArrayList<>(List.of("first verdict"));
        for (var engine : Engines.names()) {
            columns.add(engine + ", warm ms");
            columns.add("cold ms");
            columns.add("with a cache ms");
        }
        header(columns);
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

    private void header(List<String> columns) {
        row(columns);
        var rules = new ArrayList<>(Collections.nCopies(columns.size(), "--:"));
        rules.set(0, "---");
        row(rules);
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
