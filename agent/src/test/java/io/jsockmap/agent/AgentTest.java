package io.jsockmap.agent;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A program that knows nothing of policies, in a JVM of its own with the agent. */
class AgentTest {
    private static final Path REWRITE =
            Path.of(System.getProperty("jsockmap.root", ".."))
                    .resolve("sockmap/src/test/resources/programs/rewrite.bpf.o")
                    .toAbsolutePath();

    @TempDir private Path folder;
    private Path policy;

    /**
     * What is received by accepted sockets gets capitals, in the first 16 bytes that come at once.
     */
    @BeforeEach
    void prepare() throws IOException {
        policy =
                Files.writeString(
                        folder.resolve("policy.yaml"),
                        """
                        name: shout
                        object: %s
                        sockets: {accepted: all}
                        max-entries: {sockets: 64}
                        insert: ["sockets[slot]=accepted"]
                        """
                                .formatted(REWRITE));
    }

    private AgentJvm.Outcome run(String agentArguments, String program) throws Exception {
        return new AgentJvm(folder, Agent.class).run(agentArguments, program);
    }

    @Test
    void socketsAndServerSocketsComeUnderThePolicy() throws Exception {
        var outcome = run(policy.toString(), "sockets");

        assertThat(outcome.printed()).as("%s", outcome).containsExactly("received HELLO");
        assertThat(outcome.status()).isZero();
    }

    @Test
    @DisplayName("so do channels and selectors: the JDK's HTTP server and client")
    void http() throws Exception {
        var outcome = run(policy.toString(), "http");

        assertThat(outcome.printed()).as("%s", outcome).containsExactly("200 /ONE", "200 /TWO");
    }

    @Test
    void itSaysWhatJudgesAndWhatItDoesNotReach() throws Exception {
        var outcome = run(policy.toString(), "sockets");

        assertThat(outcome.said())
                .anyMatch(line -> line.startsWith("jsockmap-agent: policy shout, version 1"))
                .anyMatch(line -> line.contains("not reached: AsynchronousSocketChannel"));
    }

    @Test
    void itSaysWhenSuchSocketsAreUsed() throws Exception {
        var outcome = run(policy.toString(), "asynchronous");

        assertThat(outcome.said())
                .contains(
                        "jsockmap-agent: AsynchronousSocketChannel is in use: its sockets are not"
                                + " under the policy");
    }

    @Test
    void whoOperatesTheJvmSeesAndChangesThePolicyByJmx() throws Exception {
        var outcome = run(policy + ",watch,jmx", "managed");

        assertThat(outcome.printed())
                .as("%s", outcome)
                .containsExactly(
                        "received HELLO",
                        "version 1",
                        "messages 1",
                        "reloaded as 2",
                        "rolled back as 3",
                        "received HELLO");
        assertThat(outcome.status()).isZero();
    }

    @Test
    void withoutItsPolicyTheProgramDoesNotStart() throws Exception {
        Files.writeString(policy, "object: none.bpf.o\ncolour: red\n");

        var outcome = run(policy.toString(), "sockets");

        assertThat(outcome.status()).isEqualTo(1);
        assertThat(outcome.printed()).isEmpty();
        assertThat(outcome.said()).hasSize(1);
        assertThat(outcome.said().getFirst())
                .startsWith("jsockmap-agent: ")
                .contains("policy.yaml:2: a policy has no colour");
    }

    @Test
    void whatStandsBehindTheJarMustBeAPolicy() throws Exception {
        var outcome = run("", "sockets");

        assertThat(outcome.status()).isEqualTo(1);
        assertThat(outcome.said())
                .containsExactly(
                        "jsockmap-agent: EINVAL: expected"
                            + " -javaagent:jsockmap-agent.jar=POLICY.yaml, and behind it ,watch or"
                            + " ,jmx or both");
    }
}
