package io.jsockmap.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** {@code jsockmap policy}. */
class PolicyCommandTest {
    @TempDir private Path folder;

    @Test
    void aPolicyThatWouldComeIntoForceIsToldInFull() {
        var file = Outcome.ROOT.resolve("examples/http-policy/policy.yaml").toString();

        var outcome = Outcome.of("policy", file);

        assertThat(outcome.err()).isEmpty();
        assertThat(outcome.out().lines().map(String::strip))
                .containsExactly(
                        "policy policy would come into force",
                        "object    " + Outcome.example("http-policy"),
                        "sockets   accepted 8080",
                        "insert    clients[cookie]=accepted",
                        "programs  parse as parser of clients",
                        "judge as verdict of clients",
                        "keep      verdicts");
    }

    @Test
    void oneThatWouldBeRefusedIsRefusedInALine() throws IOException {
        var file = folder.resolve("policy.yaml");
        var object = Path.of(Outcome.example("splice")).toAbsolutePath();
        Files.writeString(file, "object: %s\ninsert: nowhere[0]=accepted\n".formatted(object));

        CommandLineTest.assertRefused(Outcome.of("policy", file.toString()), "ENOENT: ", "nowhere");
    }
}
