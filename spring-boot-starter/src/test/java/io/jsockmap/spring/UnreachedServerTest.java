package io.jsockmap.spring;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.boot.tomcat.reactive.TomcatReactiveWebServerFactory;
import org.springframework.boot.web.server.reactive.ReactiveWebServerFactory;
import org.springframework.boot.web.server.reactive.context.AnnotationConfigReactiveWebServerApplicationContext;
import org.springframework.http.server.reactive.HttpHandler;

import reactor.core.publisher.Mono;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/** What is said of a server that opens its channels by the JVM's provider. */
class UnreachedServerTest {
    private static final String PROVIDER = "io.jsockmap.provider.SockmapSelectorProvider";

    @TempDir private Path folder;
    private final Logger logger = Logger.getLogger("io.jsockmap.spring");
    private final Lines lines = new Lines();

    private static final class Lines extends Handler {
        private final List<String> said = new CopyOnWriteArrayList<>();

        @Override
        public void publish(LogRecord logged) {
            said.add(new SimpleFormatter().formatMessage(logged));
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }

    @BeforeEach
    void listen() {
        logger.addHandler(lines);
    }

    @AfterEach
    void stop() {
        logger.removeHandler(lines);
    }

    private ReactiveWebApplicationContextRunner on(ReactiveWebServerFactory server) {
        return new ReactiveWebApplicationContextRunner(
                        AnnotationConfigReactiveWebServerApplicationContext::new)
                .withConfiguration(
                        AutoConfigurations.of(
                                SockmapAutoConfiguration.class,
                                SockmapNettyAutoConfiguration.class,
                                SockmapServerNoticeAutoConfiguration.class))
                .withBean(ReactiveWebServerFactory.class, () -> server)
                .withBean(HttpHandler.class, () -> (_, _) -> Mono.empty())
                .withPropertyValues("jsockmap.policy=" + Policies.write(folder, Policies.JUDGING));
    }

    @Test
    @DisplayName("of Tomcat: one line says that the policy does not judge what it accepts")
    void tomcat() {
        on(new TomcatReactiveWebServerFactory(0))
                .run(context -> assertThat(context).hasNotFailed());

        assertThat(lines.said)
                .singleElement()
                .asString()
                .contains("does not judge what TomcatWebServer accepts", "-javaagent");
    }

    @Test
    @DisplayName("of Netty: nothing, as it is reached")
    void netty() {
        on(new NettyReactiveWebServerFactory(0)).run(context -> assertThat(context).hasNotFailed());

        assertThat(lines.said).isEmpty();
    }

    @Test
    @DisplayName("of Tomcat where the agent is: nothing, as it is reached by that")
    void agent() {
        var tomcat = new TomcatReactiveWebServerFactory(0).getWebServer((_, _) -> Mono.empty());

        assertThat(UnreachedServerNotice.isReached(tomcat, PROVIDER)).isTrue();
        assertThat(UnreachedServerNotice.isReached(tomcat, "sun.nio.ch.EPollSelectorProvider"))
                .isFalse();
        tomcat.destroy();
    }
}
