package io.jsockmap.spring;

import io.jsockmap.policy.LivePolicy;
import io.jsockmap.policy.PolicyWatcher;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;

import java.util.Optional;

/** Shows the policy among the application's health, as {@code sockmap}. */
@AutoConfiguration(after = SockmapAutoConfiguration.class)
@ConditionalOnClass({HealthIndicator.class, ConditionalOnEnabledHealthIndicator.class})
@ConditionalOnPolicy
@ConditionalOnEnabledHealthIndicator("sockmap")
final class SockmapHealthAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean(name = "sockmapHealthIndicator")
    HealthIndicator sockmapHealthIndicator(LivePolicy policy, Optional<PolicyWatcher> watcher) {
        return new PolicyHealthIndicator(policy, () -> watcher.flatMap(PolicyWatcher::problem));
    }
}
