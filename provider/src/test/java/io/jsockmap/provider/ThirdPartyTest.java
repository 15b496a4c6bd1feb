package io.jsockmap.provider;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.util.List;

/**
 * Servers and clients that know nothing of the engine, chosen by the command line: their traffic
 * stays whole, and programs see all of it.
 */
@Timeout(180)
class ThirdPartyTest {
    private static final String CHOSEN =
            "-Djava.nio.channels.spi.SelectorProvider=io.jsockmap.provider.SockmapSelectorProvider";
    private static final List<String> OPTIONS =
            List.of(CHOSEN, "--add-exports", "java.base/sun.nio.ch=ALL-UNNAMED");

    @Test
    void theJdksHttpServerAndClient() throws Exception {
        assertRuns(JdkHttp.class);
    }

    @Test
    void jetty() throws Exception {
        assertRuns(JettyHttp.class);
    }

    @Test
    void tomcat() throws Exception {
        assertRuns(TomcatHttp.class);
    }

    private static void assertRuns(Class<?> program) throws Exception {
        var run = Forked.run(program, OPTIONS);
        assertThat(run.output()).contains("provider SockmapSelectorProvider over sun.nio.ch.");
        assertThat(run.status()).as(run.output()).isZero();
    }

    @Test
    void theJdksBlockingSockets() throws Exception {
        var run = Forked.run(BlockingTraffic.class, List.of());
        assertThat(run.output()).contains("all well");
        assertThat(run.status()).as(run.output()).isZero();
    }

    @Test
    void postgresClient() throws Exception {
        try (var server = Postgres.start()) {
            var run = Forked.run(PostgresClient.class, List.of("-Dpostgres.port=" + server.port()));
            assertThat(run.output()).contains("all well");
            assertThat(run.status()).as(run.output()).isZero();
        }
    }

    @Test
    void aJvmThatHidesThePlatformsProviderIsToldWhatToAdd() throws Exception {
        var run = Forked.run(JdkHttp.class, List.of(CHOSEN));
        assertThat(run.status()).isNotZero();
        assertThat(run.output()).contains("add --add-exports java.base/sun.nio.ch=ALL-UNNAMED");
    }
}
