package io.jsockmap.testkit.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.object.LoadOptions;
import io.jsockmap.bpf.object.ObjectReader;
import io.jsockmap.sockmap.socket.Verdict;
import io.jsockmap.testkit.Programs;
import io.jsockmap.testkit.run.Input;
import io.jsockmap.testkit.run.MapChange;
import io.jsockmap.testkit.run.MapContents;
import io.jsockmap.testkit.run.OpName;
import io.jsockmap.testkit.run.Outcome;
import io.jsockmap.testkit.run.OutcomeJson;
import io.jsockmap.testkit.run.OutcomeText;
import io.jsockmap.testkit.run.TestRun;
import io.jsockmap.testkit.stage.SocketChoice;
import io.jsockmap.testkit.stage.Stage;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** How one program is run on one message or event that is made up. */
class RunExamples {
    private static final Path HTTP_POLICY = Programs.example("http-policy");

    private static Stage stageOf(Path object) {
        var stage =
                Stage.loadOnly(
                        ObjectReader.read(object), LoadOptions.DEFAULT, Stage.Setting.HOSTILE);
        stage.open("client", SocketChoice.ACCEPTED);
        return stage;
    }

    @Test
    void theOutcomeOfAMessage() {
        // @start region="run"
        var policy = ObjectReader.read(HTTP_POLICY);
        try (Stage stage = Stage.loadOnly(policy, LoadOptions.DEFAULT, Stage.Setting.HOSTILE)) {
            stage.open("client", SocketChoice.ACCEPTED);
            byte[] request = "DELETE / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

            Input received = new Input.Received(request, 0);
            Outcome outcome = new TestRun(stage).run("judge", "client", received);

            assertThat(outcome.verdict()).contains(Verdict.DROP);
            assertThat(outcome.decided()).get().asString().endsWith("return OUTCOME(deny());");
            assertThat(OutcomeText.of(outcome, false)).startsWith("result   judge: DROP (0)");
        }
        // @end
    }

    @Test
    void whatRunsChangeInMaps() {
        try (var stage = stageOf(HTTP_POLICY)) {
            var run = new TestRun(stage);
            var delete = new Input.Received("DELETE / ".getBytes(StandardCharsets.US_ASCII), 0);
            // @start region="changes"
            MapContents start = MapContents.of(stage.object(), stage::nameOf);
            Outcome first = run.run("judge", "client", delete);
            Outcome second = run.run("judge", "client", delete);
            MapContents end = MapContents.of(stage.object(), stage::nameOf);

            assertThat(first.changes()).map(MapChange::toString).contains("verdicts[0]: 0 -> 1");
            assertThat(start.changesTo(end))
                    .map(MapChange::toString)
                    .containsExactly("verdicts[0]: 0 -> 2");
            assertThat(OutcomeJson.of(second))
                    .contains("{\"place\":\"verdicts[0]\",\"before\":\"1\",\"after\":\"2\"}");
            // @end
        }
    }

    @Test
    void whatAnEventOfAConnectionDoes() {
        try (var stage = stageOf(Programs.own("workbench"))) {
            var run = new TestRun(stage);
            // @start region="event"
            Input.Event accepted = OpName.parse("passive-established", "");
            Input.Event closing = OpName.parse("state", "established:close-wait");

            List<MapChange> changes = run.run("established", "client", accepted).changes();
            assertThat(changes)
                    .map(MapChange::toString)
                    .containsExactly("sockets[1]: nothing -> client");
            assertThat(run.run("established", "client", closing).changes()).isEmpty();
            // @end
        }
    }
}
