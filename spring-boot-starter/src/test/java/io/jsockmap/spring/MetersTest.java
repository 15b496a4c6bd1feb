package io.jsockmap.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.micrometer.PolicyMeters;
import io.jsockmap.policy.LivePolicy;
import io.jsockmap.policy.PolicyFile;
import io.jsockmap.sockmap.socket.SockListener;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.simple.SimpleMetricsExportAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import java.nio.file.Path;

/** When the application's registry counts what the policy does. */
class MetersTest {
    @TempDir private Path folder;
    private ApplicationContextRunner application;

    @BeforeEach
    void begin() {
        application =
                new ApplicationContextRunner()
                        .withConfiguration(
                                AutoConfigurations.of(
                                        SockmapAutoConfiguration.class,
                                        SockmapMetersAutoConfiguration.class))
                        .withPropertyValues(
                                "jsockmap.policy=" + Policies.write(folder, Policies.JUDGING));
    }

    private static double value(MeterRegistry registry, String meter) {
        return registry.get(meter).tag("policy", "gateway").gauge().value();
    }

    @Test
    @DisplayName("a registry of the application's has the policy's meters")
    void registry() {
        application
                .withBean(SimpleMeterRegistry.class)
                .run(
                        context -> {
                            assertThat(context).hasSingleBean(PolicyMeters.class);
                            var registry = context.getBean(MeterRegistry.class);
                            assertThat(value(registry, "jsockmap.version")).isEqualTo(1);
                            assertThat(value(registry, "jsockmap.sockets")).isZero();
                        });
    }

    @Test
    @DisplayName("so has Spring Boot's own registry")
    void configured() {
        application
                .withConfiguration(
                        AutoConfigurations.of(
                                MetricsAutoConfiguration.class,
                                CompositeMeterRegistryAutoConfiguration.class,
                                SimpleMetricsExportAutoConfiguration.class))
                .run(
                        context -> {
                            var registry = context.getBean(MeterRegistry.class);
                            assertThat(value(registry, "jsockmap.version")).isEqualTo(1);
                        });
    }

    @Test
    @DisplayName("without a registry nothing counts")
    void none() {
        application.run(
                context -> {
                    assertThat(context).hasSingleBean(LivePolicy.class);
                    assertThat(context).doesNotHaveBean(PolicyMeters.class);
                });
    }

    @Test
    @DisplayName("a listener of the application's takes the place of the meters")
    void ownListener() {
        application
                .withBean(SimpleMeterRegistry.class)
                .withBean("mine", SockListener.class, () -> SockListener.NONE)
                .run(
                        context -> {
                            assertThat(context).hasNotFailed();
                            assertThat(context).doesNotHaveBean(PolicyMeters.class);
                        });
    }

    @Test
    @DisplayName("a policy that the application opened has the listener that it was given")
    void ownPolicy() {
        var file = PolicyFile.read(Policies.write(folder, Policies.JUDGING));
        application
                .withBean(SimpleMeterRegistry.class)
                .withBean(LivePolicy.class, () -> LivePolicy.open(file, SockListener.NONE))
                .run(
                        context -> {
                            assertThat(context).hasNotFailed();
                            assertThat(context).doesNotHaveBean(PolicyMeters.class);
                        });
    }
}
