package io.jsockmap.bench;

import io.jsockmap.kernel.KernelVerifier.Availability;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** The figures as tables in Markdown. */
final class Report {
    private static final double MOST_TIME = 3;
    private static final double MOST_STATES = 1.5;
    private static final long MOST_COLD = 50_000_000;

    private final StringBuilder text = new StringBuilder();

    /** What it was measured on. */
    void machine(Availability kernel) {
        line(
                "Java %s, %s %s on %s, %d CPUs, load %.1f at the end. %s",
                System.getProperty("java.version"),
                System.getProperty("os.name"),
                System.getProperty("os.version"),
                System.getProperty("os.arch"),
                Runtime.getRuntime().availableProcessors(),
                ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage(),
                kernel.usable()
                        ? "The kernel's verifier was measured in the same run."
                        : "The kernel was not asked: " + kernel.reason() + ".");
        line("");
    }

    /** A row for each program, and what they give together. */
    void warm(List<Comparison> comparisons) {
        line(
                "| program | size | processed | kernel | states | kernel | µs | kernel | ratio |"
                        + " ns/insn | kernel |");
        line("| --- | --: | --: | --: | --: | --: | --: | --: | --: | --: | --: |");
        for (var one : comparisons) {
            line(
                    "| %s | %d | %d | %s | %d | %s | %.1f | %s | %s | %.0f | %s |",
                    one.subject().name(),
                    one.subject().program().code().size(),
                    one.ours().instructions(),
                    one.kernel().map(k -> "" + k.instructions()).orElse(""),
                    one.ours().states(),
                    one.kernel().map(k -> "" + k.states()).orElse(""),
                    one.ours().nanoseconds() / 1e3,
                    number("%.1f", one.kernel().map(k -> k.nanoseconds() / 1e3)),
                    number("%.2f", one.time()),
                    one.ours().nanosecondsPerInstruction(),
                    number("%.0f", one.kernel().map(Comparison.Side::nanosecondsPerInstruction)));
        }
        line("");
        ratios("Time, warm", comparisons, Comparison::time, MOST_TIME);
        ratios("States", comparisons, Comparison::states, MOST_STATES);
        ratios("Instructions processed", comparisons, Comparison::instructions, MOST_STATES);
        line("");
    }

    private void ratios(
            String name,
            List<Comparison> comparisons,
            Function<Comparison, Optional<Double>> ratio,
            double most) {
        var all = comparisons.stream().map(ratio).flatMap(Optional::stream).toList();
        if (all.isEmpty()) return;
        var above =
                comparisons.stream()
                        .filter(one -> ratio.apply(one).map(r -> r > most).orElse(false))
                        .map(one -> one.subject().name())
                        .toList();
        line(
                "- %s: %.2f of the kernel's (geometric mean of %d programs), at most %.2f."
                        + " Target: at most %.1f, %s.",
                name,
                Median.ofRatios(all),
                all.size(),
                all.stream().mapToDouble(r -> r).max().orElseThrow(),
                most,
                above.isEmpty() ? "met by all" : "not met by " + String.join(", ", above));
    }

    /** A row for each object. */
    void cold(Cold cold, List<Path> examples, List<Path> large, int rounds) {
        line(
                "| object, cold | verify ms | load and verify ms | with a cache: verify | load and"
                        + " verify |");
        line("| --- | --: | --: | --: | --: |");
        examples.forEach(file -> cold(cold, file));
        large.forEach(file -> cold(cold, file));
        line("");
        line("Medians of %d fresh JVMs each.", rounds);
        line("");
        target("without a cache", cold, examples, false);
        target("with a cache", cold, examples, true);
    }

    private void cold(Cold cold, Path file) {
        var plain = cold.median(file, false);
        var cached = cold.median(file, true);
        line(
                "| %s | %.0f | %.0f | %.0f | %.0f |",
                Subject.nameOf(file),
                plain.verifying() / 1e6,
                plain.total() / 1e6,
                cached.verifying() / 1e6,
                cached.total() / 1e6);
    }

    private void target(String how, Cold cold, List<Path> examples, boolean cached) {
        var above =
                examples.stream()
                        .filter(file -> cold.median(file, cached).verifying() > MOST_COLD)
                        .map(Subject::nameOf)
                        .toList();
        line(
                "- Examples, cold, %s. Target: verified in at most %d ms, %s.",
                how,
                MOST_COLD / 1_000_000,
                above.isEmpty() ? "met by all" : "not met by " + String.join(", ", above));
    }

    private static String number(String format, Optional<Double> value) {
        return value.map(format::formatted).orElse("");
    }

    private void line(String format, Object... values) {
        text.append(values.length == 0 ? format : format.formatted(values)).append('\n');
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
