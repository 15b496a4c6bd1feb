package io.jsockmap.provider.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.provider.AdmissionSource;
import io.jsockmap.provider.Engines;
import io.jsockmap.provider.Forked;
import io.jsockmap.provider.JavaSockets;
import io.jsockmap.provider.SockmapSelectorProvider;
import io.jsockmap.sockmap.Admission;
import io.jsockmap.sockmap.UserEngine;
import io.jsockmap.sockmap.map.AttachType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.SelectorProvider;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * How sockets of code that knows nothing of the engine come under it; the program gives what
 * accepted ones receive capitals.
 */
@Timeout(180)
class ProviderExamples {
    private static final UserEngine ENGINE = Engines.open();
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();
    private static final Path SHOUT =
            Path.of(System.getProperty("jsockmap.root", ".."))
                    .resolve("sockmap/src/test/resources/programs/rewrite.bpf.o");

    // @start region="source"
    /** Named in META-INF/services, for a provider that a system property chose. */
    private static final class GatewayPolicy implements AdmissionSource {
        @Override
        public Optional<Admission> admission() {
            var object = ENGINE.load(SHOUT);
            var sockets = object.sockMap("sockets");
            sockets.attach(object.program("shout"), AttachType.SK_SKB_STREAM_VERDICT);
            return Optional.of(
                    Admission.to(ENGINE, ENGINE.scope("gateway"))
                            .with(socket -> sockets.update(0, socket, UpdateFlag.ANY)));
        }
    }

    // @end

    @Test
    void whoTakesAProviderGetsChannelsUnderTheEngine() throws IOException {
        Admission admission = new GatewayPolicy().admission().orElseThrow();

        // @start region="over"
        SelectorProvider provider =
                SockmapSelectorProvider.over(SelectorProvider.provider(), admission);
        try (ServerSocketChannel server = provider.openServerSocketChannel();
                SocketChannel client = SocketChannel.open()) {
            client.connect(server.bind(new InetSocketAddress(LOOPBACK, 0)).getLocalAddress());
            SocketChannel accepted = server.accept(); // under the engine; the client is not
            client.write(ByteBuffer.wrap(bytes("hello")));
            ByteBuffer received = ByteBuffer.allocate(5);
            while (received.hasRemaining()) accepted.read(received);
            assertThat(received.array()).isEqualTo(bytes("HELLO"));
            accepted.close();
        }
        // @end
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** A program with the oldest sockets that Java has. */
    private static final class OldSockets {
        public static void main(String[] arguments) throws IOException {
            Admission admission = new GatewayPolicy().admission().orElseThrow();

            // @start region="sockets"
            // Once in a JVM, before others open sockets.
            JavaSockets.install(
                    SockmapSelectorProvider.over(SelectorProvider.provider(), admission));

            try (ServerSocket server = new ServerSocket(0, 1, LOOPBACK);
                    Socket client = new Socket(LOOPBACK, server.getLocalPort());
                    Socket accepted = server.accept()) {
                client.getOutputStream().write(bytes("hello"));
                client.shutdownOutput();
                accepted.getInputStream().transferTo(System.out);
            }
            // @end
            System.exit(0);
        }
    }

    @Test
    void oldSocketsComeUnderTheEngineToo() throws Exception {
        Forked run = Forked.run(OldSockets.class, List.of());

        // Those who connect are under it as well, and what they receive would be judged.
        assertThat(run.output()).isEqualTo("HELLO");
        assertThat(run.status()).isZero();
    }
}
