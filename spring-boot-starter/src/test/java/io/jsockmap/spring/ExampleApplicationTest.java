package io.jsockmap.spring;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.US_ASCII;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.io.DefaultResourceLoader;

import java.io.IOException;
import java.net.Socket;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.List;
import java.util.spi.ToolProvider;

/** The application of examples/spring-boot, with the properties that it has. */
class ExampleApplicationTest {
    private static final Path MAIN =
            Path.of(System.getProperty("jsockmap.root", ".."))
                    .resolve("examples/spring-boot/src/main");
    private static final int HANG_MILLISECONDS = 60_000;
    private static final String REQUESTS =
            """
            GET /before HTTP/1.1
            Host: a

            DELETE /orders/7 HTTP/1.1
            Host: a

            GET /actuator/health HTTP/1.1
            Host: a
            Connection: close

            """
                    .replace("\n", "\r\n");

    @TempDir private Path folder;

    private void compile() {
        int failures =
                ToolProvider.findFirst("javac")
                        .orElseThrow()
                        .run(
                                System.out,
                                System.err,
                                "-parameters",
                                "-proc:none",
                                "-d",
                                folder.toString(),
                                "-cp",
                                System.getProperty("java.class.path"),
                                MAIN.resolve("java/example/Application.java").toString());
        assertThat(failures).isZero();
    }

    private ConfigurableApplicationContext start(ClassLoader loader) throws ClassNotFoundException {
        return new SpringApplicationBuilder(loader.loadClass("example.Application"))
                .resourceLoader(new DefaultResourceLoader(loader))
                .web(WebApplicationType.REACTIVE)
                .run(
                        "--spring.config.location="
                                + MAIN.resolve("resources/application.properties"),
                        "--spring.autoconfigure.exclude=" + WebFluxServerTest.TOMCATS,
                        "--jsockmap.policy=" + Policies.write(folder, Policies.JUDGING),
                        "--server.address=127.0.0.1",
                        "--server.port=0");
    }

    private static List<String> answers(int port) throws IOException {
        try (var client = new Socket("127.0.0.1", port)) {
            client.setSoTimeout(HANG_MILLISECONDS);
            client.getOutputStream().write(REQUESTS.getBytes(US_ASCII));
            return new String(client.getInputStream().readAllBytes(), US_ASCII).lines().toList();
        }
    }

    @Test
    @DisplayName("answers what the policy passes, and shows the policy")
    void answersWhatThePolicyPasses() throws Exception {
        compile();
        URL[] classes = {folder.toUri().toURL()};
        try (var loader = new URLClassLoader(classes, getClass().getClassLoader());
                var application = start(loader)) {
            var server = ((WebServerApplicationContext) application).getWebServer();

            assertThat(answers(server.getPort()))
                    .contains("GET /before")
                    .doesNotContain("DELETE /orders/7")
                    .anyMatch(line -> line.contains("\"sockmap\""));
        }
    }
}
