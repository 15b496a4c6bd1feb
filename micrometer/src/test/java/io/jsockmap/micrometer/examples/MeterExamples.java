package io.jsockmap.micrometer.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.micrometer.PolicyMeters;
import io.jsockmap.policy.LivePolicy;
import io.jsockmap.policy.PolicyFile;
import io.jsockmap.sockmap.network.Bytes;
import io.jsockmap.sockmap.network.InMemoryNetwork;
import io.jsockmap.sockmap.socket.Chunk;
import io.jsockmap.sockmap.socket.Transport;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** How an application's registry gets a policy's meters. */
class MeterExamples {
    private static final Path OBJECT =
            Path.of(System.getProperty("jsockmap.root", ".."))
                    .resolve("sockmap/src/test/resources/programs/versioned.bpf.o")
                    .toAbsolutePath();

    @TempDir private Path folder;

    @Test
    void aPolicyIsCountedByWhoListensToIt() throws IOException {
        MeterRegistry registry = new SimpleMeterRegistry();
        var text = "object: %s\nskip: [msg]\ninsert: [\"peers[cookie]=accepted\"]\n";
        var file = folder.resolve("gateway.yaml");
        Files.writeString(file, text.formatted(OBJECT));

        // @start region="meters"
        PolicyMeters meters = new PolicyMeters(registry, "gateway");
        try (LivePolicy policy = LivePolicy.open(PolicyFile.read(file), meters)) {
            meters.bind(policy);
            receive(policy, "\5one.\6four.");

            var judged = registry.get("jsockmap.messages").tag("verdict", "redirect").counter();
            assertThat(judged.count()).isEqualTo(2);
            assertThat(registry.get("jsockmap.sockets").gauge().value()).isEqualTo(1);
        }
        // @end
    }

    private static void receive(LivePolicy policy, String frames) {
        var addresses = InMemoryNetwork.addresses("10.0.0.1", 80, "10.0.0.2", 40_000);
        var socket = policy.accepted(addresses, Transport.NONE).orElseThrow();
        socket.received(Chunk.of(Bytes.of(frames)));
    }
}
