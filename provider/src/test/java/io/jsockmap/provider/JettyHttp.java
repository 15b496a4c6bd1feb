package io.jsockmap.provider;

import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;

import java.nio.channels.spi.SelectorProvider;

/** Jetty's server on the provider that the command line chose, asked by the JDK's client. */
final class JettyHttp {
    private JettyHttp() {}

    public static void main(String[] arguments) throws Exception {
        var policy = Policy.judging();
        SockmapSelectorProvider.use(() -> policy);
        var server = new Server();
        var connector = new ServerConnector(server);
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        server.setHandler(new Echo());
        server.start();
        long bytes = HttpTraffic.run(connector.getLocalPort());
        server.stop();
        System.out.println("provider " + SelectorProvider.provider());
        policy.checkBothWays(bytes);
        System.exit(0);
    }

    private static final class Echo extends Handler.Abstract {
        @Override
        public boolean handle(Request request, Response response, Callback callback) {
            response.setStatus(200);
            Content.copy(request, response, callback);
            return true;
        }
    }
}
