package io.jsockmap.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.policy.LivePolicy;
import io.jsockmap.policy.PolicyFile;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import java.nio.file.Path;

/** The policy to those who operate the application. */
class EndpointTest {
    @TempDir private Path folder;
    private ApplicationContextRunner application;

    @BeforeEach
    void begin() {
        application =
                new ApplicationContextRunner()
                        .withConfiguration(
                                AutoConfigurations.of(
                                        SockmapAutoConfiguration.class,
                                        SockmapEndpointAutoConfiguration.class))
                        .withPropertyValues(
                                "jsockmap.policy=" + Policies.write(folder, Policies.JUDGING));
    }

    private ApplicationContextRunner exposed() {
        return application.withPropertyValues(
                "management.endpoints.web.exposure.include=sockmappolicy");
    }

    @Test
    @DisplayName("is there only when it is exposed")
    void exposure() {
        application.run(context -> assertThat(context).doesNotHaveBean(PolicyEndpoint.class));
        exposed().run(context -> assertThat(context).hasSingleBean(PolicyEndpoint.class));
    }

    @Test
    @DisplayName("lists the versions that there were, the present one last")
    void versions() {
        exposed()
                .run(
                        context -> {
                            var policy = context.getBean(LivePolicy.class);
                            policy.replace(
                                    PolicyFile.read(Policies.write(folder, Policies.PERMISSIVE)));

                            var state = context.getBean(PolicyEndpoint.class).state();

                            assertThat(state.policy()).isEqualTo("gateway");
                            assertThat(state.sockets()).isZero();
                            assertThat(state.problem()).isEmpty();
                            assertThat(state.versions())
                                    .extracting(PolicyEndpoint.Entry::number)
                                    .containsExactly(1, 2);
                            assertThat(state.versions().getLast().since())
                                    .isEqualTo(policy.version().since());
                        });
    }

    @Test
    @DisplayName("puts the version before the present one into force again")
    void rollBack() {
        exposed()
                .run(
                        context -> {
                            var policy = context.getBean(LivePolicy.class);
                            var first = policy.version();
                            policy.replace(
                                    PolicyFile.read(Policies.write(folder, Policies.PERMISSIVE)));

                            context.getBean(PolicyEndpoint.class)
                                    .change(PolicyEndpoint.Change.ROLLBACK);

                            assertThat(policy.version().number()).isEqualTo(3);
                            assertThat(policy.version().file()).isEqualTo(first.file());
                        });
    }

    @Test
    @DisplayName("says it if there is no version before the present one, and leaves that in force")
    void noneBefore() {
        exposed()
                .run(
                        context -> {
                            var endpoint = context.getBean(PolicyEndpoint.class);

                            var response = endpoint.change(PolicyEndpoint.Change.ROLLBACK);

                            assertThat(response.getStatus()).isEqualTo(409);
                            assertThat(response.getBody())
                                    .asString()
                                    .contains("there is no version before version 1");
                            assertThat(context.getBean(LivePolicy.class).version().number())
                                    .isEqualTo(1);
                        });
    }
}
