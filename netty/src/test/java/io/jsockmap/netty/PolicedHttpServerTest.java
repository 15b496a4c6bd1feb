package io.jsockmap.netty;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.jsockmap.sockmap.socket.Limits;

import org.junit.jupiter.api.Test;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.stream.Stream;

/** The example of docs/netty.md. */
class PolicedHttpServerTest {
    private static final String HOME = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    private static final String DELETE = "DELETE /orders/7 HTTP/1.1\r\nHost: a\r\n\r\n";
    private static final String ADMIN = "GET /admin/users HTTP/1.1\r\nHost: a\r\n\r\n";
    private static final String ORDER =
            "POST /orders HTTP/1.1\r\nHost: a\r\nContent-Length: 11\r\n\r\nDELETE /all";

    private static String answers(int port, String requests, int count) throws IOException {
        try (var client = new Socket("localhost", port)) {
            client.setSoTimeout(NettyTest.HANG_SECONDS * 1000);
            client.getOutputStream().write(requests.getBytes(US_ASCII));
            var in = new BufferedReader(new InputStreamReader(client.getInputStream(), US_ASCII));
            var lines = Stream.generate(() -> line(in)).filter(line -> line.matches("[A-Z]+ /.*"));
            return String.join(", ", lines.limit(count).toList());
        }
    }

    private static String line(BufferedReader in) {
        try {
            return String.valueOf(in.readLine());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void theServerAnswersOnlyTheRequestsThatThePolicyPasses() throws Exception {
        var object = NettyTest.root().resolve("examples/http-policy/http-policy.bpf.o");
        try (var engine = Engines.open(Limits.DEFAULT);
                var server = new PolicedHttpServer(engine, object, 0)) {
            int port = ((InetSocketAddress) server.channel.localAddress()).getPort();
            assertThat(answers(port, HOME + DELETE + ADMIN + ORDER, 2))
                    .isEqualTo("GET /, POST /orders");
        }
    }
}
