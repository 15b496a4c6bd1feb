package io.jsockmap.store;

import static io.jsockmap.store.Host.BLOCKED;
import static io.jsockmap.store.Host.ROUTES;
import static io.jsockmap.store.Host.SWITCHES;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.map.UpdateFlag;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/** A store that is killed, or that the network is cut to, while programs run. */
class StoreAwayTest {
    @TempDir private Path folder;
    private Etcd etcd;
    private Cable cable;
    private Host host;

    @BeforeEach
    void start() throws IOException, InterruptedException {
        etcd = Etcd.start(folder);
        etcd.put(BLOCKED + "10.0.0.0/8", "1");
        etcd.put(BLOCKED + "192.168.0.0/16", "1");
        etcd.put(ROUTES + "80", "{upstream=1}");
        etcd.put(SWITCHES + "1", "5");
        cable = new Cable(etcd.port());
        host = Host.synced(cable.address());
    }

    @AfterEach
    void close() throws IOException {
        if (host != null) host.close();
        if (cable != null) cable.close();
        if (etcd != null) etcd.close();
    }

    @Test
    void aKilledStoreLeavesTheMapsAsTheyAreAndIsFollowedAgainWhenItRestarts() {
        var before = Map.of("blocked", host.contents("blocked"), "routes", host.contents("routes"));
        var start = Instant.now();

        etcd.kill();
        host.awaitAway();

        assertThat(host.contents("blocked")).isEqualTo(before.get("blocked"));
        assertThat(host.contents("routes")).isEqualTo(before.get("routes"));
        assertThat(host.status().awaySince().orElseThrow()).isAfterOrEqualTo(start);
        assertThat(host.status().problem().orElseThrow()).contains("etcd at [http://127.0.0.1:");
        assertThat(host.status().silence(Instant.now()).orElseThrow()).isPositive();

        etcd.restart();
        host.awaitRevision(etcd.put(ROUTES + "81", "{upstream=2}"));

        assertThat(host.finds("routes", "80")).contains(1L);
        assertThat(host.finds("routes", "81")).contains(2L);
        assertThat(host.status().awaySince()).isEmpty();
        assertThat(host.status().problem()).isEmpty();
    }

    @Test
    @DisplayName("what changed behind a cut arrives when it is mended: writes, and deletes too")
    void resync() {
        cable.cut();
        host.awaitAway();

        etcd.delete(BLOCKED + "192.168.0.0/16");
        etcd.put(BLOCKED + "172.16.0.0/12", "3");
        etcd.put(ROUTES + "80", "{upstream=9}");
        long revision = etcd.delete(SWITCHES + "1");
        assertThat(host.finds("blocked", "192.168.0.1/32")).isPresent();
        assertThat(host.finds("routes", "80")).contains(1L);

        cable.mend();
        host.awaitRevision(revision);

        assertThat(host.finds("blocked", "192.168.0.1/32")).isEmpty();
        assertThat(host.finds("blocked", "172.16.0.1/32")).contains(3L);
        assertThat(host.finds("blocked", "10.0.0.1/32")).contains(1L);
        assertThat(host.finds("routes", "80")).contains(9L);
        assertThat(host.finds("switches", "1")).contains(0L);
        assertThat(host.status().resyncs()).isEqualTo(2);
    }

    @Test
    @DisplayName("meters tell how long a store is away, and then that it was read again")
    void meters() {
        var registry = new SimpleMeterRegistry();
        new StoreMeters(host.binding(), "gateway").bindTo(registry);
        var meters = registry.get("jsockmap.store.away").tag("policy", "gateway");
        assertThat(meters.timeGauge().value()).isZero();

        cable.cut();
        host.awaitAway();
        Await.until("time passes", () -> meters.timeGauge().value() > 0);

        cable.mend();
        host.awaitRevision(etcd.put(ROUTES + "81", "{upstream=2}"));

        assertThat(meters.timeGauge().value()).isZero();
        assertThat(registry.get("jsockmap.store.resyncs").functionCounter().count()).isEqualTo(2);
        assertThat(registry.get("jsockmap.store.lag").gauge().value()).isZero();
        assertThat(registry.get("jsockmap.store.rejected").gauge().value()).isZero();
        assertThat(registry.get("jsockmap.store.silence").timeGauge().value()).isNotNaN();
        var routes = registry.get("jsockmap.store.entries").tag("map", "routes").gauge();
        assertThat(routes.value()).isEqualTo(host.contents("routes").size());
    }

    @Test
    void aStoreThatFallsSilentIsTakenForLost() {
        cable.freeze();
        etcd.delete(ROUTES + "80");
        host.awaitAway();

        assertThat(host.finds("routes", "80")).contains(1L);
        assertThat(host.status().problem().orElseThrow()).contains("no answer within 5 s");

        cable.mend();
        host.awaitRevision(etcd.put(ROUTES + "81", "{upstream=2}"));

        assertThat(host.finds("routes", "80")).isEmpty();
    }

    @Test
    void whatWasCompactedWhileCutOffIsNotNeeded() {
        cable.cut();
        host.awaitAway();
        etcd.delete(ROUTES + "80");
        long revision = etcd.put(ROUTES + "81", "{upstream=2}");
        etcd.compact(revision);

        cable.mend();
        host.awaitRevision(revision);

        assertThat(host.finds("routes", "80")).isEmpty();
        assertThat(host.finds("routes", "81")).contains(2L);
    }

    @Test
    void aWatchFromACompactedRevisionEndsTheSession() throws Exception {
        long revision = etcd.put(ROUTES + "81", "{upstream=2}");
        etcd.compact(revision);
        try (var session = new EtcdSession(etcd.address())) {
            session.watch(ROUTES, 1);

            var lost = new CompletableFuture<IOException>();
            Await.until(
                    "it is told",
                    () -> {
                        try {
                            session.next(Duration.ofMillis(10));
                        } catch (IOException e) {
                            lost.complete(e);
                        } catch (InterruptedException e) {
                            throw new IllegalStateException(e);
                        }
                        return lost.isDone();
                    });

            assertThat(lost.join()).hasMessageContaining("compacted");
        }
    }

    @Test
    @DisplayName("traffic: through cuts, kills and resyncs a blocked network stays blocked")
    void traffic() throws InterruptedException {
        var blocked = host.connected("10.9.9.9", 0);
        var open = host.connected("172.20.0.1", 1);
        var isOver = new AtomicBoolean();
        var messages = new AtomicLong();
        var sender =
                inBackground(
                        () -> {
                            while (!isOver.get()) {
                                blocked.sends("x").failsWith(Errno.EACCES);
                                open.sends("y").succeeds();
                                assertThat(open.peer().received()).isEqualTo("y");
                                messages.incrementAndGet();
                            }
                        });
        var key = host.key("blocked", "192.168.7.7/32");
        var reader =
                inBackground(
                        () -> {
                            while (!isOver.get()) {
                                assertThat(host.object.map("blocked").lookup(key)).isPresent();
                            }
                        });

        for (int round = 1; round <= 3; round++) {
            // What is blocked is written anew each time, and much comes and goes beside it.
            cable.cut();
            host.awaitAway();
            etcd.put(BLOCKED + "192.168.0.0/16", "" + round);
            for (int i = 0; i < 50; i++) {
                var beside = BLOCKED + "11.%d.0.0/16".formatted(i);
                if (round % 2 == 1) etcd.put(beside, "1");
                else etcd.delete(beside);
            }
            if (round == 2) {
                etcd.kill();
                etcd.restart();
            }
            cable.mend();
            host.awaitRevision(etcd.put(SWITCHES + "3", "" + round));
            assertThat(host.finds("blocked", "192.168.7.7/32")).contains((long) round);
        }
        long before = messages.get();
        Await.until("traffic goes on", () -> messages.get() > before || sender.isDone());
        isOver.set(true);
        sender.join();
        reader.join();

        assertThat(host.contents("blocked")).hasSize(52);
        assertThat(blocked.peer().received()).isEmpty();
        assertThat(host.network.faults()).isEmpty();
    }

    /** On a thread of its own: it never pauses. */
    private static CompletableFuture<Void> inBackground(Runnable work) {
        return CompletableFuture.runAsync(work, task -> Thread.ofPlatform().daemon().start(task));
    }

    @Test
    void twoHostsAgreeAgainWhenOneOfThemWasCutOff() throws InterruptedException {
        try (var other = Host.synced(etcd.address())) {
            cable.cut();
            host.awaitAway();
            other.awaitRevision(etcd.put(BLOCKED + "172.16.0.0/12", "1"));
            long revision = etcd.delete(BLOCKED + "10.0.0.0/8");
            other.awaitRevision(revision);
            assertThat(host.contents("blocked")).isNotEqualTo(other.contents("blocked"));

            cable.mend();
            host.awaitRevision(revision);

            assertThat(host.contents("blocked")).isEqualTo(other.contents("blocked")).hasSize(2);
        }
    }

    @Test
    void aHostThatStartsWithoutTheStoreHasWhatItsObjectHasUntilItComes()
            throws InterruptedException {
        cable.cut();
        try (var late = new Host()) {
            late.object.map("routes").update(late.key("routes", "99"), new byte[8], UpdateFlag.ANY);
            late.bind(cable.address());
            Await.until("it was tried", () -> late.status().problem().isPresent());

            assertThat(late.finds("routes", "99")).isPresent();
            assertThat(late.status().applied()).isZero();
            assertThat(late.status().contact()).isEqualTo(Optional.empty());

            cable.mend();
            late.awaitSync();

            assertThat(late.finds("routes", "99")).isEmpty();
            assertThat(late.finds("routes", "80")).contains(1L);
        }
    }

    @Test
    @DisplayName("a member that has lost the others is away, though it can be reached")
    void quorum() throws InterruptedException {
        var members = Etcd.startCluster(folder, "one", "two", "three");
        try (var other = Host.synced(members.getFirst().address())) {
            other.awaitRevision(members.getLast().put(ROUTES + "80", "{upstream=1}"));

            members.get(1).kill();
            members.get(2).kill();
            other.awaitAway();
            assertThat(other.finds("routes", "80")).contains(1L);

            members.get(1).restart();
            other.awaitRevision(members.get(1).put(ROUTES + "80", "{upstream=2}"));
            assertThat(other.finds("routes", "80")).contains(2L);
        } finally {
            members.forEach(Etcd::close);
        }
    }
}
