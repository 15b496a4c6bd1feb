package io.jsockmap.sockmap.map;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jsockmap.bpf.BpfException;
import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.map.MapDefinition;
import io.jsockmap.bpf.map.MapType;
import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.bpf.object.LoadOptions;
import io.jsockmap.sockmap.UserObject;
import io.jsockmap.sockmap.network.Bytes;
import io.jsockmap.sockmap.network.Connection;
import io.jsockmap.sockmap.network.NetworkTest;
import io.jsockmap.sockmap.socket.SocketKind;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;
import java.util.Set;

/** An object takes the place of another while sockets are in its maps. */
class SuccessionTest extends NetworkTest {
    private UserObject old;
    private UserObject next;
    private Connection client;
    private Connection server;

    @BeforeEach
    void splice() {
        old = version('1', LoadOptions.DEFAULT);
        next = version('2', LoadOptions.DEFAULT);
        client = network.accepted();
        server = network.connected();
        insert(old, client, server);
    }

    private UserObject version(char version, LoadOptions options) {
        var object = network.load("versioned", options.withVariable("version", version));
        var peers = object.sockHash("peers");
        peers.attach(object.program("parse"), AttachType.SK_SKB_STREAM_PARSER);
        peers.attach(object.program("verdict"), AttachType.SK_SKB_STREAM_VERDICT);
        return object;
    }

    private static void insert(UserObject object, Connection source, Connection target) {
        var key = Bytes.u64(source.cookie());
        object.sockHash("peers").update(key, target.socket(), UpdateFlag.ANY);
        // Under a key that nothing redirects to, so that it is judged.
        var own = Bytes.u64(-source.cookie());
        object.sockHash("peers").update(own, source.socket(), UpdateFlag.ANY);
    }

    private void replace() {
        network.engine().root().replace(old, next, Map.of());
    }

    private static String runs(UserObject object, char version) {
        var count = object.map("runs").lookup(Bytes.u32(version)).orElseThrow();
        return "%d runs".formatted(Bytes.number(count));
    }

    private static void refused(ThrowingCallable call, Errno errno) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        BpfException.class, e -> assertThat(e.errno()).isEqualTo(errno));
    }

    @Nested
    @DisplayName("What was received")
    class Received {
        @Test
        void newMessagesAreJudgedByTheNewOnes() {
            client.peer().sends("\5one.");
            replace();
            client.peer().sends("\5two.");

            assertThat(server.peer().received()).isEqualTo("\0051ne1\0052wo2");
        }

        @Test
        void aMessageThatWasBegunIsJudgedOnceAndByOneVersion() {
            client.peer().sends("\7beg");
            replace();
            client.peer().sends("un.");

            assertThat(server.peer().received()).isEqualTo("\0072egun2");
            assertThat(runs(old, '1')).isEqualTo("0 runs");
            assertThat(runs(next, '2')).isEqualTo("1 runs");
        }

        @Test
        void nothingIsJudgedByNobody() {
            replace();

            assertThat(client.socket().programs().isFramed()).isTrue();
            assertThat(client.reads()).isEmpty();
        }
    }

    @Nested
    @DisplayName("What is sent")
    class Sent {
        @BeforeEach
        void judgeSends() {
            for (var object : new UserObject[] {old, next}) {
                object.sockHash("peers").attach(object.program("msg"), AttachType.SK_MSG_VERDICT);
            }
            client = network.accepted();
            insert(old, client, network.connected());
        }

        @Test
        void newMessagesAreJudgedByTheNewOnes() {
            client.sends("..first").succeeds();
            replace();
            client.sends("..second").succeeds();

            assertThat(client.peer().received()).isEqualTo("1.first2.second");
        }

        @Test
        void aVerdictForSoManyBytesHoldsForThem() {
            client.sends("A\10abc").succeeds();
            replace();
            client.sends("def.more").succeeds();

            assertThat(client.peer().received()).isEqualTo("1\10abcdef2more");
        }

        @Test
        void aMessageThatIsHeldIsJudgedByTheProgramThatHoldsIt() {
            client.sends("C\7abc").succeeds();
            replace();
            client.sends("de").succeeds();
            client.sends("..new").succeeds();

            assertThat(client.peer().received()).isEqualTo("1\7abcde2.new");
        }
    }

    @Nested
    @DisplayName("Maps and keys")
    class Keys {
        @Test
        void eachSocketIsUnderItsKeyInTheNewMap() {
            replace();

            var peers = next.sockHash("peers");
            assertThat(peers.socket(Bytes.u64(client.cookie()))).contains(server.socket());
            assertThat(peers.size()).isEqualTo(2);
            assertThat(old.sockHash("peers").size()).isZero();
            assertThat(old.sockHash("peers").isReplaced()).isTrue();
        }

        @Test
        void whoStillUsesTheOldMapFindsInsertsAndDeletesInTheNewOne() {
            replace();
            var third = network.accepted();
            var key = Bytes.u64(client.cookie());

            assertThat(old.sockHash("peers").socket(key)).contains(server.socket());
            old.sockHash("peers").update(Bytes.u64(3), third.socket(), UpdateFlag.ANY);
            old.sockHash("peers").delete(key);

            assertThat(next.sockHash("peers").socket(Bytes.u64(3))).contains(third.socket());
            assertThat(third.socket().programs().verdict()).isEqualTo(next.program("verdict"));
            assertThat(next.sockHash("peers").socket(key)).isEmpty();
        }

        @Test
        void anEntryThatSomebodyHoldsIsRemovedWhereItIsNow() {
            var entry = old.sockHash("peers").entries().getFirst();
            replace();

            entry.remove();

            assertThat(next.sockHash("peers").entryWalk().map(Entry::key))
                    .doesNotContain(entry.key())
                    .hasSize(1);
        }

        @Test
        void aSocketThatClosesLeavesTheNewMap() {
            replace();

            client.closes();
            server.closes();

            assertThat(next.sockHash("peers").size()).isZero();
        }

        @Test
        void whatNothingFollowsIsLeftForFurtherPlacesInOneStep() {
            var other = network.load("events");
            var sockets = other.sockMap("sockets");
            sockets.attach(other.program("tell"), AttachType.SK_SKB_VERDICT);
            var place = new Succession.Place(sockets, Bytes.u32(0));

            network.engine().root().replace(old, other, Map.of(client.socket(), List.of(place)));

            assertThat(sockets.socket(0)).contains(client.socket());
            assertThat(client.socket().programs().verdict()).isEqualTo(other.program("tell"));
            assertThat(server.socket().isMapped()).isFalse();
            assertThat(old.sockHash("peers").size()).isZero();
        }

        @Test
        void versionsFollowEachOther() {
            replace();
            var third = version('3', LoadOptions.DEFAULT);
            network.engine().root().replace(next, third, Map.of());
            old.close();
            next.close();

            client.peer().sends("\5one.");

            assertThat(server.peer().received()).isEqualTo("\0053ne3");
            assertThat(old.sockHash("peers").socket(Bytes.u64(client.cookie()))).isPresent();
        }

        @Test
        void aMapThatIsKeptHasWhatItHad() {
            client.peer().sends("\5one.");
            next = version('2', LoadOptions.DEFAULT.withMap("runs", old.map("runs")));
            replace();

            client.peer().sends("\5two.");

            assertThat(runs(next, '1')).isEqualTo("1 runs");
            assertThat(runs(next, '2')).isEqualTo("1 runs");
        }
    }

    @Nested
    @DisplayName("What can't be")
    class Refused {
        private void nothingHasChanged() {
            client.peer().sends("\5one.");
            assertThat(server.peer().received()).isEqualTo("\0051ne1");
            assertThat(old.sockHash("peers").isReplaced()).isFalse();
        }

        @Test
        void aSmallerMap() {
            next = version('2', LoadOptions.DEFAULT.withMaxEntries("peers", 10));

            refused(SuccessionTest.this::replace, Errno.EINVAL);
            nothingHasChanged();
        }

        @Test
        void aKeyThatIsInTheNewMapAlready() {
            var other = network.accepted();
            next.sockHash("peers")
                    .update(Bytes.u64(client.cookie()), other.socket(), UpdateFlag.ANY);

            refused(SuccessionTest.this::replace, Errno.EEXIST);
            nothingHasChanged();
        }

        @Test
        void twoSocketsInOnePlace() {
            var place = new Succession.Place(next.sockHash("peers"), Bytes.u64(77));
            var more = Map.of(client.socket(), List.of(place), server.socket(), List.of(place));

            refused(() -> network.engine().root().replace(old, next, more), Errno.EEXIST);
            nothingHasChanged();
        }

        @Test
        void aSecondProgramOfAKind() {
            var elsewhere = network.load("msg-verdict");
            elsewhere
                    .sockMap("targets")
                    .attach(elsewhere.program("judge"), AttachType.SK_MSG_VERDICT);
            elsewhere.sockMap("targets").update(0, client.socket(), UpdateFlag.ANY);
            next.sockHash("peers").attach(next.program("msg"), AttachType.SK_MSG_VERDICT);

            refused(SuccessionTest.this::replace, Errno.EBUSY);
            nothingHasChanged();
        }

        @Test
        void aParserForDatagrams() {
            var plain = new UserSockMap(MapDefinition.of("plain", MapType.SOCKMAP, 4, 8, 4));
            var framed = new UserSockMap(MapDefinition.of("framed", MapType.SOCKMAP, 4, 8, 4));
            framed.attach(next.program("parse"), AttachType.SK_SKB_STREAM_PARSER);
            framed.attach(next.program("verdict"), AttachType.SK_SKB_STREAM_VERDICT);
            plain.update(0, network.connected(SocketKind.UDP).socket(), UpdateFlag.ANY);

            refused(
                    () -> new Succession(Map.of(plain, framed), Set.of(), Map.of()).run(),
                    Errno.EOPNOTSUPP);
            assertThat(plain.size()).isEqualTo(1);
        }

        @Test
        void anotherKindOfMap() {
            var hash = new UserSockHash(MapDefinition.of("hash", MapType.SOCKHASH, 4, 8, 4));
            var array = new UserSockMap(MapDefinition.of("array", MapType.SOCKMAP, 4, 8, 4));

            refused(() -> new Succession(Map.of(array, hash), Set.of(), Map.of()), Errno.EINVAL);
        }

        @Test
        void aMapToBeKeptThatDiffers() {
            var other = next.map("peers");

            refused(() -> version('3', LoadOptions.DEFAULT.withMap("runs", other)), Errno.EINVAL);
            refused(() -> version('3', LoadOptions.DEFAULT.withMap("none", other)), Errno.ENOENT);
        }
    }

    @Test
    @DisplayName("sock_ops programs hear of connections in place of the others, and those alone")
    void sockOps() {
        var first = network.load("map-programs");
        var second = network.load("map-programs");
        network.engine().attach(first.program("remember"));

        network.engine().root().replace(first, second, Map.of());

        assertThat(network.engine().root().attached()).containsExactly(second.program("remember"));
    }
}
