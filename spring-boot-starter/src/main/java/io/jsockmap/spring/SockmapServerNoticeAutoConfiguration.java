package io.jsockmap.spring;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.context.annotation.Bean;

/** Says it if the application has a server that its policy does not reach. */
@AutoConfiguration(after = SockmapAutoConfiguration.class)
@ConditionalOnClass(WebServerInitializedEvent.class)
@ConditionalOnPolicy
final class SockmapServerNoticeAutoConfiguration {

    @Bean
    UnreachedServerNotice sockmapUnreachedServerNotice() {
        return new UnreachedServerNotice();
    }
}
