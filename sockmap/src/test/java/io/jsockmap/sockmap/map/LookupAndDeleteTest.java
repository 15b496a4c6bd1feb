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

/** Looking up and deleting: what a refusal says; and how entries end. */
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
