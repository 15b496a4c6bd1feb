package io.jsockmap.agent.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.agent.Agent;
import io.jsockmap.agent.AgentJvm;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.lang.instrument.Instrumentation;
import java.nio.file.Files;
import java.nio.file.Path;

/** How an agent that a house has already starts this one. */
class AgentExamples {
    private static final Path SHOUT =
            Path.of(System.getProperty("jsockmap.root", ".."))
                    .resolve("sockmap/src/test/resources/programs/rewrite.bpf.o")
                    .toAbsolutePath();

    @TempDir private Path folder;

    // @start region="house"
    /** The Premain-Class of one's own jar: {@code -javaagent:house-agent.jar=/etc/gateway}. */
    public static final class HouseAgent {
        private HouseAgent() {}

        public static void premain(String folder, Instrumentation instrumentation) {
            // What else the house has for each of its JVMs; then, as the jar by itself would:
            Agent.premain(folder + "/policy.yaml,watch", instrumentation);
        }
    }

    // @end

    @Test
    void aHousesOwnAgentPutsItsJvmsUnderThePolicyOfAFolder()
            throws IOException, InterruptedException {
        var policy =
                """
                object: %s
                sockets: {accepted: all}
                insert: ["sockets[slot]=accepted"]
                """;
        Files.writeString(folder.resolve("policy.yaml"), policy.formatted(SHOUT));

        var outcome = new AgentJvm(folder, HouseAgent.class).run(folder.toString(), "sockets");

        assertThat(outcome.printed()).as("%s", outcome).containsExactly("received HELLO");
        assertThat(outcome.status()).isZero();
    }
}
