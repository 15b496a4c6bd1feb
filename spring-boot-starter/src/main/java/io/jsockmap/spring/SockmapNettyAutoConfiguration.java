package io.jsockmap.spring;

import io.jsockmap.netty.SockmapHandler;
import io.jsockmap.policy.LivePolicy;
import io.netty.channel.Channel;
import io.netty.channel.socket.SocketChannel;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

import reactor.netty.http.server.HttpServer;

/** Puts what a WebFlux server on Netty accepts under the policy. */
@AutoConfiguration(after = SockmapAutoConfiguration.class)
@ConditionalOnClass({NettyReactiveWebServerFactory.class, HttpServer.class, SockmapHandler.class})
@ConditionalOnPolicy
final class SockmapNettyAutoConfiguration {

    /**
     * Behind all others: what is put first into a pipeline last stands before the rest, TLS too.
     */
    @Bean
    @ConditionalOnMissingBean(name = "sockmapNettyCustomizer")
    @Order(Ordered.LOWEST_PRECEDENCE)
    WebServerFactoryCustomizer<NettyReactiveWebServerFactory> sockmapNettyCustomizer(
            LivePolicy policy) {
        return factory -> factory.addServerCustomizers(server -> under(policy, server));
    }

    private static HttpServer under(LivePolicy policy, HttpServer server) {
        return server.doOnChannelInit((_, channel, _) -> put(channel, policy));
    }

    private static void put(Channel channel, LivePolicy policy) {
        // Streams of HTTP/2 are channels, too; they go through the one of their connection.
        if (!(channel instanceof SocketChannel)) return;
        channel.pipeline().addFirst(SockmapHandler.accepted(policy));
        // Without auto-read, the server's handlers asked for the first read when this one was not
        // there.
        channel.read();
    }
}
