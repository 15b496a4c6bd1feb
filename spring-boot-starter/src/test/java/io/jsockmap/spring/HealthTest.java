package io.jsockmap.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.policy.LivePolicy;
import io.jsockmap.policy.PolicyWatcher;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.health.actuate.endpoint.SimpleHttpCodeStatusMapper;
import org.springframework.boot.health.actuate.endpoint.SimpleStatusAggregator;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import java.nio.file.Path;

/** The policy's part of the application's health. */
class HealthTest {
    private static final String INDICATOR = "sockmapHealthIndicator";

    @TempDir private Path folder;
    private ApplicationContextRunner application;

    @BeforeEach
    void begin() {
        application =
                new ApplicationContextRunner()
                        .withConfiguration(
                                AutoConfigurations.of(
                                        SockmapAutoConfiguration.class,
                                        SockmapHealthAutoConfiguration.class))
                        .withPropertyValues(
                                "jsockmap.policy=" + Policies.write(folder, Policies.JUDGING));
    }

    @Test
    @DisplayName("says what is in force, since when, and for how many sockets")
    void up() {
        application.run(
                context -> {
                    var version = context.getBean(LivePolicy.class).version();

                    var health = context.getBean(INDICATOR, HealthIndicator.class).health();

                    assertThat(health.getStatus()).isEqualTo(Status.UP);
                    assertThat(health.getDetails())
                            .containsEntry("policy", "gateway")
                            .containsEntry("version", 1)
                            .containsEntry("since", version.since())
                            .containsEntry("sockets", 0)
                            .doesNotContainKey("problem");
                });
    }

    @Test
    @Timeout(60)
    @DisplayName("is OUT_OF_DATE when what was written is refused, and says why")
    void outOfDate() {
        application
                .withPropertyValues("jsockmap.watch=true")
                .run(
                        context -> {
                            var indicator = context.getBean(INDICATOR, HealthIndicator.class);
                            var watcher = context.getBean(PolicyWatcher.class);

                            Policies.write(folder, "name: gateway\n");
                            while (watcher.problem().isEmpty()) Thread.onSpinWait();

                            var health = indicator.health();
                            assertThat(health.getStatus())
                                    .isEqualTo(PolicyHealthIndicator.OUT_OF_DATE);
                            assertThat(health.getDetails())
                                    .containsEntry("version", 1)
                                    .extractingByKey("problem")
                                    .asString()
                                    .contains("object is missing");
                        });
    }

    @Test
    @DisplayName("does not take the application out of service by OUT_OF_DATE")
    void theWhole() {
        var status =
                new SimpleStatusAggregator()
                        .getAggregateStatus(Status.UP, PolicyHealthIndicator.OUT_OF_DATE);

        assertThat(status).isEqualTo(Status.UP);
        assertThat(
                        new SimpleHttpCodeStatusMapper()
                                .getStatusCode(PolicyHealthIndicator.OUT_OF_DATE))
                .isEqualTo(200);
    }

    @Test
    @DisplayName("has no part of the policy's if management.health.sockmap.enabled is false")
    void disabled() {
        application
                .withPropertyValues("management.health.sockmap.enabled=false")
                .run(context -> assertThat(context).doesNotHaveBean(INDICATOR));
    }

    @Test
    @DisplayName("has an indicator of the application's instead")
    void own() {
        HealthIndicator own = () -> null;
        application
                .withBean(INDICATOR, HealthIndicator.class, () -> own)
                .run(context -> assertThat(context.getBean(INDICATOR)).isSameAs(own));
    }
}
