package io.jsockmap.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.policy.LivePolicy;
import io.jsockmap.policy.PolicyFile;
import io.jsockmap.sockmap.socket.Addresses;
import io.jsockmap.sockmap.socket.Chunk;
import io.jsockmap.sockmap.socket.Sock;
import io.jsockmap.sockmap.socket.Transport;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** What a registry shows of a policy. */
class PolicyMetersTest {
    private static final Path OBJECT =
            Path.of(System.getProperty("jsockmap.root", ".."))
                    .resolve("sockmap/src/test/resources/programs/versioned.bpf.o")
                    .toAbsolutePath();

    @TempDir private Path folder;
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private LivePolicy policy;

    @BeforeEach
    void open() throws IOException {
        var meters = new PolicyMeters(registry, "gateway");
        policy = LivePolicy.open(file(""), meters);
        meters.bind(policy);
    }

    @AfterEach
    void close() {
        policy.close();
    }

    private PolicyFile file(String more) throws IOException {
        var text =
                """
                name: gateway
                object: %s
                skip: [msg]
                insert: ["peers[cookie]=accepted"]
                """
                        .formatted(OBJECT);
        return PolicyFile.read(Files.writeString(folder.resolve("policy.yaml"), text + more));
    }

    private Sock accepted() {
        var host = InetAddress.getLoopbackAddress();
        var addresses =
                new Addresses(new InetSocketAddress(host, 80), new InetSocketAddress(host, 4000));
        return policy.accepted(addresses, Transport.NONE).orElseThrow();
    }

    private static void receives(Sock socket, String text) {
        socket.received(Chunk.of(text.getBytes(StandardCharsets.ISO_8859_1)));
    }

    @Test
    void messagesAndBytesAreCountedByProgramAndVerdict() {
        var socket = accepted();

        receives(socket, "\5one.\6four.");

        var tags =
                new String[] {
                    "policy", "gateway",
                    "program", "verdict",
                    "direction", "received",
                    "verdict", "redirect"
                };
        assertThat(registry.get("jsockmap.messages").tags(tags).counter().count()).isEqualTo(2);
        assertThat(registry.get("jsockmap.bytes").tags(tags).counter().count()).isEqualTo(11);
    }

    @Test
    void countsGoOnWhenAVersionFollows() throws IOException {
        var socket = accepted();
        receives(socket, "\5one.");

        policy.replace(file("set: [version=0x32]\n"));
        receives(socket, "\5two.");

        var counter = registry.get("jsockmap.messages").tag("program", "verdict").counter();
        assertThat(counter.count()).isEqualTo(2);
        assertThat(registry.get("jsockmap.version").gauge().value()).isEqualTo(2);
    }

    @Test
    void socketsAreThoseThereAreNow() {
        var socket = accepted();
        assertThat(registry.get("jsockmap.sockets").gauge().value()).isEqualTo(1);

        socket.close();
        policy.closed(socket);

        assertThat(registry.get("jsockmap.sockets").gauge().value()).isZero();
    }

    @Test
    void bytesThatAreLostAreCounted() {
        var socket = accepted();
        receives(socket, "\5on");

        socket.receivedEnd();

        assertThat(registry.get("jsockmap.lost").counter().count()).isEqualTo(3);
    }
}
