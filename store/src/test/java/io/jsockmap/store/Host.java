package io.jsockmap.store;

import io.jsockmap.bpf.map.BpfMap;
import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.sockmap.UserEngine;
import io.jsockmap.sockmap.UserObject;
import io.jsockmap.sockmap.key.KeyNotation;
import io.jsockmap.sockmap.key.NamedSockets;
import io.jsockmap.sockmap.map.AttachType;
import io.jsockmap.sockmap.network.InMemoryNetwork;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A gateway that judges by shared.bpf.o, bound to a store. */
final class Host implements AutoCloseable {
    static final String BLOCKED = "/jsockmap/gateway/blocked/";
    static final String ROUTES = "/jsockmap/gateway/routes/";
    static final String SWITCHES = "/jsockmap/gateway/switches/";
    static final List<SharedMap> SHARED =
            List.of(
                    new SharedMap(BLOCKED, "blocked"),
                    new SharedMap(ROUTES, "routes"),
                    new SharedMap(SWITCHES, "switches"));
    static final Path OBJECT =
            Path.of(System.getProperty("jsockmap.root", ".."))
                    .resolve("store/src/test/resources/programs/shared.bpf.o")
                    .toAbsolutePath();

    final InMemoryNetwork network = new InMemoryNetwork(UserEngine.Settings.DEFAULT);
    final UserObject object = network.engine().load(OBJECT);
    private StoreBinding binding;

    Host() {
        object.sockMap("sockets").attach(object.program("judge"), AttachType.SK_MSG_VERDICT);
    }

    /** One that is bound, and as the store has it. */
    static Host synced(StoreAddress store) throws InterruptedException {
        var host = new Host();
        host.bind(store);
        host.awaitSync();
        return host;
    }

    void bind(StoreAddress store) {
        binding = StoreBinding.open(store, SHARED, () -> object);
    }

    void awaitSync() throws InterruptedException {
        if (!binding.awaitSync(Duration.ofSeconds(60))) {
            throw new AssertionError("never in sync: " + binding.status());
        }
    }

    StoreBinding binding() {
        return binding;
    }

    StoreStatus status() {
        return binding.status();
    }

    /** Waits until it follows the store up to a revision. */
    void awaitRevision(long revision) {
        Await.until("revision " + revision, () -> status().applied() >= revision);
    }

    void awaitAway() {
        Await.until("the store is away", () -> status().awaySince().isPresent());
    }

    /** A connection to some address, whose sends are judged. */
    io.jsockmap.sockmap.network.Connection connected(String address, int slot) {
        var connection =
                network.connected(
                        InMemoryNetwork.addresses("10.0.0.1", 40_000 + slot, address, 80));
        object.sockMap("sockets").update(slot, connection.socket(), UpdateFlag.ANY);
        return connection;
    }

    byte[] key(String map, String key) {
        return KeyNotation.parse(key).key(object.map(map), object.spec().btf(), NamedSockets.NONE);
    }

    /** What a program finds, as a number; empty for nothing. */
    Optional<Long> finds(String map, String key) {
        return object.map(map).lookup(key(map, key)).map(Host::number);
    }

    private static long number(byte[] value) {
        var wide = Arrays.copyOf(value, Long.BYTES);
        return ByteBuffer.wrap(wide).order(java.nio.ByteOrder.LITTLE_ENDIAN).getLong();
    }

    /** All that is in a map, in hex. */
    Map<String, String> contents(String map) {
        return contents(object.map(map));
    }

    static Map<String, String> contents(BpfMap map) {
        Map<String, String> contents = new TreeMap<>();
        for (var key : map.keys()) {
            contents.put(
                    HexFormat.of().formatHex(key),
                    HexFormat.of().formatHex(map.lookup(key).orElseThrow()));
        }
        return contents;
    }

    @Override
    public void close() {
        if (binding != null) binding.close();
        network.close();
    }
}
