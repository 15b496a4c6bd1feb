package io.jsockmap.sockmap.map;

import static io.jsockmap.sockmap.map.Errnos.assertErrno;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.map.MapDefinition;
import io.jsockmap.bpf.map.MapType;
import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.sockmap.UserEngine;
import io.jsockmap.sockmap.network.Bytes;
import io.jsockmap.sockmap.network.Connection;
import io.jsockmap.sockmap.network.Engines;
import io.jsockmap.sockmap.network.Network;
import io.jsockmap.sockmap.network.NetworkTest;
import io.jsockmap.sockmap.socket.Chunk;
import io.jsockmap.sockmap.socket.Judgement;
import io.jsockmap.sockmap.socket.Sock;
import io.jsockmap.sockmap.socket.SockListener;
import io.jsockmap.sockmap.socket.Transport;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

/** Inserting sockets: what a refusal says, and what may not be frozen meanwhile. */
class UpdateTest extends NetworkTest {
    private UserSockMap map;
    private UserSockHash hash;
    private Sock socket;
    private Sock other;

    @BeforeEach
    void open() {
        map = new UserSockMap(MapDefinition.of("slots", MapType.SOCKMAP, 4, 8, 2));
        hash = new UserSockHash(MapDefinition.of("table", MapType.SOCKHASH, 4, 8, 2));
        socket = network.accepted().socket();
        other = network.accepted().socket();
    }

    private static byte[] key(long key) {
        return Bytes.u32(key);
    }

    @Test
    @DisplayName("M16: an index behind the end is E2BIG")
    void indexBehindTheEnd() {
        map.update(1, socket, UpdateFlag.ANY);
        assertErrno(Errno.E2BIG, () -> map.update(2, socket, UpdateFlag.ANY))
                .hasMessage("E2BIG: map slots (sockmap): index 2 of 2");
        assertErrno(Errno.E2BIG, () -> map.update(0xffff_ffffL, socket, UpdateFlag.ANY));
    }

    @Test
    @DisplayName("M17: NOEXIST on an occupied key is EEXIST")
    void noexist() {
        map.update(0, socket, UpdateFlag.NOEXIST);
        assertErrno(Errno.EEXIST, () -> map.update(0, other, UpdateFlag.NOEXIST))
                .hasMessageContaining("map slots (sockmap)");

        hash.update(key(7), socket, UpdateFlag.NOEXIST);
        assertErrno(Errno.EEXIST, () -> hash.update(key(7), other, UpdateFlag.NOEXIST))
                .hasMessageContaining("map table (sockhash): key 07000000 is there already");
        assertThat(hash.socket(key(7))).contains(socket);
    }

    @Test
    @DisplayName("M18: EXIST on an empty key is ENOENT")
    void exist() {
        assertErrno(Errno.ENOENT, () -> map.update(0, socket, UpdateFlag.EXIST));
        assertErrno(Errno.ENOENT, () -> hash.update(key(7), socket, UpdateFlag.EXIST))
                .hasMessageContaining("map table (sockhash): no key 07000000");
        assertThat(socket.isMapped()).isFalse();
    }

    @Test
    @DisplayName("M19: a full SOCKHASH takes no new key, but replaces one that it has")
    void fullHash() {
        hash.update(key(1), socket, UpdateFlag.ANY);
        hash.update(key(2), socket, UpdateFlag.ANY);

        assertErrno(Errno.E2BIG, () -> hash.update(key(3), other, UpdateFlag.ANY))
                .hasMessageContaining("map table (sockhash): no room for key 03000000")
                .hasMessageContaining("socket %s, in state ESTABLISHED", other);
        hash.update(key(2), other, UpdateFlag.ANY);

        assertThat(hash.socket(key(2))).contains(other);
        assertThat(hash.size()).isEqualTo(2);
    }

    @Test
    @DisplayName("M14, C34: by state: EOPNOTSUPP that names map, key, socket and state")
    void state() {
        Connection halfClosed = network.accepted();
        halfClosed.peer().closes();
        assertErrno(Errno.EOPNOTSUPP, () -> map.update(1, halfClosed.socket(), UpdateFlag.ANY))
                .hasMessageContaining("map slots, key 01000000")
                .hasMessageContaining(halfClosed.socket().toString())
                .hasMessageContaining("CLOSE_WAIT");

        Connection shut = network.accepted();
        shut.shutsOutput();
        assertErrno(Errno.EOPNOTSUPP, () -> map.update(1, shut.socket(), UpdateFlag.ANY))
                .hasMessageContaining("FIN_WAIT1");

        Connection reset = network.accepted();
        reset.peer().resets();
        assertErrno(Errno.EOPNOTSUPP, () -> map.update(1, reset.socket(), UpdateFlag.ANY))
                .hasMessageContaining("state CLOSE,");
    }

    @Test
    @DisplayName("M11: a closed socket is EBADF")
    void closed() {
        Connection closed = network.accepted();
        closed.closes();

        assertErrno(Errno.EBADF, () -> hash.update(key(1), closed.socket(), UpdateFlag.ANY))
                .hasMessageContaining("map table, key 01000000")
                .hasMessageContaining("is closed");
    }

    @Test
    @DisplayName("M29: a freeze is EBUSY while an update judges what the socket received before")
    void freezeDuringAnUpdate() {
        List<Throwable> refusals = new ArrayList<>();
        var freezing =
                new SockListener() {
                    @Override
                    public void judged(Judgement judgement) {
                        refusals.add(catchThrowable(map::freeze));
                    }
                };
        var engine = UserEngine.open(Engines.SETTINGS.with(freezing));
        var early =
                engine.accepted(Network.addresses("10.0.0.1", 1, "10.0.0.2", 2), Transport.NONE);
        early.received(Chunk.of(Bytes.of("early")));
        map.attach(network.load("rewrite").program("shout"), AttachType.SK_SKB_VERDICT);

        map.update(0, early, UpdateFlag.ANY);

        assertThat(refusals).hasSize(1);
        assertErrno(
                Errno.EBUSY,
                () -> {
                    throw refusals.getFirst();
                });
        map.freeze();
    }

    @Test
    @DisplayName("M10: a value is a socket: bytes can't be inserted")
    void bytesAreNoSocket() {
        assertErrno(Errno.EOPNOTSUPP, () -> map.update(key(0), new byte[8], UpdateFlag.ANY));
        assertErrno(Errno.EINVAL, () -> map.update(new byte[3], socket, UpdateFlag.ANY));
    }
}
