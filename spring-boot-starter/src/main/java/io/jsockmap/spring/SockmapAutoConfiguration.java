package io.jsockmap.spring;

import io.jsockmap.bpf.BpfException;
import io.jsockmap.policy.LivePolicy;
import io.jsockmap.policy.PolicyFile;
import io.jsockmap.policy.PolicyWatcher;
import io.jsockmap.sockmap.socket.SockListener;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.core.io.ResourceLoader;

import java.io.IOException;

/**
 * Puts the policy that {@code jsockmap.policy} names into force when the application starts, or
 * lets it not start. What an application defines itself takes the place of what is defined here: a
 * {@link PolicyFile}, a {@link LivePolicy}, a {@link SockListener} that hears what happens to its
 * sockets.
 */
@AutoConfiguration
@ConditionalOnSockmapEnabled
@EnableConfigurationProperties(SockmapProperties.class)
public final class SockmapAutoConfiguration {

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnMissingBean(LivePolicy.class)
    static class NamedPolicy {

        @Bean
        @ConditionalOnMissingBean
        PolicyFile sockmapPolicyFile(SockmapProperties properties, ResourceLoader resources) {
            if (properties.policy().isBlank()) throw PolicyNotInForceException.unnamed();
            var location = new PolicyLocation(properties.policy());
            if (properties.watch() && location.isOnClassPath()) {
                throw PolicyNotInForceException.unchanging(location.text());
            }
            try {
                return location.read(resources);
            } catch (BpfException e) {
                throw PolicyNotInForceException.refused(location.text(), e);
            }
        }

        @Bean(destroyMethod = "close")
        @Lazy(false) // What is refused is to be seen at the start.
        LivePolicy sockmapPolicy(PolicyFile file, ObjectProvider<SockListener> listener) {
            try {
                return LivePolicy.open(file, listener.getIfAvailable(() -> SockListener.NONE));
            } catch (BpfException e) {
                throw PolicyNotInForceException.refused(file.name(), e);
            }
        }
    }

    @Bean(destroyMethod = "close")
    @ConditionalOnBooleanProperty("jsockmap.watch")
    @ConditionalOnMissingBean
    @Lazy(false) // Nobody asks for it.
    PolicyWatcher sockmapPolicyWatcher(LivePolicy policy) {
        try {
            return PolicyWatcher.start(policy);
        } catch (IOException e) {
            throw PolicyNotInForceException.unwatched(policy.version().file().name(), e);
        }
    }
}
