package io.jsockmap.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jsockmap.bpf.BpfException;
import io.jsockmap.bpf.Errno;
import io.jsockmap.sockmap.socket.Limits;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What a policy file says. */
class PolicyFileTest {
    @TempDir private Path folder;

    private PolicyFile read(String text) throws IOException {
        return PolicyFile.read(Files.writeString(folder.resolve("gateway.yaml"), text));
    }

    @Test
    void aPolicyNeedsNothingButAnObject() throws IOException {
        var policy = read("object: policy.bpf.o");

        assertThat(policy.name()).isEqualTo("gateway");
        assertThat(policy.object()).isEqualTo(folder.resolve("policy.bpf.o"));
        assertThat(policy.coverage()).isEqualTo(Coverage.ALL);
        assertThat(policy.limits()).isEqualTo(PolicyLimits.DEFAULT);
    }

    @Test
    void itMaySayEverything() throws IOException {
        var policy =
                read(
                        """
                        name: edge
                        object: policy.bpf.o
                        sockets:
                          accepted: [8080, 9000-9099]
                          connected: all
                        insert:
                          - sockets[cookie]=accepted
                        set: [limit=5, "blocked[7]=1"]
                        attach: verdict=sockets:skb_verdict
                        skip: [old]
                        type: {other: sk_msg}
                        max-entries: {sockets: 0x100}
                        keep: [counters]
                        limits: {instructions: 1000, receive-buffer: 4096, send-buffer: 8192, sockets: 2}
                        """);

        assertThat(policy.name()).isEqualTo("edge");
        assertThat(policy.coverage())
                .isEqualTo(
                        new Coverage(
                                Map.of(
                                        Role.ACCEPTED,
                                        new Ports(
                                                List.of(
                                                        new Ports.Range(8080, 8080),
                                                        new Ports.Range(9000, 9099))),
                                        Role.CONNECTED,
                                        Ports.ALL)));
        assertThat(policy.insertions()).containsExactly("sockets[cookie]=accepted");
        assertThat(policy.setup().settings()).containsExactly("limit=5", "blocked[7]=1");
        assertThat(policy.setup().attachments()).containsExactly("verdict=sockets:skb_verdict");
        assertThat(policy.setup().skipped()).containsExactly("old");
        assertThat(policy.setup().types()).isEqualTo(Map.of("other", "sk_msg"));
        assertThat(policy.setup().maxEntries()).isEqualTo(Map.of("sockets", 256L));
        assertThat(policy.kept()).isEqualTo(Set.of("counters"));
        assertThat(policy.limits()).isEqualTo(new PolicyLimits(1000, new Limits(4096, 8192), 2));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            textBlock =
                    """
                    name: x                                | 1 | object is missing
                    object: [                              | 1 | expected the node content
                    object: a;colour: red                  | 2 | a policy has no colour
                    object: a;sockets: {listening: 80}     | 2 | listening is none of accepted
                    object: a;sockets: {accepted: http}    | 2 | expected a port or a range
                    object: a;sockets: {accepted: 9-8}     | 2 | expected ports from 0 to 65535
                    object: a;limits: {speed: 1}           | 2 | there is no limit speed
                    object: a;limits: {sockets: 0}         | 2 | expected a number from 1
                    object: a;limits: {sockets: 3000000000}| 2 | expected a number from 1 to 2147483647
                    object: a;name: a/b                    | 2 | without a slash
                    """)
    void aMistakeIsToldWithItsLine(String text, int line, String problem) {
        assertThatThrownBy(() -> read(text.replace(';', '\n')))
                .isInstanceOfSatisfying(
                        BpfException.class, e -> assertThat(e.errno()).isEqualTo(Errno.EINVAL))
                .hasMessageContaining("gateway.yaml:%d: ".formatted(line))
                .hasMessageContaining(problem);
    }

    @Test
    void aFileThatIsNotThereIsNamed() {
        assertThatThrownBy(() -> PolicyFile.read(folder.resolve("none.yaml")))
                .isInstanceOfSatisfying(
                        BpfException.class, e -> assertThat(e.errno()).isEqualTo(Errno.ENOENT))
                .hasMessageContaining("none.yaml");
    }

    @Test
    void severalPoliciesInAFileAreNone() {
        assertThatThrownBy(() -> read("object: a\n---\nobject: b"))
                .hasMessageContaining("expected one policy, found 2");
    }
}
