package io.jsockmap.dashboard.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.dashboard.Stage;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** What Prometheus reads. */
class MetricsTest {
    private static final String OPEN = "application/openmetrics-text; version=1.0.0";
    private static final Pattern SAMPLE =
            Pattern.compile("([a-z_]+)(\\{[a-z]+=\"[^\"]*\"(?:,[a-z]+=\"[^\"]*\")*})? ([0-9.E]+)");

    private final Stage stage = new Stage();

    @AfterEach
    void close() {
        stage.close();
    }

    private Metrics.Exposition write(String accept) {
        return Metrics.write(stage.snapshots().metrics(), accept);
    }

    /** Every line is a comment or a sample; those by name and labels. */
    private static Map<String, Double> samples(String text) {
        Map<String, Double> all = new LinkedHashMap<>();
        for (var line : text.lines().toList()) {
            if (line.startsWith("# ")) continue;
            var sample = SAMPLE.matcher(line);
            assertThat(sample.matches()).as(line).isTrue();
            var labels = sample.group(2) == null ? "" : sample.group(2);
            all.put(sample.group(1) + labels, Double.valueOf(sample.group(3)));
        }
        return all;
    }

    @Test
    void verdictsAndBytesHaveThreeLabels() {
        var client = stage.connect();
        stage.ask(client, "GET", "/");
        stage.ask(client, "GET", "/");
        stage.ask(client, "GET", "/admin");

        var samples = samples(write("").text());

        var labels = "{direction=\"received\",program=\"judge\",verdict=\"%s\"}";
        assertThat(samples)
                .containsEntry("jsockmap_verdicts_total" + labels.formatted("pass"), 2.0)
                .containsEntry("jsockmap_verdicts_total" + labels.formatted("redirect"), 1.0)
                .containsEntry("jsockmap_sockets", 3.0)
                .containsEntry("jsockmap_map_entries{map=\"servers\"}", 2.0)
                .containsEntry("jsockmap_faults_total", 0.0)
                .containsEntry("jsockmap_lost_bytes_total", 0.0)
                .containsEntry("jsockmap_paused_sockets", 0.0)
                .containsEntry("jsockmap_pauses_total", 0.0);
        assertThat(samples.get("jsockmap_bytes_total" + labels.formatted("pass"))).isPositive();
    }

    @Test
    void howeverManySocketsComeItStaysAsLong() {
        stage.ask(stage.connect(), "GET", "/");
        int before = samples(write("").text()).size();

        for (int i = 0; i < 50; i++) stage.ask(stage.connect(), "GET", "/");

        assertThat(samples(write("").text())).hasSize(before);
    }

    @Test
    void everyMetricSaysWhatItIs() {
        stage.ask(stage.connect(), "GET", "/");
        var text = write("").text();
        for (var sample : samples(text).keySet()) {
            var name = sample.replaceFirst("\\{.*", "");
            assertThat(text).contains("# HELP " + name + " ").contains("# TYPE " + name + " ");
        }
    }

    @Test
    void whoAsksForOpenMetricsGetsIt() {
        assertThat(write(OPEN).contentType()).startsWith("application/openmetrics-text");
        assertThat(write(OPEN).text())
                .endsWith("# EOF\n")
                .contains("# TYPE jsockmap_faults counter");
        for (var other : List.of("", "*/*", "text/plain", "text/html")) {
            assertThat(write(other).contentType()).as(other).startsWith("text/plain");
        }
    }

    @Test
    void asLongAsTheFiguresAreTheSameTheTextIsNotWrittenAgain() {
        stage.ask(stage.connect(), "GET", "/");
        var scrapes = new Scrapes();
        var first = scrapes.of(stage.snapshots().metrics(), "");

        assertThat(scrapes.of(stage.snapshots().metrics(), "*/*")).isSameAs(first);
        assertThat(scrapes.of(stage.snapshots().metrics(), OPEN).text()).endsWith("# EOF\n");
        assertThat(scrapes.of(stage.snapshots().metrics(), "")).isSameAs(first);

        stage.ask(stage.connect(), "GET", "/");
        assertThat(scrapes.of(stage.snapshots().metrics(), "").text())
                .contains("jsockmap_sockets 6.0");
    }

    @Test
    void toBeAskedForMetricsIsNotToBeLookedAt() {
        write("");
        stage.ask(stage.connect(), "GET", "/");

        assertThat(stage.collector().messages()).isEmpty();
    }
}
