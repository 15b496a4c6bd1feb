package io.jsockmap.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What packaging/ has does what it says, as far as no cluster and no system's manager is needed.
 */
@DisplayName("packaging/")
class PackagingTest {
    private static final int SIGTERM_EXIT = 128 + 15;
    private static final Path FOLDER = Outcome.ROOT.resolve("packaging");

    @TempDir private Path folder;

    private static Stream<PackagedCommand> commands() throws IOException {
        return PackagedCommand.all();
    }

    private static Stream<Manifest> manifests() throws IOException {
        return Manifest.all().stream();
    }

    @Test
    void thereAreASidecarADaemonSetAndAUnit() throws IOException {
        assertThat(commands().map(PackagedCommand::file))
                .containsExactly(
                        "packaging/kubernetes/daemonset.yaml",
                        "packaging/kubernetes/sidecar.yaml",
                        "packaging/systemd/jsockmap.service");
    }

    @ParameterizedTest
    @MethodSource("commands")
    void theCommandLineUnderstandsEachCommand(PackagedCommand command) {
        assertThat(command.parsed().commandSpec().name()).isEqualTo("run");
    }

    /** Only ports, paths and names are others. */
    @ParameterizedTest
    @MethodSource("commands")
    void eachCommandServesSaysThatItIsWellAndEndsBySigterm(PackagedCommand command)
            throws Exception {
        try (var served = ChildCommand.start(folder, command.placed(folder))) {
            assertThat(served.port()).isPositive();
            var shown = served.linesTo("showing it at ").getLast();
            var page = URI.create(shown.substring("showing it at ".length()));
            try (var answer = page.resolve("/healthz").toURL().openStream()) {
                assertThat(answer).hasContent("ok\n");
            }
            served.terminate();
            served.linesTo("every byte accounted for");
            assertThat(served.exitCode()).isEqualTo(SIGTERM_EXIT);
        }
    }

    @ParameterizedTest
    @MethodSource("manifests")
    void portsOfAPodAreThoseOfItsCommand(Manifest manifest) {
        var container = manifest.container();
        var command = new PackagedCommand(manifest.file(), container.arguments());
        assertThat(command.address("--listen").orElseThrow().getPort())
                .isEqualTo(container.port("proxied"));
        assertThat(command.address("--http").orElseThrow().getPort())
                .isEqualTo(container.port("http"));
    }

    @ParameterizedTest
    @MethodSource("manifests")
    void probesAskForHealth(Manifest manifest) {
        var fields = manifest.container().fields();
        for (var probe : List.of("startupProbe", "readinessProbe", "livenessProbe")) {
            assertThat(Manifest.at(fields, probe, "httpGet"))
                    .as(probe)
                    .isEqualTo(Map.of("path", "/healthz", "port", "http"));
        }
    }

    /** As the Pod Security Standard "restricted" demands it. */
    @ParameterizedTest
    @MethodSource("manifests")
    void podsMayDoNothingThatTheyNeedNot(Manifest manifest) {
        assertThat(Manifest.at(manifest.pod(), "securityContext", "runAsNonRoot")).isEqualTo(true);
        assertThat(Manifest.at(manifest.pod(), "securityContext", "seccompProfile", "type"))
                .isEqualTo("RuntimeDefault");
        for (var container : manifest.containers()) {
            var context = (Map<?, ?>) container.fields().get("securityContext");
            assertThat(context.get("allowPrivilegeEscalation")).isEqualTo(false);
            assertThat(Manifest.at(context, "capabilities", "drop")).isEqualTo(List.of("ALL"));
        }
    }

    @ParameterizedTest
    @MethodSource("manifests")
    void theObjectIsTheExampleThatItIsSaidToBe(Manifest manifest) throws IOException {
        var data = (Map<?, ?>) manifest.document("ConfigMap").get("binaryData");
        var object = Base64.getMimeDecoder().decode((String) data.get("policy.bpf.o"));
        assertThat(object).isEqualTo(Files.readAllBytes(Path.of(Outcome.example("splice"))));
    }

    /** The launcher in the repository and the file for images and units say the same to java. */
    @Test
    void javaIsToldAllThatTheLauncherTellsIt() throws IOException {
        var options = words("jvm.options");
        var launcher = Files.readString(Outcome.ROOT.resolve("jsockmap"));
        int begin = launcher.indexOf("launch() {");
        var launch = launcher.substring(begin, launcher.indexOf("\n}", begin));
        var told =
                Pattern.compile("(?<!\\S)--?[A-Za-z][^\\s\\\\]+")
                        .matcher(launch)
                        .results()
                        .map(option -> option.group())
                        .filter(option -> !option.startsWith("-Djsockmap.home="))
                        .toList();
        assertThat(told).hasSizeGreaterThan(4);
        assertThat(options).containsAll(told);
        assertThat(launcher).contains("main=" + options.getLast());
        assertThat(options).endsWith("-m", "io.jsockmap.cli/" + Main.class.getName());
    }

    private static List<String> words(String file) throws IOException {
        return Files.readAllLines(FOLDER.resolve(file)).stream()
                .filter(line -> !line.startsWith("#") && !line.isEmpty())
                .flatMap(line -> Arrays.stream(line.split(" ")))
                .toList();
    }

    @Test
    void theImageHasWhatItsOptionsName() throws IOException {
        var recipe = Files.readAllLines(FOLDER.resolve("Containerfile"));
        assertThat(recipe)
                .contains(
                        "COPY --from=build /src/cli/target/jsockmap/lib /opt/jsockmap/lib",
                        "COPY packaging/jvm.options /opt/jsockmap/jvm.options",
                        "ENTRYPOINT [\"java\", \"@/opt/jsockmap/jvm.options\"]");
        assertThat(words("jvm.options")).containsSequence("-p", "/opt/jsockmap/lib");
        assertThat(Files.readString(Outcome.ROOT.resolve("cli/pom.xml")))
                .contains("<outputDirectory>${project.build.directory}/jsockmap/lib<");
    }

    @Test
    void theImageRunsAsTheUserThatPodsRunAs() throws IOException {
        var recipe = Files.readAllLines(FOLDER.resolve("Containerfile"));
        for (var manifest : Manifest.all()) {
            var context = (Map<?, ?>) manifest.pod().get("securityContext");
            assertThat(recipe)
                    .contains(
                            "USER %s:%s"
                                    .formatted(
                                            context.get("runAsUser"), context.get("runAsGroup")));
        }
    }

    @Test
    void theUnitStartsJavaByTheOptionsOfTheImage() throws IOException {
        assertThat(ServiceUnit.read().start())
                .startsWith("/opt/jsockmap/jre/bin/java", "@/opt/jsockmap/jvm.options", "run");
    }

    @Test
    void systemdFindsNothingToSayAboutTheUnit() throws Exception {
        var analyzer = onPath("systemd-analyze");
        assumeTrue(analyzer.isPresent(), "there is no systemd-analyze here: skipped");
        var unit = Files.readString(Outcome.ROOT.resolve(ServiceUnit.FILE));
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        var copy = folder.resolve("jsockmap.service");
        Files.writeString(copy, unit.replace("/opt/jsockmap/jre/bin/java", java));
        var verify =
                new ProcessBuilder(analyzer.get().toString(), "verify", copy.toString())
                        .redirectErrorStream(true)
                        .start();
        var said = new String(verify.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        // Of units of the machine it speaks too.
        assertThat(said.lines().filter(line -> line.contains("jsockmap"))).isEmpty();
    }

    private static Optional<Path> onPath(String command) {
        return Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
                .map(entry -> Path.of(entry, command))
                .filter(Files::isExecutable)
                .findFirst();
    }
}
