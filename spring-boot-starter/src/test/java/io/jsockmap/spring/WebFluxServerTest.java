package io.jsockmap.spring;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.jsockmap.policy.LivePolicy;
import io.jsockmap.policy.PolicyFile;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.reactor.netty.NettyServerCustomizer;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.reactive.function.server.RequestPredicates;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerResponse;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/** A WebFlux application on Netty that knows of no policy, and its properties that name one. */
class WebFluxServerTest {
    private static final int HANG_MILLISECONDS = 10_000;

    @TempDir private static Path folder;
    private static ConfigurableApplicationContext application;

    /** What is not for an application on Netty: other tests have Tomcat. */
    static final String TOMCATS =
            "org.springframework.boot.tomcat.autoconfigure.reactive"
                    + ".TomcatReactiveWebServerAutoConfiguration,"
                    + "org.springframework.boot.tomcat.autoconfigure.actuate.web.server"
                    + ".TomcatReactiveManagementContextAutoConfiguration";

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Site {
        @Bean
        NettyServerCustomizer first() {
            return server ->
                    server.doOnChannelInit(
                            (_, channel, _) -> channel.pipeline().addFirst(new Neighbour()));
        }

        @Bean
        RouterFunction<ServerResponse> answers() {
            return RouterFunctions.route(
                    RequestPredicates.path("/site/**"),
                    request ->
                            ServerResponse.ok()
                                    .bodyValue(request.method() + " " + request.path() + "\n"));
        }
    }

    /** A handler that the application puts first. */
    private static final class Neighbour extends ChannelInboundHandlerAdapter {
        private static final AtomicReference<String> FIRST = new AtomicReference<>();

        @Override
        public void channelActive(ChannelHandlerContext context) {
            FIRST.set(context.pipeline().first().getClass().getSimpleName());
            context.fireChannelActive();
        }
    }

    @BeforeAll
    static void start() {
        application =
                new SpringApplicationBuilder(Site.class)
                        .web(WebApplicationType.REACTIVE)
                        .properties(
                                "server.port=0",
                                "server.address=127.0.0.1",
                                "spring.autoconfigure.exclude=" + TOMCATS,
                                "spring.main.banner-mode=off",
                                "management.server.port=0",
                                "management.server.address=127.0.0.1",
                                "management.endpoints.web.exposure.include=*",
                                "management.endpoint.health.show-details=always",
                                "jsockmap.policy=" + Policies.write(folder, Policies.JUDGING))
                        .run();
    }

    @AfterAll
    static void stop() {
        application.close();
    }

    private static int port() {
        return ((WebServerApplicationContext) application).getWebServer().getPort();
    }

    private static LivePolicy policy() {
        return application.getBean(LivePolicy.class);
    }

    /**
     * What a server says that answers a number of requests on one connection, and then closes it.
     */
    private static List<String> answers(String... requests) throws IOException {
        try (var client = new Socket("127.0.0.1", port())) {
            client.setSoTimeout(HANG_MILLISECONDS);
            var all = new StringBuilder();
            for (var request : requests) all.append(request).append(" HTTP/1.1\r\nHost: a\r\n\r\n");
            all.append("GET /site/last HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
            client.getOutputStream().write(all.toString().getBytes(US_ASCII));
            var answer = new String(client.getInputStream().readAllBytes(), US_ASCII);
            return answer.lines().filter(line -> line.matches("[A-Z]+ /.*")).toList();
        }
    }

    private static HttpResponse<String> manage(String method, String path)
            throws IOException, InterruptedException {
        var port = application.getEnvironment().getRequiredProperty("local.management.port");
        var uri = URI.create("http://127.0.0.1:%s/actuator/%s".formatted(port, path));
        try (var client = HttpClient.newHttpClient()) {
            return client.send(
                    HttpRequest.newBuilder(uri)
                            .timeout(Duration.ofMillis(HANG_MILLISECONDS))
                            .method(method, HttpRequest.BodyPublishers.noBody())
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        }
    }

    @Test
    @DisplayName("answers what the policy passes, and not what it drops; the connection lives on")
    void judged() throws IOException {
        assertThat(answers("GET /site/", "DELETE /site/orders/7"))
                .containsExactly("GET /site/", "GET /site/last");
    }

    @Test
    @DisplayName("has the policy before all its handlers, so that it sees the bytes of the wire")
    void first() throws IOException {
        answers();

        assertThat(Neighbour.FIRST).hasValue("SockmapHandler");
    }

    @Test
    @DisplayName("has what the policy does counted")
    void counted() throws IOException {
        double before = dropped();

        answers("DELETE /site/orders/7");

        assertThat(dropped() - before).isEqualTo(1);
    }

    private static double dropped() {
        return application
                .getBean(MeterRegistry.class)
                .find("jsockmap.messages")
                .tags("policy", "gateway", "verdict", "drop")
                .counters()
                .stream()
                .mapToDouble(Counter::count)
                .sum();
    }

    @Test
    @DisplayName("goes back to the version before by the endpoint")
    void rolledBack() throws Exception {
        policy().replace(PolicyFile.read(Policies.write(folder, Policies.PERMISSIVE)));
        assertThat(answers("DELETE /site/orders/7")).contains("DELETE /site/orders/7");

        var response = manage("POST", "sockmappolicy/rollback");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).contains("\"policy\":\"gateway\"", "\"number\":");
        assertThat(answers("DELETE /site/orders/7")).containsExactly("GET /site/last");
    }

    @Test
    @DisplayName("refuses to go back where there is no version before, and any other change")
    void refusals() throws Exception {
        var response = manage("POST", "sockmappolicy/rollback");
        assertThat(response.statusCode()).isEqualTo(409);
        assertThat(response.body()).contains("there is no version before");

        assertThat(manage("POST", "sockmappolicy/other").statusCode()).isEqualTo(400);
    }

    @Test
    @DisplayName("shows the policy among its health")
    void health() throws Exception {
        var response = manage("GET", "health");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body())
                .contains("\"sockmap\":{", "\"policy\":\"gateway\"", "\"since\":");
    }

    @Test
    @DisplayName("is managed at a port of its own, where nothing is judged")
    void management() throws Exception {
        assertThat(manage("DELETE", "health").statusCode()).isEqualTo(405);
    }
}
