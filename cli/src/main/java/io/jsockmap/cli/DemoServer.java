package io.jsockmap.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executors;

/** A small HTTP server that says its name. */
final class DemoServer implements AutoCloseable {
    private final HttpServer server;

    private DemoServer(HttpServer server) {
        this.server = server;
    }

    static DemoServer start(String name, int status) throws IOException {
        var loopback = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        var server = HttpServer.create(loopback, 0);
        server.createContext("/", exchange -> answer(exchange, name, status));
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.start();
        return new DemoServer(server);
    }

    private static void answer(HttpExchange exchange, String name, int status) throws IOException {
        exchange.getRequestBody().readAllBytes();
        var body =
                "%s answers %s %s%n"
                        .formatted(name, exchange.getRequestMethod(), exchange.getRequestURI())
                        .getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=utf-8");
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    InetSocketAddress address() {
        return server.getAddress();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
