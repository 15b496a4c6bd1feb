package io.jsockmap.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jsockmap.bpf.BpfException;
import io.jsockmap.bpf.Errno;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;

/** How a run is found that nobody named. */
class ControlFolderTest {
    /** Whoever answers has done so by then. */
    private static final Duration GLANCE = Duration.ofSeconds(2);

    private static final long PID = ProcessHandle.current().pid();

    @TempDir private Path parent;

    private final Running running = new Running();

    @AfterEach
    void close() {
        running.close();
    }

    private ControlFolder folder() {
        return ControlFolder.of(parent.resolve("jsockmap"));
    }

    private ControlServer serve() throws IOException {
        var server = folder().open();
        server.serve(running.inventory());
        return server;
    }

    private static void assertAnswers(ControlClient client) throws IOException {
        assertThat(client.ask(Running.request("{'command':'about'}")).isJsonObject()).isTrue();
    }

    @Test
    void theOnlyRunIsFound() throws IOException {
        try (var server = serve();
                var client = folder().only()) {
            assertThat(server.path()).isEqualTo(folder().path().resolve(PID + ".sock"));
            assertThat(
                            PosixFilePermissions.toString(
                                    Files.getPosixFilePermissions(folder().path())))
                    .isEqualTo("rwx------");
            assertAnswers(client);
        }
    }

    @Test
    void withoutARunOneLineSaysHowToStartOne() throws IOException {
        assertThatThrownBy(() -> folder().only())
                .isInstanceOfSatisfying(
                        BpfException.class, e -> assertThat(e.errno()).isEqualTo(Errno.ENOENT))
                .hasMessageContaining("jsockmap run OBJECT --listen HOST:PORT");
        serve().close();
        assertThatThrownBy(() -> folder().only()).hasMessageContaining("ENOENT");
    }

    @Test
    void ofSeveralRunsOneMustBeNamed() throws IOException {
        try (var first = serve();
                var second = serve()) {
            assertThatThrownBy(() -> folder().only())
                    .isInstanceOfSatisfying(
                            BpfException.class,
                            e -> assertThat(e.errno()).isEqualTo(Errno.ENOTUNIQ))
                    .hasMessageContaining(
                            "--control %s (pid %d, inventory.bpf.o)".formatted(first.path(), PID))
                    .hasMessageContaining(
                            "--control %s (pid %d, inventory.bpf.o)".formatted(second.path(), PID));
        }
    }

    @Test
    void aStoppedRunIsNamedAsSuchAndTheOthersAnswer() throws IOException {
        try (var server = serve();
                var stopped = new SilentRun(folder().path().resolve("1.sock"))) {
            assertThatThrownBy(() -> folder().only(GLANCE))
                    .as("it lets clients connect")
                    .hasMessageContaining("1.sock (does not answer)")
                    .hasMessageContaining(
                            "--control %s (pid %d, inventory.bpf.o)".formatted(server.path(), PID));
            stopped.crowd();
            assertThatThrownBy(() -> folder().only(GLANCE))
                    .as("its clients wait to connect")
                    .hasMessageContaining("1.sock (does not answer)")
                    .hasMessageContaining(
                            "--control %s (pid %d, inventory.bpf.o)".formatted(server.path(), PID));
        }
    }

    @Test
    void socketsOfDeadProcessesAreRemoved() throws IOException {
        try (var server = serve()) {
            var dead = folder().path().resolve("1.sock");
            ControlServerTest.leave(dead);
            try (var client = folder().only()) {
                assertAnswers(client);
            }
            assertThat(dead).doesNotExist();
            assertThat(server.path()).exists();
        }
    }

    @Test
    void theSocketOfADeadProcessWithTheSamePidIsReplaced() throws IOException {
        serve().close();
        ControlServerTest.leave(folder().path().resolve(PID + ".sock"));
        try (var server = serve();
                var client = folder().only()) {
            assertThat(server.path()).isEqualTo(folder().path().resolve(PID + ".sock"));
            assertAnswers(client);
        }
    }

    @Test
    void aFolderThatOthersCanEnterIsNotTrusted() throws IOException {
        Files.createDirectory(folder().path());
        Files.setPosixFilePermissions(
                folder().path(), PosixFilePermissions.fromString("rwxrwxrwx"));
        assertThatThrownBy(() -> folder().open())
                .isInstanceOfSatisfying(
                        BpfException.class, e -> assertThat(e.errno()).isEqualTo(Errno.EACCES))
                .hasMessageContaining("mode 0700");
        assertThatThrownBy(() -> folder().only()).hasMessageContaining("EACCES");
    }

    @Test
    void aLinkInPlaceOfTheFolderIsNotTrusted() throws IOException {
        var elsewhere = Files.createDirectory(parent.resolve("elsewhere"));
        Files.setPosixFilePermissions(elsewhere, PosixFilePermissions.fromString("rwx------"));
        Files.createSymbolicLink(folder().path(), elsewhere);
        assertThatThrownBy(() -> folder().open()).hasMessageContaining("EACCES");
    }
}
