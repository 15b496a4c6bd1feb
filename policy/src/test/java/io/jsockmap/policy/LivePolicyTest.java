package io.jsockmap.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jsockmap.bpf.BpfException;
import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.map.IndexKey;
import io.jsockmap.sockmap.socket.SockListener;
import io.jsockmap.sockmap.socket.TcpState;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/**
 * A policy in force: the object versioned.bpf.o leaves its version in each frame that it judges.
 */
class LivePolicyTest {
    private static final Path PROGRAMS =
            Path.of(System.getProperty("jsockmap.root", ".."))
                    .resolve("sockmap/src/test/resources/programs")
                    .toAbsolutePath();

    @TempDir private Path folder;
    private LivePolicy policy;

    private PolicyFile file(String version, String... more) throws IOException {
        return fileThatSets(List.of("version=" + version), more);
    }

    private PolicyFile fileThatSets(List<String> set, String... more) throws IOException {
        var text =
                """
                name: gateway
                object: %s
                skip: [msg]
                set: ["%s"]
                insert: ["peers[cookie]=accepted"]
                """
                        .formatted(PROGRAMS.resolve("versioned.bpf.o"), String.join("\", \"", set));
        var file = folder.resolve("policy.yaml");
        return PolicyFile.read(Files.writeString(file, text + String.join("\n", more) + "\n"));
    }

    private void open(PolicyFile file) {
        policy = LivePolicy.open(file, SockListener.NONE);
    }

    @AfterEach
    void close() {
        if (policy != null) policy.close();
    }

    private static void refused(ThrowingCallable call, Errno errno, String reason) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        BpfException.class, e -> assertThat(e.errno()).isEqualTo(errno))
                .hasMessageContaining(reason);
    }

    @Nested
    class Sockets {
        @Test
        @DisplayName(
                "a socket that is covered is in its maps, and judged; it comes back as an echo")
        void covered() throws IOException {
            open(file("0x31"));

            var channel = Channel.accepted(policy, 8080);
            channel.receives("\5one.");

            assertThat(channel.transmits()).isEqualTo("\0051ne1");
            assertThat(policy.sockets()).isEqualTo(1);
        }

        @Test
        void whatIsNotCoveredIsLeftAlone() throws IOException {
            open(file("0x31", "sockets: {accepted: [8080, 9000-9099], datagram: all}"));

            assertThat(Channel.accepted(policy, 8080).isUnderPolicy()).isTrue();
            assertThat(Channel.accepted(policy, 9050).isUnderPolicy()).isTrue();
            assertThat(Channel.accepted(policy, 9100).isUnderPolicy()).isFalse();
            assertThat(Channel.connected(policy, 8080).isUnderPolicy()).isFalse();
            assertThat(Channel.datagrams(policy, 53).isUnderPolicy()).isTrue();
            assertThat(policy.sockets()).isEqualTo(3);
        }

        @Test
        void oneTooManyIsRefusedUntilAnotherGoes() throws IOException {
            open(file("0x31", "limits: {sockets: 1}"));
            var first = Channel.accepted(policy, 80);

            refused(() -> Channel.accepted(policy, 80), Errno.ENOSPC, "limits: sockets");
            first.socket().close();
            policy.closed(first.socket());

            assertThat(Channel.accepted(policy, 80).isUnderPolicy()).isTrue();
        }

        @Test
        @DisplayName("a socket whose bytes nobody takes holds what its buffers may, and no more")
        void memory() throws IOException {
            open(file("0x31", "limits: {receive-buffer: 4096, send-buffer: 4096}"));
            var channel = Channel.accepted(policy, 80);

            int taken = 0;
            for (; channel.socket().receiveRoom() > 0 && taken < 1 << 20; taken += 5) {
                channel.receives("\5one.");
            }

            assertThat(taken).isBetween(4096, 4 * 4096);
            assertThat(channel.transmits()).hasSizeGreaterThanOrEqualTo(4096);
            assertThat(channel.socket().receiveRoom()).isPositive();
        }

        @Test
        void oneThatItsMapRefusesIsClosed() throws IOException {
            open(file("0x31", "max-entries: {peers: 1}"));
            var first = Channel.accepted(policy, 80);

            refused(() -> Channel.accepted(policy, 80), Errno.E2BIG, "peers[cookie]=accepted");

            assertThat(policy.engine().sockets()).containsExactly(first.socket());
            assertThat(policy.sockets()).isEqualTo(1);
        }

        @Test
        void aProgramThatRunsTooLongEndsWithAFault() throws IOException {
            open(file("0x31", "limits: {instructions: 2}"));
            var channel = Channel.accepted(policy, 80);

            channel.receives("\5one.");

            assertThat(channel.transmits()).isEmpty();
            assertThat(channel.socket().state()).isEqualTo(TcpState.ESTABLISHED);
        }
    }

    @Nested
    class Versions {
        @Test
        void anotherVersionJudgesTheSocketsThatAreThere() throws IOException {
            open(file("0x31"));
            var channel = Channel.accepted(policy, 80);
            channel.receives("\5one.\5t");

            var version = policy.replace(file("0x32"));
            channel.receives("wo.");

            assertThat(channel.transmits()).isEqualTo("\0051ne1\0052wo2");
            assertThat(version.number()).isEqualTo(2);
            assertThat(policy.version()).isEqualTo(version);
        }

        @Test
        void theOneBeforeCanBeBroughtBack() throws IOException {
            open(file("0x31"));
            policy.replace(file("0x32"));
            policy.replace(file("0x33"));
            var channel = Channel.accepted(policy, 80);

            policy.rollBack();
            channel.receives("\5one.");
            policy.rollBack();
            channel.receives("\5two.");

            assertThat(channel.transmits()).isEqualTo("\0052ne2\0051wo1");
            assertThat(policy.versions()).hasSize(1);
            refused(policy::rollBack, Errno.ENOENT, "no version before");
        }

        @Test
        void oneThatIsRefusedChangesNothing() throws IOException {
            open(file("0x31"));
            var channel = Channel.accepted(policy, 80);

            refused(
                    () -> policy.replace(file("0x32", "max-entries: {peers: 1}")),
                    Errno.EINVAL,
                    "peers");
            refused(() -> policy.replace(file("0x32", "keep: [none]")), Errno.ENOENT, "none");
            refused(() -> policy.replace(file("0x32", "keep: [peers]")), Errno.EINVAL, "peers");
            channel.receives("\5one.");

            assertThat(channel.transmits()).isEqualTo("\0051ne1");
            assertThat(policy.version().number()).isEqualTo(1);
        }

        private long runs(char version) {
            var count = policy.object().map("runs").lookup(IndexKey.of(version)).orElseThrow();
            return ByteBuffer.wrap(count).order(ByteOrder.nativeOrder()).getLong();
        }

        @Test
        void whatARefusedOneSetInAMapThatIsKeptIsPutBack() throws IOException {
            open(file("0x31", "keep: [runs]"));
            var channel = Channel.accepted(policy, 80);
            channel.receives("\5one.");
            var set = List.of("version=0x32", "runs[0x31]=7", "runs[0x32]=8", "runs[0x31]=9");
            var tooMuch = List.of("runs[0x31]=7", "runs[9999]=1");

            refused(
                    () ->
                            policy.replace(
                                    fileThatSets(set, "keep: [runs]", "max-entries: {peers: 1}")),
                    Errno.EINVAL,
                    "peers");
            refused(
                    () -> policy.replace(fileThatSets(tooMuch, "keep: [runs]")),
                    Errno.E2BIG,
                    "runs");

            assertThat(runs('1')).isEqualTo(1);
            assertThat(runs('2')).isZero();
            policy.replace(fileThatSets(set, "keep: [runs]"));
            assertThat(runs('1')).isEqualTo(9);
            assertThat(runs('2')).isEqualTo(8);
        }

        @Test
        void aMapThatIsKeptHasWhatItHad() throws IOException {
            open(file("0x31", "keep: [runs]"));
            var channel = Channel.accepted(policy, 80);
            channel.receives("\5one.");

            policy.replace(file("0x32", "keep: [runs]"));

            assertThat(runs('1')).isEqualTo(1);
        }

        @Test
        void aMapThatIsNewGetsTheSocketsThatAreThere() throws IOException {
            open(file("0x31"));
            var channel = Channel.accepted(policy, 80);
            var other =
                    """
                    name: gateway
                    object: %s
                    attach: ["tell=sockets:skb_verdict"]
                    insert: ["sockets[0]=accepted"]
                    """
                            .formatted(PROGRAMS.resolve("events.bpf.o"));

            policy.replace(PolicyFile.read(Files.writeString(folder.resolve("o.yaml"), other)));

            assertThat(policy.object().sockMap("sockets").socket(0)).contains(channel.socket());
            assertThat(channel.socket().programs().verdict())
                    .isEqualTo(policy.object().program("tell"));
        }
    }

    @Nested
    class Watching {
        private void awaitVersion(int number) throws InterruptedException {
            while (policy.version().number() < number) Thread.sleep(10);
        }

        @Test
        void aFileThatIsWrittenIsPutIntoForce() throws Exception {
            open(file("0x31"));
            try (var _ = PolicyWatcher.start(policy)) {
                var channel = Channel.accepted(policy, 80);

                file("0x32");
                awaitVersion(2);
                channel.receives("\5one.");

                assertThat(channel.transmits()).isEqualTo("\0052ne2");
            }
        }

        @Test
        void whatWasWrittenBeforeAnybodyWatchedIsPutIntoForceToo() throws Exception {
            open(file("0x31"));
            file("0x32");
            try (var _ = PolicyWatcher.start(policy)) {
                awaitVersion(2);
            }
            assertThat(policy.version().file().setup().settings()).containsExactly("version=0x32");
        }

        @Test
        void aMistakeIsToldAndThePresentOneStays() throws Exception {
            open(file("0x31"));
            try (var watcher = PolicyWatcher.start(policy)) {
                Files.writeString(folder.resolve("policy.yaml"), "object: none.bpf.o\n");
                while (watcher.problem().isEmpty()) Thread.sleep(10);

                assertThat(watcher.problem().orElseThrow()).contains("none.bpf.o");

                assertThat(policy.version().number()).isEqualTo(1);

                file("0x32");
                awaitVersion(2);
                assertThat(policy.version().number()).isEqualTo(2);
            }
        }

        @Test
        void whatIsInForceIsNotPutIntoForceAgainWhenAMistakeIsTakenBack() throws Exception {
            var text = Files.readString(file("0x31").file());
            var path = folder.resolve("policy.yaml");
            // As it is mostly named: from where the program runs.
            var relative = Path.of("").toAbsolutePath().relativize(path);
            open(PolicyFile.read(relative));
            try (var watcher = PolicyWatcher.start(policy)) {
                Files.writeString(path, "object: none.bpf.o\n");
                while (watcher.problem().isEmpty()) Thread.sleep(10);
                Files.writeString(path, text);
                while (watcher.problem().isPresent()) Thread.sleep(10);
            }
            assertThat(policy.versions()).hasSize(1);
        }

        @Test
        void whatWasTakenBackIsToldUntilSomethingElseIsWritten() throws Exception {
            open(file("0x31"));
            try (var watcher = PolicyWatcher.start(policy)) {
                file("0x32");
                awaitVersion(2);

                policy.rollBack();

                assertThat(watcher.problem().orElseThrow())
                        .matches("version 2 .* was taken back: version 3 .* is in force");

                file("0x33");
                while (watcher.problem().isPresent()) Thread.sleep(10);
            }
            assertThat(policy.version().number()).isEqualTo(4);
        }

        @Test
        @DisplayName("a link that leads elsewhere counts, as in a mounted ConfigMap")
        void links() throws Exception {
            var first = Files.createDirectory(folder.resolve("..1"));
            var second = Files.createDirectory(folder.resolve("..2"));
            var text = Files.readString(file("0x31").file());
            Files.writeString(first.resolve("policy.yaml"), text);
            Files.writeString(second.resolve("policy.yaml"), text.replace("0x31", "0x32"));
            Files.delete(folder.resolve("policy.yaml"));
            var data = Files.createSymbolicLink(folder.resolve("..data"), first);
            var link = folder.resolve("policy.yaml");
            Files.createSymbolicLink(link, Path.of("..data", "policy.yaml"));
            open(PolicyFile.read(link));
            try (var _ = PolicyWatcher.start(policy)) {
                var next = Files.createSymbolicLink(folder.resolve("..next"), second);
                Files.move(next, data, StandardCopyOption.ATOMIC_MOVE);
                awaitVersion(2);
            }
            assertThat(policy.version().file().setup().settings()).containsExactly("version=0x32");
        }
    }
}
