package io.jsockmap.store;

import static io.jsockmap.store.Host.BLOCKED;
import static io.jsockmap.store.Host.ROUTES;
import static io.jsockmap.store.Host.SWITCHES;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jsockmap.bpf.BpfException;
import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.map.IndexKey;
import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.policy.LivePolicy;
import io.jsockmap.policy.PolicyFile;
import io.jsockmap.sockmap.socket.SockListener;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Maps as a store has them, while it is there. */
class StoreBindingTest {
    @TempDir private static Path folder;
    private static Etcd etcd;

    private Host host;

    @BeforeAll
    static void start() {
        etcd = Etcd.start(folder);
    }

    @AfterAll
    static void stop() {
        if (etcd != null) etcd.close();
    }

    @AfterEach
    void close() {
        if (host != null) host.close();
        etcd.deleteAll("/");
    }

    private void synced() throws InterruptedException {
        host = Host.synced(etcd.address());
    }

    @Nested
    class Entries {
        @Test
        void whatIsThereAlreadyIsInTheMapsOnceTheyAreInSync() throws InterruptedException {
            etcd.put(BLOCKED + "10.0.0.0/8", "1");
            etcd.put(ROUTES + "443", "{upstream=7, weight=100}\n");
            long revision = etcd.put(SWITCHES + "2", "1 << 40");

            synced();

            assertThat(host.finds("blocked", "10.1.2.3/32")).contains(1L);
            assertThat(host.finds("routes", "443")).contains(7 + (100L << 32));
            assertThat(host.finds("switches", "2")).contains(1L << 40);
            assertThat(host.status().applied()).isGreaterThanOrEqualTo(revision);
            assertThat(host.status().lag()).isZero();
            assertThat(host.status().awaySince()).isEmpty();
        }

        @Test
        void whatIsWrittenLaterArrives() throws InterruptedException {
            synced();

            etcd.put(BLOCKED + "10.0.0.0/8", "1");
            host.awaitRevision(etcd.put(BLOCKED + "10.0.0.0/8", "2"));

            assertThat(host.finds("blocked", "10.1.2.3/32")).contains(2L);
            assertThat(host.status().maps().getFirst().entries()).isEqualTo(1);
            assertThat(host.status().resyncs()).isEqualTo(1);
        }

        @Test
        void whatIsDeletedGoes() throws InterruptedException {
            etcd.put(BLOCKED + "10.0.0.0/8", "1");
            etcd.put(BLOCKED + "10.7.0.0/16", "2");
            synced();

            host.awaitRevision(etcd.delete(BLOCKED + "10.0.0.0/8"));

            assertThat(host.finds("blocked", "10.7.0.1/32")).contains(2L);
            assertThat(host.finds("blocked", "10.8.0.1/32")).isEmpty();
        }

        @Test
        void anElementOfAnArrayIsZeroWhenItsEntryIsDeleted() throws InterruptedException {
            etcd.put(SWITCHES + "1", "5");
            synced();

            host.awaitRevision(etcd.delete(SWITCHES + "1"));

            assertThat(host.finds("switches", "1")).contains(0L);
        }

        @Test
        @DisplayName("the store is the truth: what else the object had in its maps is gone")
        void truth() throws InterruptedException {
            etcd.put(ROUTES + "80", "{upstream=1}");
            host = new Host();
            host.object.map("routes").update(IndexKey.of(81), new byte[8], UpdateFlag.ANY);
            host.object
                    .map("switches")
                    .update(IndexKey.of(3), new byte[] {1, 0, 0, 0, 0, 0, 0, 0}, UpdateFlag.ANY);
            host.bind(etcd.address());

            host.awaitSync();

            assertThat(host.object.map("routes").keys()).containsExactly(IndexKey.of(80));
            assertThat(host.finds("switches", "3")).contains(0L);
        }

        @Test
        void moreEntriesThanComeAtOnceAreReadPageByPage() throws InterruptedException {
            // Two more than two pages would have; the trie has room for 1024.
            for (int i = 0; i < 2002; i++)
                etcd.put(BLOCKED + "10.0.%d.%d/32".formatted(i >> 8, i & 255), "1");

            synced();

            var status = host.status().maps().getFirst();
            assertThat(status.entries()).isEqualTo(1024);
            assertThat(status.rejected()).hasSize(2002 - 1024);
            assertThat(host.object.map("blocked").count()).hasValue(1024);
        }

        @Test
        @DisplayName("of two names for a key the one written last counts, on all hosts")
        void twoNames() throws InterruptedException {
            etcd.put(ROUTES + "0x50", "{upstream=1}");
            etcd.put(ROUTES + "80", "{upstream=2}");
            synced();
            assertThat(host.finds("routes", "80")).contains(2L);

            host.awaitRevision(etcd.put(ROUTES + "0x50", "{upstream=3}"));
            assertThat(host.finds("routes", "80")).contains(3L);

            host.awaitRevision(etcd.delete(ROUTES + "0x50"));
            assertThat(host.finds("routes", "80")).contains(2L);
        }

        @Test
        void bitsBehindAPrefixMakeNoOtherKey() throws InterruptedException {
            etcd.put(BLOCKED + "10.1.2.3/8", "1");
            synced();

            etcd.put(BLOCKED + "10.0.0.0/8", "2");
            host.awaitRevision(etcd.delete(BLOCKED + "10.1.2.3/8"));

            assertThat(host.finds("blocked", "10.9.9.9/32")).contains(2L);
        }
    }

    @Nested
    class Rejected {
        @Test
        void aMalformedEntryIsNamedAndStopsNoOther() throws InterruptedException {
            etcd.put(BLOCKED + "10.0.0.0/8", "1");
            etcd.put(BLOCKED + "10.0.0.0/99", "1");
            etcd.put(BLOCKED + "localhost", "1");
            etcd.put(BLOCKED + "192.168.0.0/16", "yes");
            etcd.put(ROUTES + "(".repeat(100_000), "1");
            synced();

            host.awaitRevision(etcd.put(BLOCKED + "172.16.0.0/12", "1"));

            assertThat(host.finds("blocked", "10.1.2.3/32")).contains(1L);
            assertThat(host.finds("blocked", "172.16.0.1/32")).contains(1L);
            assertThat(host.status().rejected()).isEqualTo(4);
            assertThat(host.status().maps().getFirst().rejected())
                    .containsOnlyKeys("10.0.0.0/99", "localhost", "192.168.0.0/16");
            assertThat(host.status().maps().getFirst().rejected().get("10.0.0.0/99"))
                    .contains("a network of at most 32 bits");
        }

        @Test
        void anElementStaysWhenItsEntryBecomesMalformed() throws InterruptedException {
            etcd.put(ROUTES + "80", "{upstream=1}");
            synced();

            host.awaitRevision(etcd.put(ROUTES + "80", "{upstraem=2}"));

            assertThat(host.finds("routes", "80")).contains(1L);
            assertThat(host.status().maps().get(1).rejected().get("80"))
                    .contains("struct route has no field upstraem");

            host.awaitRevision(etcd.put(ROUTES + "80", "{upstream=2}"));

            assertThat(host.finds("routes", "80")).contains(2L);
            assertThat(host.status().rejected()).isZero();
        }

        @Test
        void whatFindsNoRoomGetsInWhenThereIsSome() throws InterruptedException {
            for (int port = 1; port <= 4; port++) etcd.put(ROUTES + port, "{upstream=1}");
            synced();

            host.awaitRevision(etcd.put(ROUTES + "5", "{upstream=5}"));
            assertThat(host.finds("routes", "5")).isEmpty();
            assertThat(host.status().maps().get(1).rejected().get("5"))
                    .contains("all 4 entries are in use");

            host.awaitRevision(etcd.delete(ROUTES + "1"));
            assertThat(host.finds("routes", "5")).contains(5L);
            assertThat(host.status().rejected()).isZero();
        }

        @Test
        void anIndexBeyondAnArrayIsRejected() throws InterruptedException {
            etcd.put(SWITCHES + "4", "1");
            synced();
            assertThat(host.status().maps().get(2).rejected()).containsOnlyKeys("4");

            host.awaitRevision(etcd.delete(SWITCHES + "4"));
            assertThat(host.status().rejected()).isZero();
            assertThat(host.status().maps().get(2).problem()).isEmpty();
        }

        @Test
        void mapsOfOtherKindsCantBeBound() {
            host = new Host();
            var shared = List.of(new SharedMap("/s/", "sockets"));

            assertThatThrownBy(() -> StoreBinding.open(etcd.address(), shared, () -> host.object))
                    .isInstanceOf(BpfException.class)
                    .hasMessageContaining("only hash, lpm_trie and array can");
        }

        @Test
        void aMapHasOnePrefix() {
            host = new Host();
            var shared = List.of(new SharedMap("/a/", "routes"), new SharedMap("/b/", "routes"));

            assertThatThrownBy(() -> StoreBinding.open(etcd.address(), shared, () -> host.object))
                    .isInstanceOfSatisfying(
                            BpfException.class, e -> assertThat(e.errno()).isEqualTo(Errno.EEXIST));
        }
    }

    @Nested
    class Versions {
        private LivePolicy policy;
        private StoreBinding binding;

        private PolicyFile file(String... more) throws IOException {
            var text =
                    "object: %s\nattach: [judge=sockets]\n%s\n"
                            .formatted(Host.OBJECT, String.join("\n", more));
            return PolicyFile.read(Files.writeString(folder.resolve("policy.yaml"), text));
        }

        private void open(PolicyFile file) throws InterruptedException {
            policy = LivePolicy.open(file, SockListener.NONE);
            binding = StoreBinding.open(etcd.address(), Host.SHARED, policy::object);
            assertThat(binding.awaitSync(Duration.ofSeconds(60))).isTrue();
        }

        @AfterEach
        void closePolicy() {
            binding.close();
            policy.close();
        }

        private Optional<byte[]> route(int port) {
            return policy.object().map("routes").lookup(IndexKey.of(port));
        }

        @Test
        void theMapOfAnotherVersionIsFilledAndFollows() throws Exception {
            etcd.put(ROUTES + "80", "{upstream=1}");
            open(file());
            var before = policy.object().map("routes");

            policy.replace(file());
            Await.until("the new map is filled", () -> route(80).isPresent());
            etcd.put(ROUTES + "81", "{upstream=2}");

            Await.until("the new map follows", () -> route(81).isPresent());
            assertThat(policy.object().map("routes")).isNotSameAs(before);
        }

        @Test
        void aMapThatIsKeptIsNeverEmpty() throws Exception {
            etcd.put(ROUTES + "80", "{upstream=1}");
            open(file("keep: [routes]"));

            var before = policy.object().map("routes");
            policy.replace(file("keep: [routes]"));

            assertThat(policy.object().map("routes")).isSameAs(before);
            assertThat(route(80)).isPresent();
            etcd.put(ROUTES + "81", "{upstream=2}");
            Await.until("it still follows", () -> route(81).isPresent());
        }

        @Test
        void anEntryThatDidNotFitBeforeMayFitAnotherVersion() throws Exception {
            for (int port = 1; port <= 5; port++) etcd.put(ROUTES + port, "{upstream=1}");
            open(file());
            assertThat(binding.status().rejected()).isEqualTo(1);

            policy.replace(file("max-entries: {routes: 8}"));

            Await.until("all are in", () -> policy.object().map("routes").keys().size() == 5);
            assertThat(binding.status().rejected()).isZero();
        }
    }

    @Nested
    class SeveralHosts {
        @Test
        void theyAgree() throws InterruptedException {
            etcd.put(BLOCKED + "10.0.0.0/8", "1");
            synced();
            try (var other = Host.synced(etcd.address())) {
                long revision = 0;
                for (int i = 0; i < 200; i++) {
                    var name = BLOCKED + "10.%d.0.0/16".formatted(i % 20);
                    revision = i % 3 == 0 ? etcd.delete(name) : etcd.put(name, "" + i);
                }
                // A delete of nothing has no revision of its own.
                revision = etcd.put(ROUTES + "1", "{upstream=1}");
                host.awaitRevision(revision);
                other.awaitRevision(revision);

                assertThat(host.contents("blocked"))
                        .isEqualTo(other.contents("blocked"))
                        .hasSizeGreaterThan(5);
            }
        }
    }

    @Nested
    class Status {
        @Test
        void itKnowsThatNothingIsMissedWhileOthersWriteElsewhere() throws InterruptedException {
            synced();

            host.awaitRevision(etcd.put("/somewhere/else", "1"));

            assertThat(host.status().lag()).isZero();
            assertThat(host.status().heard()).isEqualTo(host.status().applied());
        }

        @Test
        @DisplayName("no thread is left when it is closed, and the maps stay")
        void closed() throws InterruptedException {
            etcd.put(ROUTES + "80", "{upstream=1}");
            var before = threads();
            synced();
            assertThat(threads()).isNotEqualTo(before);

            host.binding().close();
            host.binding().close();

            Await.until("no thread is left", () -> before.containsAll(threads()));
            assertThat(host.finds("routes", "80")).contains(1L);
        }

        @Test
        void itCanBeClosedWhileNobodyAnswers() throws InterruptedException {
            var before = threads();
            host = new Host();
            host.bind(StoreAddress.of("http://127.0.0.1:1"));
            Await.until("it was tried", () -> host.status().problem().isPresent());

            host.binding().close();

            Await.until("no thread is left", () -> before.containsAll(threads()));
        }

        /** Those that a binding may have begun. */
        private static Set<Thread> threads() {
            return Thread.getAllStackTraces().keySet().stream()
                    .filter(t -> t.getName().matches("(store|vert\\.x|vertx|jetcd).*"))
                    .collect(Collectors.toSet());
        }
    }
}
