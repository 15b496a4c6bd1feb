package io.jsockmap.docs;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The project examples/services: compiled with the classes of this build, each in a JVM. */
@DisplayName("the services of examples/services")
class ServicesTest {
    private static final int HANG_MILLISECONDS = 60_000;
    private static final Path EXAMPLES =
            Path.of(System.getProperty("jsockmap.root", "..")).resolve("examples").toAbsolutePath();
    private static final String REQUESTS =
            """
            POST /orders HTTP/1.1
            Host: a
            Content-Length: 11

            DELETE /allGET /before HTTP/1.1
            Host: a

            DELETE /orders/7 HTTP/1.1
            Host: a

            GET /admin HTTP/1.1
            Host: a

            GET /behind HTTP/1.1
            Host: a
            Connection: close

            """
                    .replace("\n", "\r\n");

    @TempDir private static Path classes;

    @BeforeAll
    static void compile() throws IOException {
        try (var sources = Files.walk(EXAMPLES.resolve("services/src/main/java"))) {
            var files = sources.filter(file -> file.toString().endsWith(".java")).toList();
            assertThat(Javac.compile(classes, files, "-Xlint:all,-path,-classfile")).isEmpty();
        }
    }

    /** In a JVM of its own. */
    private static Process start(List<String> options, String service, String... arguments)
            throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-XX:TieredStopAtLevel=1", "--enable-native-access=ALL-UNNAMED"));
        command.addAll(options);
        command.addAll(List.of("-cp", classes + ":" + Javac.classPath(), "example." + service));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    }

    /** The example's policy, for whatever port a server gets. */
    private static String policy(Path folder, String example, String port) throws IOException {
        var file = EXAMPLES.resolve(example).resolve("policy.yaml");
        var object = "object: " + EXAMPLES.resolve(example) + "/";
        var text = Files.readString(file).replace("object: ", object).replace("8080", port);
        return Files.writeString(folder.resolve("policy.yaml"), text).toString();
    }

    private static List<String> answers(BufferedReader service) throws IOException {
        var said = service.readLine();
        assertThat(said).startsWith("serving at /127.0.0.1:");
        int port = Integer.parseInt(said.substring(said.lastIndexOf(':') + 1));
        try (var client = new Socket("127.0.0.1", port)) {
            client.setSoTimeout(HANG_MILLISECONDS);
            client.getOutputStream().write(REQUESTS.getBytes(UTF_8));
            var answers = new String(client.getInputStream().readAllBytes(), UTF_8);
            return answers.lines().filter(line -> line.matches("[A-Z]+ /.*")).toList();
        }
    }

    private static void assertJudges(Process service) throws IOException {
        try (var said = service.inputReader(UTF_8)) {
            assertThat(answers(said)).containsExactly("POST /orders", "GET /before", "GET /behind");
        } finally {
            service.destroyForcibly();
        }
    }

    @Test
    @DisplayName("NettyServer answers what the policy passes")
    void netty(@TempDir Path folder) throws IOException {
        assertJudges(start(List.of(), "NettyServer", policy(folder, "http-policy", "all"), "0"));
    }

    @Test
    @DisplayName("NioServer answers what the policy passes")
    void nio(@TempDir Path folder) throws IOException {
        var options =
                List.of(
                        "-Djava.nio.channels.spi.SelectorProvider="
                                + "io.jsockmap.provider.SockmapSelectorProvider",
                        "--add-exports",
                        "java.base/sun.nio.ch=ALL-UNNAMED");
        assertJudges(start(options, "NioServer", policy(folder, "http-policy", "all"), "0"));
    }

    @Test
    @DisplayName("SharedPorts sends to what etcd has at the moment")
    void shared(@TempDir Path folder) throws Exception {
        var policy = policy(folder, "port-policy", "all");
        try (var etcd = OneEtcd.start(folder);
                var peer = new ServerSocket(0, 0, InetAddress.getLoopbackAddress())) {
            Thread.startVirtualThread(() -> takeAll(peer));
            var service = start(List.of(), "SharedPorts", policy, etcd.address());
            try (var said = service.inputReader(UTF_8);
                    var asked = service.outputWriter(UTF_8)) {
                assertThat(said.readLine()).containsAnyOf("the list is here", "no list yet");
                int port = peer.getLocalPort();
                assertThat(askUntil(1, asked, said, port))
                        .contains("not sent to " + port, "EACCES");
                long revision = etcd.put("/jsockmap/ports/" + port, "1");
                assertThat(askUntil(revision, asked, said, port)).contains(": sent to " + port);
            } finally {
                service.destroyForcibly();
            }
        }
    }

    private static void takeAll(ServerSocket peer) {
        try {
            while (true) peer.accept().close();
        } catch (IOException _) {
            // The test is over.
        }
    }

    /** Asks it to send until it has followed the store to that revision. */
    private static String askUntil(long revision, Writer asked, BufferedReader said, int port)
            throws IOException {
        while (true) {
            asked.write(port + "\n");
            asked.flush();
            var answer = said.readLine();
            var applied = Long.parseLong(answer.replaceAll("revision (\\d+): .*", "$1"));
            if (applied >= revision) return answer;
        }
    }
}
