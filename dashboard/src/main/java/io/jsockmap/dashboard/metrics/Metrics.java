package io.jsockmap.dashboard.metrics;

import io.jsockmap.dashboard.state.Counts;
import io.jsockmap.dashboard.state.MapRow;
import io.jsockmap.dashboard.state.ProgramRow;
import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.OpenMetricsTextFormatWriter;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;

/**
 * The text that Prometheus scrapes, made of the counters at the moment of the scrape. Its labels
 * are names of the object's programs and maps, so however many sockets come, it stays as long.
 */
public final class Metrics {
    private Metrics() {}

    /** What there is to tell. */
    public record Source(
            List<ProgramRow> programs, List<MapRow> maps, int sockets, Counts counts) {}

    /**
     * A scrape's answer.
     *
     * @param contentType which of the two formats it is
     */
    public record Exposition(String contentType, byte[] body) {
        /** The body as text. */
        public String text() {
            return new String(body, StandardCharsets.UTF_8);
        }
    }

    /**
     * Writes all metrics.
     *
     * @param accept the request's header: OpenMetrics if it asks for it, else the older text format
     */
    public static Exposition write(Source source, String accept) {
        var writer = writer(accept);
        var out = new ByteArrayOutputStream();
        try {
            writer.write(out, new MetricSnapshots(all(source)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Exposition(writer.getContentType(), out.toByteArray());
    }

    /** Whether a request asks for OpenMetrics. */
    static boolean isOpen(String accept) {
        return OpenMetricsTextFormatWriter.create().accepts(accept);
    }

    private static ExpositionFormatWriter writer(String accept) {
        return isOpen(accept)
                ? OpenMetricsTextFormatWriter.create()
                : PrometheusTextFormatWriter.create();
    }

    private static List<MetricSnapshot> all(Source source) {
        var counts = source.counts();
        List<MetricSnapshot> all = new ArrayList<>();
        all.add(
                programs(
                        "jsockmap_verdicts",
                        "Messages that a program judged.",
                        source.programs(),
                        ProgramRow::messages));
        all.add(
                programs(
                        "jsockmap_bytes",
                        "Bytes of the messages that a program judged, as it left them.",
                        source.programs(),
                        ProgramRow::bytes));
        all.add(gauge("jsockmap_sockets", "Sockets that there are now.", source.sockets()));
        all.add(maps(source.maps()));
        all.add(
                counter(
                        "jsockmap_faults",
                        "Runs that were ended because the program did what no program may.",
                        counts.faults()));
        all.add(
                counter(
                        "jsockmap_losses",
                        "How often bytes were thrown away without a verdict that says so.",
                        counts.losses()));
        all.add(
                counter(
                        "jsockmap_lost_bytes",
                        "Bytes that were thrown away without a verdict that says so.",
                        counts.lostBytes()));
        all.add(
                counter(
                        "jsockmap_refusals",
                        "Sockets that a sock_ops program could not insert.",
                        counts.refusals()));
        all.add(counter("jsockmap_failures", "Mistakes of the engine itself.", counts.failures()));
        all.add(
                counter(
                        "jsockmap_pauses",
                        "How often a judged message had to wait for room at its target.",
                        counts.pauses()));
        all.add(
                gauge(
                        "jsockmap_paused_sockets",
                        "Sockets whose judged message waits for room at its target now.",
                        counts.paused()));
        return all;
    }

    private static MetricSnapshot programs(
            String name, String help, List<ProgramRow> rows, ToLongFunction<ProgramRow> value) {
        var metric = CounterSnapshot.builder().name(name).help(help);
        for (var row : rows) {
            var labels =
                    Labels.of(
                            "program", row.program(),
                            "direction", row.direction(),
                            "verdict", row.verdict());
            metric.dataPoint(point(value.applyAsLong(row)).labels(labels).build());
        }
        return metric.build();
    }

    private static MetricSnapshot maps(List<MapRow> maps) {
        var metric =
                GaugeSnapshot.builder()
                        .name("jsockmap_map_entries")
                        .help("Elements of a map, of kinds that count them.");
        for (var map : maps) {
            if (map.count().isEmpty()) continue;
            metric.dataPoint(
                    GaugeDataPointSnapshot.builder()
                            .labels(Labels.of("map", map.name()))
                            .value((double) map.entries())
                            .build());
        }
        return metric.build();
    }

    private static MetricSnapshot counter(String name, String help, long value) {
        return CounterSnapshot.builder()
                .name(name)
                .help(help)
                .dataPoint(point(value).build())
                .build();
    }

    private static CounterDataPointSnapshot.Builder point(long value) {
        return CounterDataPointSnapshot.builder().value((double) value);
    }

    private static MetricSnapshot gauge(String name, String help, long value) {
        return GaugeSnapshot.builder()
                .name(name)
                .help(help)
                .dataPoint(GaugeDataPointSnapshot.builder().value((double) value).build())
                .build();
    }
}
