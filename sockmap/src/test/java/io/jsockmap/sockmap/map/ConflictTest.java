package io.jsockmap.sockmap.map;

import static io.jsockmap.sockmap.map.Errnos.assertErrno;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.map.MapDefinition;
import io.jsockmap.bpf.map.MapType;
import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.bpf.program.Program;
import io.jsockmap.sockmap.network.Bytes;
import io.jsockmap.sockmap.network.Connection;
import io.jsockmap.sockmap.network.NetworkTest;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A socket has one program of each kind, and several entries only as far as that allows. */
class ConflictTest extends NetworkTest {
    private UserSockMap first;
    private UserSockMap second;
    private Connection connection;

    @BeforeEach
    void open() {
        first = map("first");
        second = map("second");
        connection = network.accepted();
    }

    private static UserSockMap map(String name) {
        return new UserSockMap(MapDefinition.of(name, MapType.SOCKMAP, 4, 8, 4));
    }

    private Program program(AttachType type) {
        return switch (type) {
            case SK_MSG_VERDICT -> network.load("msg-verdict").program("judge");
            case SK_SKB_STREAM_PARSER -> network.load("frames").program("parse");
            default -> network.load("frames").program("judge");
        };
    }

    @ParameterizedTest
    @DisplayName("M23: EBUSY for a second program of a kind, naming both maps, program and socket")
    @CsvSource({
        "SK_MSG_VERDICT, SK_MSG_VERDICT, an sk_msg program (judge)",
        "SK_SKB_STREAM_PARSER, SK_SKB_STREAM_PARSER, a parser (parse)",
        "SK_SKB_STREAM_VERDICT, SK_SKB_STREAM_VERDICT, a verdict (judge)",
        "SK_SKB_STREAM_VERDICT, SK_SKB_VERDICT, a verdict (judge)",
        "SK_SKB_VERDICT, SK_SKB_STREAM_VERDICT, a verdict (judge)",
        "SK_SKB_VERDICT, SK_SKB_VERDICT, a verdict (judge)"
    })
    void sameKind(AttachType held, AttachType brought, String named) {
        first.attach(program(held), held);
        second.attach(program(brought), brought);
        first.update(2, connection.socket(), UpdateFlag.ANY);

        assertErrno(Errno.EBUSY, () -> second.update(3, connection.socket(), UpdateFlag.ANY))
                .hasMessageContaining("map second, key 03000000")
                .hasMessageContaining("map first, key 02000000")
                .hasMessageContaining(named)
                .hasMessageContaining("socket %s, in state ESTABLISHED", connection.socket());
        assertThat(second.size()).isZero();
    }

    @ParameterizedTest
    @DisplayName("M23, P14: programs of different kinds add up")
    @CsvSource({
        "SK_MSG_VERDICT, SK_SKB_STREAM_VERDICT",
        "SK_SKB_STREAM_VERDICT, SK_MSG_VERDICT",
        "SK_SKB_STREAM_PARSER, SK_MSG_VERDICT",
        "SK_SKB_STREAM_PARSER, SK_SKB_VERDICT"
    })
    void differentKinds(AttachType held, AttachType brought) {
        first.attach(program(held), held);
        second.attach(program(brought), brought);

        first.update(0, connection.socket(), UpdateFlag.ANY);
        second.update(0, connection.socket(), UpdateFlag.ANY);

        assertThat(second.socket(0)).contains(connection.socket());
    }

    @Test
    @DisplayName("M23: the same program counts too")
    void sameProgram() {
        var judge = program(AttachType.SK_MSG_VERDICT);
        first.attach(judge, AttachType.SK_MSG_VERDICT);
        second.attach(judge, AttachType.SK_MSG_VERDICT);
        first.update(0, connection.socket(), UpdateFlag.ANY);

        assertErrno(Errno.EBUSY, () -> second.update(0, connection.socket(), UpdateFlag.ANY));
    }

    @Test
    @DisplayName("M24: under its own key a socket of a map with programs is EBUSY; delete first")
    void sameKeyAgain() {
        first.attach(program(AttachType.SK_MSG_VERDICT), AttachType.SK_MSG_VERDICT);
        first.update(0, connection.socket(), UpdateFlag.ANY);

        assertErrno(Errno.EBUSY, () -> first.update(0, connection.socket(), UpdateFlag.EXIST));
        first.delete(0);
        first.update(0, connection.socket(), UpdateFlag.ANY);

        assertThat(first.size()).isEqualTo(1);
    }

    @Test
    @DisplayName("M25: many entries of one socket, in one map and in several, each by itself")
    void manyEntries() {
        for (int i = 0; i < 4; i++) {
            first.update(i, connection.socket(), UpdateFlag.ANY);
            second.update(i, connection.socket(), UpdateFlag.ANY);
        }
        first.delete(2);

        assertThat(first.entries()).hasSize(3);
        assertThat(second.entries()).hasSize(4);
        assertThat(connection.socket().isMapped()).isTrue();
    }

    @Test
    @DisplayName("M27, F26: replacing a socket by itself leaves one entry, which counts once")
    void replacedByItself() {
        first.update(0, connection.socket(), UpdateFlag.ANY);
        first.update(0, connection.socket(), UpdateFlag.EXIST);

        assertThat(first.size()).isEqualTo(1);
        first.delete(0);
        assertThat(connection.socket().isMapped()).isFalse();
    }

    @Test
    @DisplayName("M26: replacing takes the old socket's programs away with its entry")
    void replacedByAnother() {
        first.attach(program(AttachType.SK_MSG_VERDICT), AttachType.SK_MSG_VERDICT);
        first.update(0, connection.socket(), UpdateFlag.ANY);
        var successor = network.accepted();

        first.update(0, successor.socket(), UpdateFlag.ANY);

        assertThat(connection.socket().isMapped()).isFalse();
        assertThat(connection.socket().programs().isEmpty()).isTrue();
        assertThat(successor.socket().programs().msg()).isNotNull();
        connection.sends("Drop would be dropped").succeeds();
        assertThat(connection.peer().received()).isEqualTo("Drop would be dropped");
    }

    @Test
    @DisplayName("F34: an entry takes exactly what it brought, whatever the map has now")
    void entryTakesWhatItBrought() {
        var judge = program(AttachType.SK_SKB_STREAM_VERDICT);
        first.attach(judge, AttachType.SK_SKB_STREAM_VERDICT);
        first.update(0, connection.socket(), UpdateFlag.ANY);
        second.update(0, connection.socket(), UpdateFlag.ANY);
        first.detach(judge, AttachType.SK_SKB_STREAM_VERDICT);

        first.delete(0);

        assertThat(connection.socket().programs().isEmpty()).isTrue();
        connection.peer().sends("native");
        assertThat(connection.reads()).isEqualTo("native");
    }

    @Test
    @DisplayName("F34, M43: an entry without programs takes none away, whatever its map has now")
    void plainEntryTakesNothing() {
        first.attach(program(AttachType.SK_SKB_STREAM_VERDICT), AttachType.SK_SKB_STREAM_VERDICT);
        second.update(0, connection.socket(), UpdateFlag.ANY);
        first.update(0, connection.socket(), UpdateFlag.ANY);
        second.attach(program(AttachType.SK_SKB_STREAM_VERDICT), AttachType.SK_SKB_STREAM_VERDICT);

        second.delete(0);

        assertThat(connection.socket().programs().verdict()).isNotNull();
    }

    @Test
    @DisplayName("C32: two tools with a table and an sk_msg program each")
    void twoTools() {
        var cilium = new UserSockHash(MapDefinition.of("cilium", MapType.SOCKHASH, 8, 8, 9));
        var beyla = new UserSockHash(MapDefinition.of("beyla", MapType.SOCKHASH, 8, 8, 9));
        cilium.attach(program(AttachType.SK_MSG_VERDICT), AttachType.SK_MSG_VERDICT);
        beyla.attach(program(AttachType.SK_MSG_VERDICT), AttachType.SK_MSG_VERDICT);
        var key = Bytes.u64(connection.cookie());
        cilium.update(key, connection.socket(), UpdateFlag.ANY);

        assertErrno(Errno.EBUSY, () -> beyla.update(key, connection.socket(), UpdateFlag.ANY))
                .hasMessageContaining("map beyla")
                .hasMessageContaining("map cilium")
                .hasMessageContaining("judge");
        connection.sends("Pass").succeeds();
        assertThat(connection.peer().received()).isEqualTo("Pass");
    }
}
