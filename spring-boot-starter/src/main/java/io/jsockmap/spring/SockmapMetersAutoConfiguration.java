package io.jsockmap.spring;

import io.jsockmap.micrometer.PolicyMeters;
import io.jsockmap.policy.LivePolicy;
import io.jsockmap.policy.PolicyFile;
import io.jsockmap.sockmap.socket.SockListener;
import io.micrometer.core.instrument.MeterRegistry;

import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.context.annotation.Bean;

/** Counts what the policy does, where there is a registry of meters. */
@AutoConfiguration(
        // A policy takes its listener when it is opened, and one that is opened elsewhere has its
        // own.
        before = SockmapAutoConfiguration.class,
        afterName =
                "org.springframework.boot.micrometer.metrics.autoconfigure"
                        + ".CompositeMeterRegistryAutoConfiguration")
@ConditionalOnClass({MeterRegistry.class, PolicyMeters.class})
@ConditionalOnSockmapEnabled
@ConditionalOnSingleCandidate(MeterRegistry.class)
@ConditionalOnMissingBean({LivePolicy.class, SockListener.class})
final class SockmapMetersAutoConfiguration {

    @Bean
    PolicyMeters sockmapPolicyMeters(MeterRegistry registry, PolicyFile file) {
        return new PolicyMeters(registry, file.name());
    }

    @Bean
    SmartInitializingSingleton sockmapPolicyMetersBinding(PolicyMeters meters, LivePolicy policy) {
        return () -> meters.bind(policy);
    }
}
