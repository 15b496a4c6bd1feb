package io.jsockmap.spring;

import io.jsockmap.policy.LivePolicy;
import io.jsockmap.policy.PolicyWatcher;

import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

import java.util.Optional;

/** Gives the policy an endpoint, where there are such, once it is exposed. */
@AutoConfiguration(after = SockmapAutoConfiguration.class)
@ConditionalOnClass(ConditionalOnAvailableEndpoint.class)
@ConditionalOnPolicy
@ConditionalOnAvailableEndpoint(PolicyEndpoint.class)
final class SockmapEndpointAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean
    PolicyEndpoint sockmapPolicyEndpoint(LivePolicy policy, Optional<PolicyWatcher> watcher) {
        return new PolicyEndpoint(policy, () -> watcher.flatMap(PolicyWatcher::problem));
    }
}
