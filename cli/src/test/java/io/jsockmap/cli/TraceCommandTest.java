package io.jsockmap.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** {@code trace} on real connections. */
class TraceCommandTest {
    @Test
    void eachMessageIsPrintedWithWhatTheProgramDidWithIt() throws Exception {
        try (var trace =
                        ChildCommand.start(
                                "trace",
                                Outcome.example("echo"),
                                "--listen",
                                "127.0.0.1:0",
                                "--insert",
                                "sockets[cookie]=client",
                                "--filter",
                                "text=hello,verdict=redirect");
                var client = new Socket(InetAddress.getLoopbackAddress(), trace.port())) {
            client.setSoTimeout(120_000);
            client.getOutputStream().write("hello".getBytes(StandardCharsets.US_ASCII));
            assertThat(client.getInputStream().readNBytes(5)).hasSize(5);

            assertThat(String.join("\n", trace.linesTo("=> ")))
                    .contains("echo (sk_skb), socket ", " received 5 bytes")
                    .contains("68 65 6c 6c 6f", "hello")
                    .contains("if (skb->len == 0)")
                    .contains("-> bpf_sk_redirect_hash(ctx, map=sockets, key=")
                    .contains("=> REDIRECT to egress of socket ");
        }
    }
}
