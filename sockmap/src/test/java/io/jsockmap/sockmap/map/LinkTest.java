package io.jsockmap.sockmap.map;

import static io.jsockmap.sockmap.map.Errnos.assertErrno;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.map.MapDefinition;
import io.jsockmap.bpf.map.MapType;
import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.bpf.program.Program;
import io.jsockmap.sockmap.UserObject;
import io.jsockmap.sockmap.network.Connection;
import io.jsockmap.sockmap.network.NetworkTest;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Programs that are attached by a link: what a refusal says, and what a link keeps. */
class LinkTest extends NetworkTest {
    private final UserObject object = network.load("map-programs");
    private final UserSockMap map =
            new UserSockMap(MapDefinition.of("m", MapType.SOCKMAP, 4, 8, 4));
    private final Program pass = object.program("pass_sent");
    private final Program drop = object.program("drop_sent");
    private final Program received = object.program("pass_received");

    private Connection insert(int index) {
        var connection = network.connected();
        map.update(index, connection.socket(), UpdateFlag.ANY);
        return connection;
    }

    @Test
    @DisplayName("P8: a program of another type is EINVAL, and sock_ops do not go to maps")
    void wrongType() {
        assertErrno(Errno.EINVAL, () -> map.link(received, AttachType.SK_MSG_VERDICT));
        assertErrno(Errno.EINVAL, () -> map.link(pass, AttachType.SK_SKB_VERDICT));
        assertErrno(Errno.EINVAL, () -> map.link(object.program("remember"), AttachType.SOCK_OPS));
        assertThat(map.isLinked()).isFalse();
    }

    @ParameterizedTest
    @DisplayName("P9: attach, detach and a second link find a slot that a link holds EBUSY")
    @EnumSource(names = {"SK_SKB_STREAM_PARSER", "SK_SKB_STREAM_VERDICT", "SK_SKB_VERDICT"})
    void held(AttachType type) {
        map.link(received, type);

        assertErrno(Errno.EBUSY, () -> map.attach(received, type))
                .hasMessageContaining("map m (sockmap)")
                .hasMessageContaining("a link holds " + type)
                .hasMessageContaining("pass_received");
        assertErrno(Errno.EBUSY, () -> map.detach(received, type));
        assertErrno(Errno.EBUSY, () -> map.link(received, type));
        assertThat(map.attached(type)).contains(received);
    }

    @Test
    @DisplayName("P10: another program than the expected one is EPERM, and nothing changes")
    void updateOfUnexpected() {
        var link = map.link(drop, AttachType.SK_MSG_VERDICT);

        assertErrno(Errno.EPERM, () -> link.update(pass, pass))
                .hasMessageContaining("has program drop_sent (sk_msg), not pass_sent (sk_msg)");
        assertThat(map.attached(AttachType.SK_MSG_VERDICT)).contains(drop);

        link.update(pass, drop);
        assertThat(map.attached(AttachType.SK_MSG_VERDICT)).contains(pass);
    }

    @Test
    @DisplayName("P10: a link that is detached is ENOLINK; EPERM and EINVAL come before")
    void updateOfDetached() {
        var link = map.link(drop, AttachType.SK_MSG_VERDICT);
        link.detach();

        assertErrno(Errno.ENOLINK, () -> link.update(pass)).hasMessageContaining("is detached");
        assertErrno(Errno.EPERM, () -> link.update(pass, pass));
        assertErrno(Errno.EINVAL, () -> link.update(received));
        assertThat(map.attached(AttachType.SK_MSG_VERDICT)).isEmpty();
    }

    @Test
    @DisplayName("P11: detaching empties the slot, twice is harmless; the link tells map and type")
    void detach() {
        var link = map.link(drop, AttachType.SK_MSG_VERDICT);
        assertThat(link.mapId()).isEqualTo(map.id()).isNotZero();
        assertThat(link.attachType()).isEqualTo(AttachType.SK_MSG_VERDICT);

        link.detach();
        link.detach();

        assertThat(map.attached(AttachType.SK_MSG_VERDICT)).isEmpty();
        assertThat(link.mapId()).isZero();
        assertThat(link.attachType()).isEqualTo(AttachType.SK_MSG_VERDICT);
        assertThat(link.program()).as("P12: it keeps the program").isSameAs(drop);
    }

    @Test
    @DisplayName(
            "P10, C53: bytes on their way meet the old program or the new one, and none is lost")
    void replacedBetweenPieces() {
        var link = map.link(received, AttachType.SK_SKB_STREAM_VERDICT);
        var connection = insert(0);
        connection.peer().sends("one ");

        link.update(network.load("rewrite").program("shout"));
        connection.peer().sends("two ");
        map.delete(0);
        connection.peer().sends("three ");
        map.update(0, connection.socket(), UpdateFlag.ANY);
        connection.peer().sends("four");

        assertThat(connection.reads()).isEqualTo("one two THREE FOUR");
        assertThat(connection.account().receive().dropped()).isZero();
    }
}
