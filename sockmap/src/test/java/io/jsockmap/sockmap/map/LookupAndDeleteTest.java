package io.jsockmap.sockmap.map;

import static io.jsockmap.sockmap.map.Errnos.assertErrno;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.map.Batch;
import io.jsockmap.bpf.map.MapDefinition;
import io.jsockmap.bpf.map.MapType;
import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.sockmap.network.Bytes;
import io.jsockmap.sockmap.network.Connection;
import io.jsockmap.sockmap.network.NetworkTest;
import io.jsockmap.sockmap.socket.TcpState;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import java.util.List;

/** Looking up, deleting, iterating, and how entries end. */
class LookupAndDeleteTest extends NetworkTest {
    private UserSockMap map;
    private UserSockHash hash;
    private Connection connection;

    @BeforeEach
    void open() {
        map = new UserSockMap(MapDefinition.of("slots", MapType.SOCKMAP, 4, 8, 3));
        hash = new UserSockHash(MapDefinition.of("table", MapType.SOCKHASH, 4, 8, 8));
        connection = network.accepted();
        map.update(1, connection.socket(), UpdateFlag.ANY);
        hash.update(Bytes.u32(10), connection.socket(), UpdateFlag.ANY);
    }

    @Test
    @DisplayName("M36, C54: a value of 8 bytes reads as the socket's cookie")
    void cookie() {
        assertThat(map.lookup(Bytes.u32(1))).contains(Bytes.u64(connection.cookie()));
        assertThat(hash.lookup(Bytes.u32(10))).contains(Bytes.u64(connection.cookie()));
    }

    @Test
    @DisplayName("M36: an empty key, and an index behind the end, have no value")
    void nothingThere() {
        assertThat(map.lookup(Bytes.u32(0))).isEmpty();
        assertThat(map.lookup(Bytes.u32(3))).isEmpty();
        assertThat(hash.lookup(Bytes.u32(11))).isEmpty();
    }

    @Test
    @DisplayName("M36, C54: a value of 4 bytes is ENOSPC, whatever the key")
    void smallValue() {
        var small = new UserSockMap(MapDefinition.of("small", MapType.SOCKMAP, 4, 4, 1));

        assertErrno(Errno.ENOSPC, () -> small.lookup(Bytes.u32(0)))
                .hasMessageContaining("map small");
        assertErrno(Errno.ENOSPC, () -> small.lookup(Bytes.u32(9)));
    }

    @Test
    @DisplayName("M39: deleting what is not there: EINVAL in a SOCKMAP, ENOENT in a SOCKHASH")
    void deleteOfNothing() {
        assertErrno(Errno.EINVAL, () -> map.delete(0)).hasMessageContaining("index 0 of 3");
        assertErrno(Errno.EINVAL, () -> map.delete(3)).hasMessageContaining("index 3 of 3");
        assertErrno(Errno.ENOENT, () -> hash.delete(Bytes.u32(11)))
                .hasMessageContaining("map table (sockhash): no key 0b000000");
    }

    @Test
    @DisplayName(
            "M40: SOCKMAP iterates over all indices, empty ones too, and starts again at any other")
    void nextIndex() {
        assertThat(map.firstKey()).contains(Bytes.u32(0));
        assertThat(map.nextKey(Bytes.u32(0))).contains(Bytes.u32(1));
        assertThat(map.nextKey(Bytes.u32(1))).contains(Bytes.u32(2));
        assertThat(map.nextKey(Bytes.u32(2))).isEmpty();
        assertThat(map.nextKey(Bytes.u32(3))).contains(Bytes.u32(0));
        assertThat(map.nextKey(Bytes.u32(0xffff_ffffL))).contains(Bytes.u32(0));
    }

    @Test
    @DisplayName(
            "M41: SOCKHASH iterates over each key once, and starts again at a key that is gone")
    void nextHashKey() {
        for (int i = 20; i <= 50; i += 10) {
            hash.update(Bytes.u32(i), connection.socket(), UpdateFlag.ANY);
        }

        assertThat(hash.keys().stream().map(Bytes::number))
                .containsExactlyInAnyOrder(10L, 20L, 30L, 40L, 50L);
        var first = hash.firstKey().orElseThrow();
        assertThat(hash.nextKey(Bytes.u32(99))).contains(first);
    }

    @Test
    @DisplayName("M41: an empty SOCKHASH has no first key")
    void emptyHash() {
        hash.delete(Bytes.u32(10));

        assertThat(hash.firstKey()).isEmpty();
        assertThat(hash.nextKey(Bytes.u32(1))).isEmpty();
    }

    @Test
    @DisplayName("M45: a socket is unmapped when its last entry goes, and reads natively on")
    void lastEntry() {
        map.delete(1);
        assertThat(connection.socket().isMapped()).isTrue();
        hash.delete(Bytes.u32(10));
        assertThat(connection.socket().isMapped()).isFalse();

        connection.peer().sends("on");
        assertThat(connection.reads()).isEqualTo("on");
    }

    @Test
    @DisplayName("M46: closing takes the socket out of all its maps")
    void close() {
        map.update(0, connection.socket(), UpdateFlag.ANY);

        connection.closes();

        assertThat(map.size()).isZero();
        assertThat(hash.size()).isZero();
    }

    @Test
    void anAbortTakesTheSocketOutOfAllItsMaps() {
        connection.aborts();

        assertThat(map.size() + hash.size()).isZero();
        assertThat(connection.peer().sawReset()).isTrue();
    }

    @Test
    @DisplayName("M47: neither end of stream, shutdown nor reset remove a socket")
    void laterStates() {
        connection.peer().closes();
        assertThat(connection.socket().state()).isEqualTo(TcpState.CLOSE_WAIT);
        assertThat(map.socket(1)).contains(connection.socket());

        connection.shutsOutput();
        assertThat(connection.socket().state()).isEqualTo(TcpState.LAST_ACK);
        assertThat(map.socket(1)).contains(connection.socket());

        connection.peer().resets();
        assertThat(connection.socket().state()).isEqualTo(TcpState.CLOSE);
        assertThat(map.socket(1)).contains(connection.socket());
        assertThat(map.lookup(Bytes.u32(1))).contains(Bytes.u64(connection.cookie()));

        connection.closes();
        assertThat(map.size()).isZero();
    }

    @Test
    @DisplayName("M53: clearing a map removes its entries as delete does")
    void clear() {
        map.clear();

        assertThat(map.entries()).isEmpty();
        assertThat(connection.socket().isMapped()).as("by the other map").isTrue();
        hash.clear();
        assertThat(connection.socket().isMapped()).isFalse();
    }

    @Test
    @DisplayName("M42: lookup-and-delete and batches are ENOTSUPP, and change nothing")
    void togetherIsNotSupported() {
        for (UserSocketMap each : List.of(map, hash)) {
            var key = each.entries().getFirst().key();
            var element = new Batch.Element(key, Bytes.u64(1));

            assertErrno(Errno.ENOTSUPP, () -> each.lookupAndDelete(key));
            assertErrno(Errno.ENOTSUPP, () -> each.batch().lookup(1));
            assertErrno(Errno.ENOTSUPP, () -> each.batch().lookupAndDelete(1));
            assertErrno(Errno.ENOTSUPP, () -> each.batch().update(List.of(element)));
            assertErrno(Errno.ENOTSUPP, () -> each.batch().delete(List.of(key)));
            assertThat(each.socket(key)).contains(connection.socket());
        }
    }

    @Test
    void entriesTellKeyAndSocket() {
        var entry = hash.entries().getFirst();

        assertThat(entry.key()).isEqualTo(Bytes.u32(10));
        assertThat(entry.socket()).isSameAs(connection.socket());
        assertThat(entry.place()).isEqualTo("map table, key 0a000000");
        entry.remove();
        assertThat(hash.size()).isZero();
    }
}
