package io.jsockmap.provider;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.spi.SelectorProvider;
import java.util.concurrent.Executors;

/** The JDK's HTTP server and client on the provider that the command line chose. */
final class JdkHttp {
    private JdkHttp() {}

    public static void main(String[] arguments) throws IOException {
        var policy = Policy.judging();
        SockmapSelectorProvider.use(() -> policy);
        var server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/echo", JdkHttp::echo);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.start();
        long bytes = HttpTraffic.run(server.getAddress().getPort());
        server.stop(0);
        System.out.println("provider " + SelectorProvider.provider());
        policy.checkBothWays(bytes);
        System.exit(0);
    }

    private static void echo(HttpExchange exchange) throws IOException {
        var body = exchange.getRequestBody().readAllBytes();
        exchange.sendResponseHeaders(200, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }
}
