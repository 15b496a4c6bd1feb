package io.jsockmap.bench.netty;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Requests on kept connections, one after the other on each.
 *
 * @param name what it is called
 * @param connections how many at once
 * @param sent bytes of a request's body
 * @param answered bytes of an answer's body
 */
record HttpLoad(String name, int connections, int sent, int answered) {
    static final List<HttpLoad> ALL =
            List.of(
                    new HttpLoad("small requests", 8, 0, 100),
                    new HttpLoad("1 MiB uploads", 4, 1 << 20, 100),
                    new HttpLoad("1 MiB downloads", 4, 0, 1 << 20));

    /**
     * What came of it.
     *
     * @param rate requests a second
     * @param cpu nanoseconds that the server's event loop took of a CPU for each
     */
    record Result(double rate, double cpu) {}

    Result measure(ServerProcess server, long millis)
            throws IOException, InterruptedException, ExecutionException {
        long cpu = server.cpuTime();
        long start = System.nanoTime();
        long end = start + millis * 1_000_000;
        long count = 0;
        try (var threads = Executors.newFixedThreadPool(connections)) {
            List<Future<Long>> running = new ArrayList<>();
            for (int i = 0; i < connections; i++) {
                running.add(threads.submit(() -> request(server.address(), end)));
            }
            for (var each : running) count += each.get();
        }
        double rate = count * 1e9 / (System.nanoTime() - start);
        return new Result(rate, (double) (server.cpuTime() - cpu) / count);
    }

    private long request(InetSocketAddress server, long end) throws IOException {
        var request =
                "POST /%d HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n"
                        .formatted(answered, sent)
                        .getBytes(US_ASCII);
        var whole = new byte[request.length + sent];
        System.arraycopy(request, 0, whole, 0, request.length);
        var answerHead = "HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n".formatted(answered);
        var answer = new byte[answerHead.length() + answered];
        long count = 0;
        try (var socket = new Socket(server.getAddress(), server.getPort())) {
            socket.setTcpNoDelay(true);
            var in = new DataInputStream(socket.getInputStream());
            for (; System.nanoTime() < end; count++) {
                socket.getOutputStream().write(whole);
                in.readFully(answer);
            }
        }
        return count;
    }
}
