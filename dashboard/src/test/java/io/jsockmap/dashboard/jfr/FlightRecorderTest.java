package io.jsockmap.dashboard.jfr;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.dashboard.Stage;
import io.jsockmap.sockmap.socket.Chunk;

import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** What a recording has of a proxy. */
class FlightRecorderTest {
    @TempDir private Path folder;

    private final Stage stage = new Stage(FlightRecorder::new);

    private List<RecordedEvent> recorded(Runnable play) throws Exception {
        var file = folder.resolve("stage.jfr");
        try (var recording = new Recording();
                stage) {
            recording.start();
            play.run();
            recording.stop();
            recording.dump(file);
        }
        return RecordingFile.readAllEvents(file).stream()
                .filter(event -> event.getEventType().getName().startsWith("jsockmap."))
                .toList();
    }

    private static List<RecordedEvent> named(List<RecordedEvent> events, String name) {
        return events.stream().filter(e -> e.getEventType().getName().equals(name)).toList();
    }

    @Test
    void verdictsRedirectsDropsLossesAndPausesAreRecorded() throws Exception {
        var client = stage.connect();
        var target = stage.socket("upstream2");

        var events =
                recorded(
                        () -> {
                            stage.ask(client, "GET", "/");
                            stage.ask(client, "DELETE", "/");
                            while (stage.collector().counts().paused() == 0) {
                                stage.ask(client, "GET", "/admin/" + "x".repeat(1000));
                            }
                            stage.drain(target);
                            client.received(Chunk.of("GET".getBytes(StandardCharsets.US_ASCII)));
                            client.receivedEnd();
                        });

        var verdict =
                named(events, "jsockmap.Verdict").stream()
                        .filter(event -> event.getString("verdict").equals("PASS"))
                        .findFirst()
                        .orElseThrow();
        assertThat(verdict.getLong("socket")).isEqualTo(client.cookie());
        assertThat(verdict.getString("program")).isEqualTo("judge");
        assertThat(verdict.getBoolean("received")).isTrue();
        assertThat(verdict.getString("line")).startsWith("http-policy.bpf.c:131");
        assertThat(named(events, "jsockmap.Drop")).hasSize(1);
        var redirect = named(events, "jsockmap.Redirect").getFirst();
        assertThat(redirect.getLong("target")).isEqualTo(target.cookie());
        assertThat(redirect.getInt("bytes")).isPositive();
        var pause = named(events, "jsockmap.Pause").getFirst();
        assertThat(pause.getLong("socket")).isEqualTo(client.cookie());
        assertThat(pause.getLong("target")).isEqualTo(target.cookie());
        var loss = named(events, "jsockmap.Loss").getFirst();
        assertThat(loss.getLong("bytes")).isEqualTo(3);
        assertThat(loss.getString("reason")).isEqualTo("incomplete message at the end of stream");
        assertThat(named(events, "jsockmap.State")).isNotEmpty();
        assertThat(stage.collector().counts().losses()).as("the next listener heard it").isOne();
    }

    @Test
    void aPauseThatEndsWithItsConnectionIsRecordedToo() throws Exception {
        var client = stage.connect();

        var events =
                recorded(
                        () -> {
                            while (stage.collector().counts().paused() == 0) {
                                stage.ask(client, "GET", "/admin/" + "x".repeat(1000));
                            }
                            client.abort();
                        });

        assertThat(named(events, "jsockmap.Pause"))
                .singleElement()
                .satisfies(e -> assertThat(e.getLong("socket")).isEqualTo(client.cookie()));
    }

    @Test
    void whatIsJudgedWhileNobodyRecordsIsInNoRecording() throws Exception {
        var client = stage.connect();
        stage.ask(client, "DELETE", "/");

        var events = recorded(() -> stage.ask(client, "GET", "/"));

        assertThat(named(events, "jsockmap.Drop")).isEmpty();
        assertThat(named(events, "jsockmap.Verdict")).hasSize(1);
    }
}
