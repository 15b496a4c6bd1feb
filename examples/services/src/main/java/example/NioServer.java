package example;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpServer;

import io.jsockmap.policy.LivePolicy;
import io.jsockmap.provider.SockmapSelectorProvider;

import java.net.InetSocketAddress;
import java.nio.file.Path;

/**
 * The JDK's HTTP server, whose channels are under a policy because all of this JVM are
 * (docs/nio.md). {@code NioServer POLICY [PORT]}.
 */
public final class NioServer {
    private NioServer() {}

    public static void main(String... arguments) throws Exception {
        int port = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 8080;
        var policy = LivePolicy.open(Path.of(arguments[0]));
        // Before the first channel; that there is such a provider the command line says.
        SockmapSelectorProvider.use(() -> policy);

        var server = HttpServer.create(new InetSocketAddress("127.0.0.1", port), 0);
        server.createContext(
                "/",
                exchange -> {
                    var text = exchange.getRequestMethod() + " " + exchange.getRequestURI() + "\n";
                    exchange.sendResponseHeaders(200, text.length());
                    try (var body = exchange.getResponseBody()) {
                        body.write(text.getBytes(UTF_8));
                    }
                });
        server.start();
        IO.println("serving at " + server.getAddress());
    }
}
