package io.jsockmap.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The launcher finds a JDK and builds what is not built, in a checkout of which only names are
 * real.
 */
class LauncherTest {
    private static final int HANG_SECONDS = 30;
    private static final Path SCRIPT =
            Path.of(System.getProperty("jsockmap.root", ".."), "jsockmap").toAbsolutePath();

    @TempDir private Path folder;

    private Path home;
    private Path tools;

    private record Launched(int exit, String output) {}

    @BeforeEach
    void checkOut() throws IOException {
        assumeTrue(Files.isExecutable(Path.of("/bin/sh")), "there is no sh here: skipped");
        // With a blank, as people have it.
        home = Files.createDirectories(folder.resolve("the checkout"));
        tools = Files.createDirectories(folder.resolve("tools"));
        Files.copy(SCRIPT, home.resolve("jsockmap"));
        assertThat(home.resolve("jsockmap").toFile().setExecutable(true)).isTrue();
        write(home.resolve("pom.xml"), "");
        write(home.resolve("cli/pom.xml"), "");
        write(home.resolve("cli/src/main/Main.java"), "");
    }

    private static void write(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().minusSeconds(60)));
    }

    private static void script(Path file, String text) throws IOException {
        write(file, "#!/bin/sh\n" + text + "\n");
        assertThat(file.toFile().setExecutable(true)).isTrue();
    }

    /** A JDK whose java says who it is, and with what it was called. */
    private Path jdk(String name, String version) throws IOException {
        var jdk = folder.resolve(name);
        script(jdk.resolve("bin/java"), "echo \"" + name + ": $*\"");
        write(
                jdk.resolve("release"),
                "IMPLEMENTOR=\"x\"\nJAVA_RUNTIME_VERSION=\"%1$s+9\"\nJAVA_VERSION=\"%1$s\"\n"
                        .formatted(version));
        return jdk;
    }

    private void build() throws IOException {
        var lib = home.resolve("cli/target/jsockmap/lib");
        write(lib.resolve("jsockmap-cli-1.jar"), "");
        write(lib.resolve("picocli-1.jar"), "");
        touch(lib.resolve("picocli-1.jar"));
        // Nobody is to make a cache of classes here.
        write(home.resolve("cli/target/jsockmap/25.0.3+9.aot.tried"), "");
        touch(home.resolve("cli/target/jsockmap/25.0.3+9.aot.tried"));
    }

    private static void touch(Path file) throws IOException {
        Files.setLastModifiedTime(file, FileTime.from(Instant.now()));
    }

    private Launched run(Path command, Path javaHome) throws IOException, InterruptedException {
        var builder = new ProcessBuilder(command.toString(), "--version").redirectErrorStream(true);
        var environment = builder.environment();
        environment.put("PATH", tools + ":/usr/bin:/bin");
        environment.put("HOME", folder.toString());
        environment.remove("JAVA_HOME");
        if (javaHome != null) environment.put("JAVA_HOME", javaHome.toString());
        var process = builder.start();
        process.getOutputStream().close();
        var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(HANG_SECONDS, TimeUnit.SECONDS)).isTrue();
        return new Launched(process.exitValue(), output);
    }

    @Test
    void itTakesTheJdkThatJavaHomeNames() throws Exception {
        build();
        var outcome = run(home.resolve("jsockmap"), jdk("new", "25.0.3"));
        assertThat(outcome.output()).startsWith("new: ").endsWith("cli.Main --version\n");
        assertThat(outcome.exit()).isZero();
    }

    @Test
    void anOldJdkIsPassedOverForTheOneOnThePath() throws Exception {
        build();
        Files.createSymbolicLink(tools.resolve("java"), jdk("path", "26").resolve("bin/java"));
        var outcome = run(home.resolve("jsockmap"), jdk("old", "17.0.9"));
        assertThat(outcome.output()).startsWith("path: ");
    }

    @Test
    void aLinkToItLeadsHome() throws Exception {
        build();
        var links = Files.createDirectories(folder.resolve("some links"));
        Files.createSymbolicLink(links.resolve("far"), home.resolve("jsockmap"));
        Files.createSymbolicLink(links.resolve("near"), Path.of("far"));
        var outcome = run(links.resolve("near"), jdk("new", "25.0.3"));
        assertThat(outcome.output()).contains("-Djsockmap.home=" + home);
    }

    @Test
    void whatIsNotBuiltIsBuilt() throws Exception {
        script(
                tools.resolve("mvn"),
                "mkdir -p cli/target/jsockmap/lib; cd cli/target/jsockmap; touch"
                        + " lib/jsockmap-cli-1.jar lib/picocli-1.jar; touch 25.0.3+9.aot.tried");
        var outcome = run(home.resolve("jsockmap"), jdk("new", "25.0.3"));
        assertThat(outcome.output()).startsWith("jsockmap: building...\nnew: ");
    }

    @Test
    void whatIsNewerThanTheBuildIsBuiltAnew() throws Exception {
        build();
        var jdk = jdk("new", "25.0.3");
        script(tools.resolve("mvn"), "echo built >> \"" + folder + "/builds\"");
        assertThat(run(home.resolve("jsockmap"), jdk).output()).startsWith("new: ");
        var source = home.resolve("cli/src/main/Main.java");
        Files.setLastModifiedTime(source, FileTime.from(Instant.now().plusSeconds(60)));
        assertThat(run(home.resolve("jsockmap"), jdk).output()).startsWith("jsockmap: building");
        assertThat(Files.readAllLines(folder.resolve("builds"))).isEqualTo(List.of("built"));
    }

    @Test
    void aFailedBuildIsShownAndNothingIsStarted() throws Exception {
        script(tools.resolve("mvn"), "echo 'no compiler'; exit 3");
        var outcome = run(home.resolve("jsockmap"), jdk("new", "25.0.3"));
        assertThat(outcome.output()).isEqualTo("jsockmap: building...\nno compiler\n");
        assertThat(outcome.exit()).isEqualTo(1);
    }
}
