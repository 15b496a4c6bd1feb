package io.jsockmap.sockmap.map;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.map.MapDefinition;
import io.jsockmap.bpf.map.MapType;
import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.sockmap.UserObject;
import io.jsockmap.sockmap.network.Connection;
import io.jsockmap.sockmap.network.NetworkTest;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What ends with a map, and what with an object. */
class MapEndTest extends NetworkTest {
    private final UserObject programs = network.load("map-programs");
    private final UserSockMap map =
            new UserSockMap(MapDefinition.of("m", MapType.SOCKMAP, 4, 8, 4));

    private Connection insert(UserSockMap into, int index) {
        var connection = network.connected();
        into.update(index, connection.socket(), UpdateFlag.ANY);
        return connection;
    }

    @Test
    @DisplayName(
            "M52: the last descriptor takes the programs along; sockets keep theirs, and their"
                    + " place")
    void detachAll() {
        map.attach(programs.program("drop_sent"), AttachType.SK_MSG_VERDICT);
        map.attach(programs.program("drop_received"), AttachType.SK_SKB_VERDICT);
        var early = insert(map, 0);

        map.detachAll();
        var late = insert(map, 1);

        assertThat(map.programs().isEmpty()).isTrue();
        assertThat(map.size()).isEqualTo(2);
        early.sends("x").failsWith(Errno.EACCES);
        late.sends("x").succeeds();
    }

    @Test
    @DisplayName("M52, P12: a link counts as a descriptor: the map's programs go with the last one")
    void detachAllBesideLinks() {
        map.attach(programs.program("drop_received"), AttachType.SK_SKB_VERDICT);
        var first = map.link(programs.program("drop_sent"), AttachType.SK_MSG_VERDICT);
        var second = map.link(programs.program("parse"), AttachType.SK_SKB_STREAM_PARSER);

        map.detachAll();
        first.detach();
        assertThat(map.attached(AttachType.SK_SKB_VERDICT)).isPresent();
        assertThat(map.attached(AttachType.SK_SKB_STREAM_PARSER)).isPresent();
        assertThat(map.attached(AttachType.SK_MSG_VERDICT)).isEmpty();

        second.detach();
        assertThat(map.programs().isEmpty()).isTrue();
    }

    @Test
    @DisplayName(
            "M53, P12: an object that is closed leaves a map to its links, and the last of them"
                    + " frees it")
    void objectClosesBesideLink() {
        var object = network.load("msg-verdict");
        var targets = object.sockMap("targets");
        var link = targets.link(object.program("judge"), AttachType.SK_MSG_VERDICT);
        var early = insert(targets, 0);

        object.close();
        early.sends("Drop").failsWith(Errno.EACCES);
        insert(targets, 1).sends("Drop").failsWith(Errno.EACCES);

        link.close();
        assertThat(targets.programs().isEmpty()).isTrue();
        assertThat(targets.size()).isZero();
    }

    @Test
    @DisplayName("M53: clearing a map leaves programs to their links")
    void clearBesideLink() {
        map.attach(programs.program("drop_received"), AttachType.SK_SKB_VERDICT);
        map.link(programs.program("drop_sent"), AttachType.SK_MSG_VERDICT);
        insert(map, 0);

        map.clear();

        assertThat(map.size()).isZero();
        assertThat(map.attached(AttachType.SK_SKB_VERDICT)).isEmpty();
        assertThat(map.attached(AttachType.SK_MSG_VERDICT)).isPresent();
    }
}
