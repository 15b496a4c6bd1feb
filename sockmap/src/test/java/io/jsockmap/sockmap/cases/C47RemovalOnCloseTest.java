package io.jsockmap.sockmap.cases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jsockmap.bpf.BpfException;
import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.map.MapDefinition;
import io.jsockmap.bpf.map.MapType;
import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.sockmap.map.UserSockHash;
import io.jsockmap.sockmap.network.Bytes;
import io.jsockmap.sockmap.network.Connection;
import io.jsockmap.sockmap.network.NetworkTest;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** When is an entry removed? By itself, when its socket closes. */
@DisplayName("C47: removal on close")
class C47RemovalOnCloseTest extends NetworkTest {

    @Test
    void aThousandConnectionsLeaveAnEmptyMap() {
        var map = hash(1000);
        for (int i = 0; i < 1000; i++) {
            var connection = insert(map);
            assertThat(map.size()).isEqualTo(1);
            connection.closes();
            assertThat(map.size()).isZero();
        }

        assertThat(map.firstKey()).isEmpty();
        assertThat(map.entries()).isEmpty();
    }

    @Test
    @DisplayName("M19: a full map gives E2BIG until one socket closes")
    void aFullMapHasRoomAgainWhenASocketCloses() {
        var map = hash(2);
        var first = insert(map);
        insert(map);

        assertThatThrownBy(() -> insert(map))
                .isInstanceOfSatisfying(
                        BpfException.class, e -> assertThat(e.errno()).isEqualTo(Errno.E2BIG))
                .hasMessageContaining("map sockets")
                .hasMessageContaining("all 2 entries");

        first.closes();
        insert(map);
        assertThat(map.size()).isEqualTo(2);
    }

    private static UserSockHash hash(int entries) {
        return new UserSockHash(MapDefinition.of("sockets", MapType.SOCKHASH, 8, 8, entries));
    }

    private Connection insert(UserSockHash map) {
        var connection = network.accepted();
        map.update(Bytes.u64(connection.cookie()), connection.socket(), UpdateFlag.NOEXIST);
        return connection;
    }
}
