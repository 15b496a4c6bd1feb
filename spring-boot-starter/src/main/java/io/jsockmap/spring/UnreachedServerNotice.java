package io.jsockmap.spring;

import org.springframework.boot.web.server.WebServer;
import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.context.ApplicationListener;

import java.lang.System.Logger.Level;
import java.nio.channels.spi.SelectorProvider;

/**
 * Warns if the policy does not reach the application's server: Tomcat and Jetty open their channels
 * by the JVM's {@link SelectorProvider}, which is chosen once, before there is an application.
 */
final class UnreachedServerNotice implements ApplicationListener<WebServerInitializedEvent> {
    private static final System.Logger LOG = System.getLogger("io.jsockmap.spring");

    /** Of a library that may be missing. */
    private static final String NETTY = "org.springframework.boot.reactor.netty.NettyWebServer";

    private static final String PROVIDERS = "io.jsockmap.provider.";

    @Override
    public void onApplicationEvent(WebServerInitializedEvent event) {
        var provider = SelectorProvider.provider().getClass().getName();
        if (isReached(event.getWebServer(), provider)) return;
        LOG.log(
                Level.WARNING,
                "the policy does not judge what {0} accepts: start the JVM with"
                    + " -javaagent:jsockmap-agent.jar=POLICY.yaml instead (docs/agent.md), or use"
                    + " WebFlux on Netty",
                event.getWebServer().getClass().getSimpleName());
    }

    static boolean isReached(WebServer server, String provider) {
        return server.getClass().getName().equals(NETTY) || provider.startsWith(PROVIDERS);
    }
}
