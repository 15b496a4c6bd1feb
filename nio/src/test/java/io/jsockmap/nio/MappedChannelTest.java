package io.jsockmap.nio;

import static io.jsockmap.nio.Connections.awaitAvailable;
import static io.jsockmap.nio.Connections.buffer;
import static io.jsockmap.nio.Connections.read;
import static io.jsockmap.nio.Connections.result;
import static io.jsockmap.nio.Connections.start;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.sockmap.UserObject;
import io.jsockmap.sockmap.map.AttachType;
import io.jsockmap.sockmap.map.UserSockHash;
import io.jsockmap.sockmap.socket.ErrnoException;
import io.jsockmap.sockmap.socket.SockmapSocket;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** What programs do to the bytes of channels whose sockets are in maps. */
class MappedChannelTest {
    private Connections connections;

    @BeforeEach
    void open() throws IOException {
        connections = new Connections();
    }

    @AfterEach
    void close() throws IOException {
        connections.close();
    }

    private UserSockHash echo() {
        var object = connections.example("echo");
        var sockets = object.sockHash("sockets");
        sockets.attach(object.program("echo"), AttachType.SK_SKB_STREAM_VERDICT);
        return sockets;
    }

    private UserObject sendPolicy() {
        var object = connections.program("msg-verdict");
        object.sockMap("targets").attach(object.program("judge"), AttachType.SK_MSG_VERDICT);
        return object;
    }

    static byte[] cookie(SockmapSocket socket) {
        return ByteBuffer.allocate(Long.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(socket.cookie())
                .array();
    }

    private static void insert(UserSockHash map, SockmapChannel key, SockmapChannel socket) {
        map.update(cookie(key.socket()), socket.socket(), UpdateFlag.NOEXIST);
    }

    @Test
    void anEchoedStreamNeverReachesTheApplication() throws Exception {
        var peer = connections.accepted();
        insert(echo(), peer.channel(), peer.channel());
        peer.write("ping");
        assertThat(peer.read(4)).isEqualTo("ping");
        assertThat(peer.channel().available()).isZero();
        // The end of stream does.
        peer.socket().shutdownOutput();
        assertThat(read(peer.channel())).isNull();
    }

    @Test
    void bytesThatCameBeforeTheInsertionAreJudgedAtIt() throws Exception {
        var sockets = echo();
        var peer = connections.accepted();
        peer.write("early");
        awaitAvailable(peer.channel(), 5);
        insert(sockets, peer.channel(), peer.channel());
        assertThat(peer.read(5)).isEqualTo("early");
    }

    @Test
    void twoChannelsAreSpliced() throws Exception {
        var object = connections.example("splice");
        var peers = object.sockHash("peers");
        peers.attach(object.program("splice"), AttachType.SK_SKB_STREAM_VERDICT);
        var one = connections.accepted();
        var two = connections.accepted();
        insert(peers, one.channel(), two.channel());
        insert(peers, two.channel(), one.channel());

        one.write("to two");
        assertThat(two.read(6)).isEqualTo("to two");
        two.write("to one");
        assertThat(one.read(6)).isEqualTo("to one");

        // The application passes the end on, behind the last byte.
        one.write("last");
        one.socket().shutdownOutput();
        assertThat(read(one.channel())).isNull();
        two.channel().shutdownOutput();
        assertThat(two.readToEnd()).isEqualTo("last");
    }

    @Test
    void aClosedChannelLeavesItsMaps() throws Exception {
        var sockets = echo();
        var peer = connections.accepted();
        insert(sockets, peer.channel(), peer.channel());
        assertThat(sockets.size()).isEqualTo(1);
        peer.channel().close();
        assertThat(sockets.size()).isZero();
    }

    @Test
    void aSendThatAProgramPassesReachesThePeer() throws Exception {
        var peer = connections.accepted();
        sendPolicy().sockMap("targets").update(1, peer.channel().socket(), UpdateFlag.ANY);
        assertThat(peer.channel().write(buffer("Passed"))).isEqualTo(6);
        assertThat(peer.read(6)).isEqualTo("Passed");
    }

    @Test
    void aSendThatAProgramDropsFailsWithEacces() throws Exception {
        var peer = connections.accepted();
        sendPolicy().sockMap("targets").update(1, peer.channel().socket(), UpdateFlag.ANY);
        var dropped = buffer("Dropped");
        assertThatThrownBy(() -> peer.channel().write(dropped))
                .isInstanceOfSatisfying(
                        ErrnoException.class,
                        e -> assertThat(e.number()).isEqualTo(Errno.EACCES.number()));
        assertThat(dropped.position()).as("nothing of it was taken").isZero();
        // Only that message: the next one is judged afresh (F6).
        peer.channel().write(buffer("Passed"));
        assertThat(peer.read(6)).isEqualTo("Passed");
    }

    @Test
    void aSendRedirectedToIngressIsReadByTheOtherChannelsApplication() throws Exception {
        var sender = connections.accepted();
        var reader = connections.accepted();
        var targets = sendPolicy().sockMap("targets");
        targets.update(0, reader.channel().socket(), UpdateFlag.ANY);
        targets.update(1, sender.channel().socket(), UpdateFlag.ANY);

        var read = start(() -> read(reader.channel()));
        assertThat(sender.channel().write(buffer("Inside"))).isEqualTo(6);
        assertThat(result(read)).isEqualTo("Inside");
    }

    @Test
    void availableCountsWhatWasRedirectedIn() throws Exception {
        var sender = connections.accepted();
        var reader = connections.accepted();
        var targets = sendPolicy().sockMap("targets");
        targets.update(0, reader.channel().socket(), UpdateFlag.ANY);
        targets.update(1, sender.channel().socket(), UpdateFlag.ANY);

        sender.channel().write(buffer("Inside"));
        reader.write("outside");
        awaitAvailable(reader.channel(), 13);
        assertThat(reader.channel().read(ByteBuffer.allocate(3))).isEqualTo(3);
        assertThat(reader.channel().available()).isEqualTo(10);
    }

    @Test
    void aSendRedirectedToEgressLeavesByTheOtherChannel() throws Exception {
        var sender = connections.accepted();
        var target = connections.accepted();
        var targets = sendPolicy().sockMap("targets");
        targets.update(0, target.channel().socket(), UpdateFlag.ANY);
        targets.update(1, sender.channel().socket(), UpdateFlag.ANY);

        sender.channel().write(buffer("Redirected"));
        assertThat(target.read(10)).isEqualTo("Redirected");
    }

    @Test
    void aSendRedirectedToWhereNobodyIsFailsWithEacces() throws Exception {
        var sender = connections.accepted();
        sendPolicy().sockMap("targets").update(1, sender.channel().socket(), UpdateFlag.ANY);
        assertThatThrownBy(() -> sender.channel().write(buffer("Redirected")))
                .isInstanceOfSatisfying(
                        ErrnoException.class,
                        e -> assertThat(e.number()).isEqualTo(Errno.EACCES.number()));
    }
}
