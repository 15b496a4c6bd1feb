package io.jsockmap.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jsockmap.policy.LivePolicy;
import io.jsockmap.policy.PolicyFile;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** What is done by JMX, and refused, without a server of it. */
class PolicyControlTest {
    private static final Path REWRITE =
            Path.of(System.getProperty("jsockmap.root", ".."))
                    .resolve("sockmap/src/test/resources/programs/rewrite.bpf.o")
                    .toAbsolutePath();

    @TempDir private Path folder;
    private Path file;
    private LivePolicy policy;
    private PolicyMXBean control;

    @BeforeEach
    void open() throws IOException {
        file = folder.resolve("policy.yaml");
        write("name: shout\n");
        var counts = new Counts();
        policy = LivePolicy.open(PolicyFile.read(file), counts);
        control = new PolicyControl(policy, counts, Optional.empty());
    }

    @AfterEach
    void close() {
        policy.close();
    }

    private void write(String line) throws IOException {
        Files.writeString(
                file,
                line
                        + """
                        object: %s
                        sockets: {accepted: all}
                        insert: ["sockets[slot]=accepted"]
                        """
                                .formatted(REWRITE));
    }

    @Test
    void itShowsWhatIsInForce() {
        assertThat(control.getName()).isEqualTo("shout");
        assertThat(control.getVersion()).isEqualTo(1);
        assertThat(control.getVersions())
                .singleElement()
                .asString()
                .startsWith("version 1 (rewrite.bpf.o) since 2");
        assertThat(control.getSockets()).isZero();
        assertThat(control.getMessages()).isZero();
        assertThat(control.getProblem()).isEmpty();
    }

    @Test
    void whatIsWrittenComesIntoForceAndIsTakenBack() throws IOException {
        write("name: cry\n");

        assertThat(control.reload()).isEqualTo(2);
        assertThat(control.getName()).isEqualTo("cry");
        assertThat(control.rollBack()).isEqualTo(3);
        assertThat(control.getName()).isEqualTo("shout");
    }

    @Test
    void whatIsRefusedSaysWhyAndChangesNothing() throws IOException {
        assertThatThrownBy(control::rollBack)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("ENOENT: there is no version before");
        write("colour: red\n");

        assertThatThrownBy(control::reload)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("policy.yaml:1: a policy has no colour")
                .hasNoCause();
        assertThat(control.getVersion()).isEqualTo(1);
    }
}
