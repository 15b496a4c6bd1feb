package io.jsockmap.provider;

import static io.jsockmap.provider.HttpTraffic.check;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.channels.spi.SelectorProvider;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CompletableFuture;

/**
 * Code with java.net's sockets, ours and that of the JDK, in a JVM where they are the provider's.
 */
final class BlockingTraffic {
    private static final int LENGTH = 3_000_000;

    private BlockingTraffic() {}

    public static void main(String[] arguments) throws Exception {
        var policy = Policy.judging();
        JavaSockets.install(SockmapSelectorProvider.over(SelectorProvider.provider(), policy));
        try (var server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            echoes(server);
            timesOut(server);
            endsByClose(server);
            answersTheJdksClient(server);
        }
        policy.checkBothWays(LENGTH);
        System.out.println("all well");
        System.exit(0);
    }

    private static Socket connect(ServerSocket server) throws IOException {
        return new Socket(server.getInetAddress(), server.getLocalPort());
    }

    private static void echoes(ServerSocket server) throws IOException {
        var bytes = new byte[LENGTH];
        new Random(5).nextBytes(bytes);
        Thread.startVirtualThread(() -> echo(server));
        try (var socket = connect(server)) {
            socket.setTcpNoDelay(true);
            check(socket.getTcpNoDelay(), "an option is not set");
            Thread.startVirtualThread(() -> send(socket, bytes));
            check(Arrays.equals(socket.getInputStream().readAllBytes(), bytes), "other bytes");
        }
    }

    private static void echo(ServerSocket server) {
        try (var socket = server.accept()) {
            socket.getInputStream().transferTo(socket.getOutputStream());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static void send(Socket socket, byte[] bytes) {
        try {
            socket.getOutputStream().write(bytes);
            socket.shutdownOutput();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static void timesOut(ServerSocket server) throws IOException {
        try (var socket = connect(server);
                var _ = server.accept()) {
            socket.setSoTimeout(1);
            int read = socket.getInputStream().read();
            throw new AssertionError("it read " + read);
        } catch (SocketTimeoutException e) {
            System.out.println(e.getMessage());
        }
    }

    private static void endsByClose(ServerSocket server) throws Exception {
        var socket = connect(server);
        try (var _ = server.accept()) {
            var failure = new CompletableFuture<Exception>();
            Thread.startVirtualThread(
                    () -> {
                        try {
                            failure.completeExceptionally(
                                    new AssertionError(socket.getInputStream().read()));
                        } catch (IOException e) {
                            failure.complete(e);
                        }
                    });
            socket.close();
            check(failure.get() instanceof SocketException, "another exception " + failure.get());
        }
    }

    private static void answersTheJdksClient(ServerSocket server) throws IOException {
        Thread.startVirtualThread(() -> answer(server));
        var url = URI.create("http://127.0.0.1:%d/".formatted(server.getLocalPort())).toURL();
        try (var body = url.openStream()) {
            var text = new String(body.readAllBytes(), StandardCharsets.US_ASCII);
            check(text.equals("hello"), "it answered " + text);
        }
    }

    private static void answer(ServerSocket server) {
        try (var socket = server.accept()) {
            var request = socket.getInputStream();
            for (int last = 0; last != 0x0d0a0d0a; ) last = last << 8 | request.read();
            var answer = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
            socket.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
