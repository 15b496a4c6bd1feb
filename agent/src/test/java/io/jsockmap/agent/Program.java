package io.jsockmap.agent;

import com.sun.net.httpserver.HttpServer;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.charset.StandardCharsets;

import javax.management.JMException;
import javax.management.JMX;
import javax.management.MBeanServerConnection;
import javax.management.ObjectName;

/** A program that knows nothing of any policy: it prints what its sockets carry. */
final class Program {
    private Program() {}

    public static void main(String[] arguments) throws Exception {
        switch (arguments[0]) {
            case "sockets" -> sockets();
            case "http" -> http();
            case "managed" -> managed();
            case "asynchronous" -> AsynchronousSocketChannel.open().close();
            default -> throw new IllegalArgumentException(arguments[0]);
        }
    }

    /** A word from a client to a server, by the oldest sockets that Java has. */
    private static void sockets() throws IOException {
        try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                var client = new Socket(server.getInetAddress(), server.getLocalPort());
                var accepted = server.accept()) {
            client.getOutputStream().write("hello".getBytes(StandardCharsets.US_ASCII));
            client.shutdownOutput();
            var text = accepted.getInputStream().readAllBytes();
            System.out.println("received " + new String(text, StandardCharsets.US_ASCII));
        }
    }

    /** What those see and do who operate a JVM that was started with {@code policy.yaml,jmx}. */
    private static void managed() throws IOException, JMException {
        sockets();
        // @start region="jmx"
        // Here; from elsewhere the connection of a JMXConnector.
        MBeanServerConnection server = ManagementFactory.getPlatformMBeanServer();
        ObjectName name = new ObjectName("io.jsockmap:type=Policy");
        PolicyMXBean policy = JMX.newMXBeanProxy(server, name, PolicyMXBean.class);

        System.out.println("version " + policy.getVersion());
        System.out.println("messages " + policy.getMessages());
        System.out.println("reloaded as " + policy.reload());
        System.out.println("rolled back as " + policy.rollBack());
        // @end
        sockets();
    }

    /** What a client of HTTP gets for some paths. */
    private static void http() throws IOException, InterruptedException {
        var server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext(
                "/",
                exchange -> {
                    var body = exchange.getRequestURI().getPath().getBytes(StandardCharsets.UTF_8);
                    exchange.sendResponseHeaders(200, body.length);
                    exchange.getResponseBody().write(body);
                    exchange.close();
                });
        server.start();
        try (var client = HttpClient.newHttpClient()) {
            for (var path : new String[] {"/one", "/two"}) {
                var uri =
                        URI.create(
                                "http://127.0.0.1:%d%s"
                                        .formatted(server.getAddress().getPort(), path));
                var answer =
                        client.send(
                                HttpRequest.newBuilder(uri).build(),
                                HttpResponse.BodyHandlers.ofString());
                System.out.println(answer.statusCode() + " " + answer.body());
            }
        }
        server.stop(0);
    }
}
