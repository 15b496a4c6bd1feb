package io.jsockmap.policy.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.policy.Coverage;
import io.jsockmap.policy.LivePolicy;
import io.jsockmap.policy.PolicyFile;
import io.jsockmap.policy.PolicyLimits;
import io.jsockmap.policy.PolicyWatcher;
import io.jsockmap.policy.Ports;
import io.jsockmap.policy.Role;
import io.jsockmap.policy.Version;
import io.jsockmap.sockmap.network.InMemoryNetwork;
import io.jsockmap.sockmap.socket.Addresses;
import io.jsockmap.sockmap.socket.Sock;
import io.jsockmap.sockmap.socket.SockListener;
import io.jsockmap.sockmap.socket.Transport;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What an application does with a policy of its own. */
class PolicyExamples {
    private static final Path OBJECT =
            Path.of(System.getProperty("jsockmap.root", ".."))
                    .resolve("sockmap/src/test/resources/programs/versioned.bpf.o")
                    .toAbsolutePath();

    @TempDir private Path folder;
    private final Addresses addresses =
            InMemoryNetwork.addresses("10.0.0.1", 8080, "10.0.0.2", 40_000);
    private final Transport transport = Transport.NONE;

    /** A policy's file, of which the version is a variable of the object. */
    private Path gateway(char version) throws IOException {
        var text =
                """
                object: %s
                skip: [msg]
                set: [version=%d]
                insert: ["peers[cookie]=accepted"]
                """;
        return Files.writeString(
                folder.resolve("gateway.yaml"), text.formatted(OBJECT, (int) version));
    }

    @Test
    void aFileSaysWhichSocketsComeUnderAPolicyAndWhatTheyMayTake() throws IOException {
        var file = folder.resolve("gateway.yaml");

        // @start region="file"
        Files.writeString(
                file,
                """
                object: gateway.bpf.o
                sockets: {accepted: [8080, 9000-9099], datagram: all}
                limits: {sockets: 1000}
                """);
        PolicyFile policy = PolicyFile.read(file);

        Ports web = new Ports(List.of(new Ports.Range(8080, 8080), new Ports.Range(9000, 9099)));
        assertThat(policy.coverage())
                .isEqualTo(new Coverage(Map.of(Role.ACCEPTED, web, Role.DATAGRAM, Ports.ALL)));
        assertThat(policy.limits().sockets()).isEqualTo(1000);
        assertThat(policy.limits().instructions()).isEqualTo(PolicyLimits.DEFAULT.instructions());
        // @end
    }

    @Test
    void aPolicyAdmitsSocketsAndIsReplacedWhileTheyLive() throws IOException {
        var file = PolicyFile.read(gateway('1'));

        // @start region="live"
        try (LivePolicy policy = LivePolicy.open(file, SockListener.NONE)) {
            // What a Netty handler, a selector provider or the agent does for each socket.
            Optional<Sock> client = policy.accepted(addresses, transport);
            assertThat(client).isPresent();

            Version second = policy.replace(PolicyFile.read(gateway('2')));
            assertThat(second.number()).isEqualTo(2);
            assertThat(policy.object().sockHash("peers").size()).isEqualTo(1); // it has moved

            Version first = policy.rollBack();
            assertThat(first.file()).isEqualTo(file);
            client.ifPresent(policy::closed);
        }
        // @end
    }

    @Test
    void aWatcherPutsChangesIntoForceAndTellsOfMistakes() throws IOException {
        var file = gateway('1');

        // @start region="watch"
        try (LivePolicy policy = LivePolicy.open(file);
                PolicyWatcher watcher = PolicyWatcher.start(policy)) {
            // For a health check: why what is written there now is not in force, if so.
            Optional<String> problem = watcher.problem();
            assertThat(problem).isEmpty();
        }
        // @end
    }
}
