package io.jsockmap.agent;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;

/** A program that knows nothing of policies, in a JVM of its own with the agent. */
class AgentTest {
    private static final Path REWRITE =
            Path.of(System.getProperty("jsockmap.root", ".."))
                    .resolve("sockmap/src/test/resources/programs/rewrite.bpf.o")
                    .toAbsolutePath();

    @TempDir private Path folder;
    private Path agent;
    private Path policy;

    private record Outcome(int status, List<String> printed, List<String> said) {}

    /**
     * What is received by accepted sockets gets capitals, in the first 16 bytes that come at once.
     */
    @BeforeEach
    void prepare() throws IOException {
        agent = agentJar(folder.resolve("agent.jar"));
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

    /** A jar as the build makes it, but that it refers to the classes instead of having them. */
    private static Path agentJar(Path jar) throws IOException {
        var manifest = new Manifest();
        var attributes = manifest.getMainAttributes();
        attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        attributes.put(new Attributes.Name("Premain-Class"), Agent.class.getName());
        attributes.put(
                Attributes.Name.CLASS_PATH,
                Arrays.stream(classPath().split(File.pathSeparator))
                        .filter(entry -> !entry.isEmpty())
                        .map(entry -> Path.of(entry).toUri().toString())
                        .collect(Collectors.joining(" ")));
        new JarOutputStream(Files.newOutputStream(jar), manifest).close();
        return jar;
    }

    /** Tests may run with modules, and then most of it is not on the class path. */
    private static String classPath() {
        return System.getProperty("java.class.path")
                + File.pathSeparator
                + System.getProperty("jdk.module.path", "");
    }

    private Outcome run(String agentArguments, String program) throws Exception {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
        command.add("-javaagent:%s=%s".formatted(agent, agentArguments));
        command.addAll(List.of("-cp", testClasses(), Program.class.getName(), program));
        var out = folder.resolve("out");
        var error = folder.resolve("error");
        var process =
                new ProcessBuilder(command)
                        .redirectOutput(out.toFile())
                        .redirectError(error.toFile())
                        .start();
        int status = process.waitFor();
        return new Outcome(status, Files.readAllLines(out), Files.readAllLines(error));
    }

    private static String testClasses() throws Exception {
        var place = Program.class.getProtectionDomain().getCodeSource().getLocation();
        return Path.of(place.toURI()).toString();
    }

    @Test
    void socketsAndServerSocketsComeUnderThePolicy() throws Exception {
        var outcome = run(policy.toString(), "sockets");

        assertThat(outcome.printed).as("%s", outcome).containsExactly("received HELLO");
        assertThat(outcome.status).isZero();
    }

    @Test
    @DisplayName("so do channels and selectors: the JDK's HTTP server and client")
    void http() throws Exception {
        var outcome = run(policy.toString(), "http");

        assertThat(outcome.printed).as("%s", outcome).containsExactly("200 /ONE", "200 /TWO");
    }

    @Test
    void itSaysWhatJudgesAndWhatItDoesNotReach() throws Exception {
        var outcome = run(policy.toString(), "sockets");

        assertThat(outcome.said)
                .anyMatch(line -> line.startsWith("jsockmap-agent: policy shout, version 1"))
                .anyMatch(line -> line.contains("not reached: AsynchronousSocketChannel"));
    }

    @Test
    void itSaysWhenSuchSocketsAreUsed() throws Exception {
        var outcome = run(policy.toString(), "asynchronous");

        assertThat(outcome.said)
                .contains(
                        "jsockmap-agent: AsynchronousSocketChannel is in use: its sockets are not"
                                + " under the policy");
    }

    @Test
    void withoutItsPolicyTheProgramDoesNotStart() throws Exception {
        Files.writeString(policy, "object: none.bpf.o\ncolour: red\n");

        var outcome = run(policy.toString(), "sockets");

        assertThat(outcome.status).isEqualTo(1);
        assertThat(outcome.printed).isEmpty();
        assertThat(outcome.said).hasSize(1);
        assertThat(outcome.said.getFirst())
                .startsWith("jsockmap-agent: ")
                .contains("policy.yaml:2: a policy has no colour");
    }

    @Test
    void whatStandsBehindTheJarMustBeAPolicy() throws Exception {
        var outcome = run("", "sockets");

        assertThat(outcome.status).isEqualTo(1);
        assertThat(outcome.said)
                .containsExactly(
                        "jsockmap-agent: EINVAL: expected -javaagent:jsockmap-agent.jar=POLICY.yaml"
                                + " or POLICY.yaml,watch");
    }
}
