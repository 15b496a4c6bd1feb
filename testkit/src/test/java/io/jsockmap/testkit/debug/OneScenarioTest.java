package io.jsockmap.testkit.debug;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jsockmap.bpf.BpfException;
import io.jsockmap.testkit.Programs;
import io.jsockmap.testkit.scenario.Way;
import io.jsockmap.testkit.source.SourceFiles;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Scenarios in the debugger. */
class OneScenarioTest {
    private static final String TWO_MESSAGES =
            """
            name: two messages
            sockets: {client: accepted}
            attach: [watch=sockets]
            insert: ["sockets[client.cookie]=client"]
            steps:
              - send: one
                from: client.peer
              - send: four
                from: client.peer
              - expect: onefour
                at: client
            """;

    @TempDir private Path folder;

    private OneScenario scenario(String text, Optional<Way> way) throws IOException {
        var file = Files.writeString(folder.resolve("test.yaml"), text);
        return new OneScenario(Optional.of(Programs.own("scenes")), file, "", way);
    }

    private static String typed(Session session, String... commands) throws IOException {
        var answers = new StringWriter();
        new DebugTerminal(
                        new Debugger(session),
                        SourceFiles.of(Programs.own("scenes"), List.of()),
                        new StringReader(String.join("\n", commands) + "\n"),
                        answers)
                .run();
        return answers.toString();
    }

    @Test
    void aLineStopsInEachMessageAndTheStepIsSaid() throws IOException {
        var session = scenario(TWO_MESSAGES, Optional.of(Way.WHOLE));

        // "seen->messages++": each run comes to it once.
        assertThat(
                        typed(
                                session,
                                "break 101",
                                "run",
                                "print skb->len",
                                "c",
                                "print skb->len",
                                "rc"))
                .startsWith("test.yaml: 2 runs;")
                .containsSubsequence(
                        "all is as expected",
                        "in test.yaml:6: send: one",
                        "#1 watch (sk_skb), watch  scenes.bpf.c:101: seen->messages++;",
                        "skb->len = 3",
                        "in test.yaml:8: send: four",
                        "#2 watch (sk_skb), watch  scenes.bpf.c:101: seen->messages++;",
                        "skb->len = 4",
                        "in test.yaml:6: send: one",
                        "#1 watch");
    }

    @Test
    void theStepIsSaidOncePerMessageAndNotAtEachLine() throws IOException {
        var answers = typed(scenario(TWO_MESSAGES, Optional.of(Way.WHOLE)), "next", "next", "next");

        assertThat(answers.split("in test.yaml:6: send: one", -1)).hasSize(2);
    }

    @Test
    void bytesComeAsThePlayHasThem() throws IOException {
        assertThat(scenario(TWO_MESSAGES, Optional.of(Way.BYTEWISE)).play()).hasSize(7);
    }

    @Test
    void byDefaultItIsTheEasiestPlayThatFails() throws IOException {
        var wrong =
                TWO_MESSAGES
                        + "  - value: stats[0]\n    is: \"{messages=2, bytes=[4, 3], seen=true,"
                        + " kind=EVEN, first=\\\"f\\\"}\"\n";
        var session = scenario(wrong, Optional.empty());

        var runs = session.play();

        // As it is written there are two messages; a network may join them.
        assertThat(runs).hasSize(1);
        assertThat(session.during(runs.getFirst())).isEqualTo("test.yaml:8: send: four");
        assertThat(session.outcome())
                .startsWith("it fails at test.yaml:12: value: stats[0]")
                .contains("stats[0] is {messages=1, bytes=[0, 7]")
                .contains("when streams come with sends that follow each other joined");
    }

    @Test
    void aScenarioThatWasMendedIsReadAnew() throws IOException {
        var session = scenario(TWO_MESSAGES.replace("onefour", "onetwo"), Optional.of(Way.WHOLE));
        session.play();
        assertThat(session.outcome()).startsWith("it fails at test.yaml:10: expect: onetwo");

        scenario(TWO_MESSAGES, Optional.of(Way.WHOLE));
        session.play();

        assertThat(session.outcome()).isEqualTo("all is as expected");
    }

    @Test
    void aScenarioThatIsNotUnderstoodCannotBePlayed() throws IOException {
        var session = scenario("steps: [{sned: a}]", Optional.empty());

        assertThatThrownBy(session::play)
                .isInstanceOf(BpfException.class)
                .hasMessageContaining("test.yaml:1: no step is called so");
    }
}
