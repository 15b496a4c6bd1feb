package io.jsockmap.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Programs that know nothing of us talk through the proxy: curl to nginx. */
class NginxAndCurlTest {
    private static final Path CURL = Path.of("/usr/bin/curl");
    private static final int DOWNLOAD = 100_000_000;
    private static final int UPLOAD = 10_000_000;

    @TempDir private Path folder;

    @BeforeAll
    static void bothAreInstalled() {
        for (var program : List.of(Nginx.PROGRAM, CURL)) {
            assumeTrue(Files.isExecutable(program), () -> program + " is not installed: skipped");
        }
    }

    @BeforeEach
    void fillTheSite() throws Exception {
        Files.createDirectories(folder.resolve("site"));
        Files.writeString(folder.resolve("site/index.html"), "the site\n");
    }

    @Test
    void requestsOfOneConnectionAreSpliced() throws Exception {
        try (var nginx = Nginx.start(folder);
                var proxy = ProxySetup.splice(nginx.site()).start()) {
            var url = url(proxy, "/");

            assertThat(curl("-w", "%{http_code} %{num_connects}\n", url, url, url, url))
                    .isEqualTo("the site\n200 1\n" + "the site\n200 0\n".repeat(3));
            assertOrderly(proxy);
        }
    }

    @Test
    void aDownloadIsSplicedWhole() throws Exception {
        Files.write(folder.resolve("site/large"), RandomBytes.of(1, DOWNLOAD));
        try (var nginx = Nginx.start(folder);
                var proxy = ProxySetup.splice(nginx.site()).start()) {
            assertDownloaded(proxy);
            var upstream = assertOrderly(proxy).accounts().get("upstream");
            assertThat(upstream.receive().redirected()).isGreaterThan(DOWNLOAD);
        }
    }

    @Test
    void anUploadIsSplicedWhole() throws Exception {
        var file = Files.write(folder.resolve("upload"), RandomBytes.of(2, UPLOAD));
        try (var nginx = Nginx.start(folder);
                var proxy = ProxySetup.splice(nginx.site()).start()) {
            assertThat(curl("-T", file.toString(), "-w", "%{http_code}", url(proxy, "/stored")))
                    .isEqualTo("201");
            assertThat(Files.mismatch(folder.resolve("site/stored"), file)).isNegative();
            assertOrderly(proxy);
        }
    }

    @Test
    void eachRequestOfOneConnectionIsJudgedByThePolicy() throws Exception {
        try (var nginx = Nginx.start(folder);
                var proxy = httpPolicy(nginx)) {
            var answers =
                    curl(
                            "-w",
                            "%{http_code} %{num_connects}\n",
                            url(proxy, "/"),
                            url(proxy, "/admin"),
                            url(proxy, "/nothing"),
                            url(proxy, "/admin/users"),
                            url(proxy, "/"));

            assertThat(answers.replaceAll("(?s)<html>.*?</html>\\s*", ""))
                    .isEqualTo(
                            "the site\n200 1\nthe guard\n403 0\n404 0\nthe guard\n403 0\nthe"
                                    + " site\n200 0\n");
            assertOrderly(proxy);
        }
    }

    @Test
    void aDownloadPassesThePolicyWhole() throws Exception {
        Files.write(folder.resolve("site/large"), RandomBytes.of(3, DOWNLOAD));
        try (var nginx = Nginx.start(folder);
                var proxy = httpPolicy(nginx)) {
            assertDownloaded(proxy);
            assertOrderly(proxy);
        }
    }

    private static RunningProxy httpPolicy(Nginx nginx) throws Exception {
        return ProxySetup.chooser("http-policy", "judge")
                .to(nginx.site())
                .to(nginx.guard())
                .start();
    }

    private void assertDownloaded(RunningProxy proxy) throws Exception {
        var copy = folder.resolve("copy");
        assertThat(curl("-o", copy.toString(), "-w", "%{http_code}", url(proxy, "/large")))
                .isEqualTo("200");
        assertThat(Files.mismatch(copy, folder.resolve("site/large"))).isNegative();
    }

    private static ConnectionReport assertOrderly(RunningProxy proxy) throws Exception {
        var report = proxy.report();
        assertThat(report.problem()).isEmpty();
        RunningProxy.assertBalanced(report);
        proxy.assertNothingIsLeft();
        return report;
    }

    private static String url(RunningProxy proxy, String path) {
        InetSocketAddress address = proxy.address();
        return "http://%s:%d%s"
                .formatted(address.getAddress().getHostAddress(), address.getPort(), path);
    }

    private String curl(String... arguments) throws Exception {
        List<String> command = new ArrayList<>();
        Collections.addAll(command, CURL.toString(), "--silent", "--show-error");
        Collections.addAll(command, "--noproxy", "*", "--max-time", "" + Loopback.HANG_SECONDS);
        Collections.addAll(command, arguments);
        var output = folder.resolve("curl.out");
        var errors = folder.resolve("curl.err");
        var process =
                new ProcessBuilder(command)
                        .redirectOutput(output.toFile())
                        .redirectError(errors.toFile())
                        .start();
        assertThat(process.waitFor(2L * Loopback.HANG_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(Files.readString(errors)).isEmpty();
        return Files.readString(output, StandardCharsets.UTF_8);
    }
}
