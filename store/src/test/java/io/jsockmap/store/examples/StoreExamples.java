package io.jsockmap.store.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.sockmap.UserEngine;
import io.jsockmap.sockmap.UserObject;
import io.jsockmap.sockmap.network.Bytes;
import io.jsockmap.sockmap.network.InMemoryNetwork;
import io.jsockmap.store.Etcd;
import io.jsockmap.store.MapStatus;
import io.jsockmap.store.SharedMap;
import io.jsockmap.store.StoreAddress;
import io.jsockmap.store.StoreBinding;
import io.jsockmap.store.StoreMeters;
import io.jsockmap.store.StoreStatus;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** How maps are bound to etcd, and watched. */
class StoreExamples {
    private static final Path OBJECT =
            Path.of(System.getProperty("jsockmap.root", ".."))
                    .resolve("store/src/test/resources/programs/shared.bpf.o");

    @TempDir private Path folder;

    @Test
    void anAddressSaysHowToGetIn() {
        var password = "secret";

        // @start region="address"
        StoreAddress store =
                StoreAddress.of("https://10.0.0.1:2379", "https://10.0.0.2:2379")
                        .as("gateway", password)
                        .with(
                                StoreAddress.Tls.trusting(Path.of("ca.pem"))
                                        .as(Path.of("gateway.pem"), Path.of("gateway.key")));
        // @end

        assertThat(store.endpoints()).contains(URI.create("https://10.0.0.2:2379"));
        assertThat(store.login().orElseThrow()).hasToString("gateway");
        assertThat(store.tls().orElseThrow().authorities()).contains(Path.of("ca.pem"));
    }

    // @start region="status"
    /** What an operator wants to be told. */
    private static List<String> alerts(StoreStatus status, Instant now) {
        List<String> alerts = new ArrayList<>();
        status.problem().ifPresent(problem -> alerts.add("the store is away: " + problem));
        status.silence(now)
                .filter(silence -> silence.compareTo(Duration.ofSeconds(30)) > 0)
                .ifPresent(silence -> alerts.add("nothing heard for " + silence));
        for (MapStatus map : status.maps()) {
            map.rejected().forEach((entry, why) -> alerts.add("%s: %s".formatted(entry, why)));
        }
        return alerts;
    }

    // @end

    @Test
    void mapsAreAsTheStoreHasThem() throws InterruptedException {
        try (var etcd = Etcd.start(folder);
                var network = new InMemoryNetwork(UserEngine.Settings.DEFAULT)) {
            StoreAddress store = etcd.address();
            UserObject object = network.engine().load(OBJECT);
            etcd.put("/jsockmap/gateway/switches/3", "7");
            etcd.put("/jsockmap/gateway/switches/three", "7");

            List<String> told = new ArrayList<>();
            MeterRegistry registry = new SimpleMeterRegistry();

            // @start region="bind"
            SharedMap switches = new SharedMap("/jsockmap/gateway/switches/", "switches");
            try (StoreBinding binding = StoreBinding.open(store, List.of(switches), () -> object)) {
                new StoreMeters(binding, "gateway").bindTo(registry);
                boolean synced = binding.awaitSync(Duration.ofSeconds(60)); // then let traffic in
                assertThat(synced).isTrue();
                var third = object.map("switches").lookup(Bytes.u32(3)).orElseThrow();
                assertThat(Bytes.number(third)).isEqualTo(7);
                told.addAll(alerts(binding.status(), Instant.now()));
                assertThat(registry.get("jsockmap.store.rejected").gauge().value()).isEqualTo(1);
            }
            // @end

            assertThat(told).singleElement().asString().contains("three");
        }
    }
}
