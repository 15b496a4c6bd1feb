package io.jsockmap.nio;

import static io.jsockmap.nio.Connections.assertFails;
import static io.jsockmap.nio.Connections.await;
import static io.jsockmap.nio.Connections.buffer;
import static io.jsockmap.nio.Connections.read;
import static io.jsockmap.nio.Connections.result;
import static io.jsockmap.nio.Connections.start;
import static io.jsockmap.nio.Connections.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.sockmap.map.AttachType;
import io.jsockmap.sockmap.map.UserSockHash;
import io.jsockmap.sockmap.socket.Sock;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.AlreadyConnectedException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.NotYetConnectedException;

/** UDP sockets keep the limits of datagrams, and single errors do not break them. */
@Timeout(120)
@ParameterizedClass
@EnumSource(
        value = StandardProtocolFamily.class,
        names = {"INET", "INET6"})
class DatagramTest {
    @Parameter StandardProtocolFamily family;

    private Connections connections;
    private Datagrams datagrams;
    private SockmapDatagramChannel channel;

    @BeforeEach
    void open() throws IOException {
        connections = new Connections();
        datagrams = Datagrams.connected(connections.engine, family);
        channel = datagrams.channel();
    }

    @AfterEach
    void close() throws IOException {
        datagrams.close();
        connections.close();
    }

    /** A map whose verdict sends what a socket receives out by the socket under its cookie. */
    private UserSockHash relay() {
        var object = connections.program("pair");
        var targets = object.sockHash("targets");
        targets.attach(object.program("relay"), AttachType.SK_SKB_STREAM_VERDICT);
        return targets;
    }

    private static void insert(
            UserSockHash map, SockmapDatagramChannel from, SockmapDatagramChannel to) {
        map.update(MappedChannelTest.cookie(from.socket()), to.socket(), UpdateFlag.NOEXIST);
    }

    /** The verdict runs on the socket, and finds no target, so that it passes. */
    private static void judge(UserSockHash map, SockmapDatagramChannel channel) {
        map.update(new byte[Long.BYTES], channel.socket(), UpdateFlag.NOEXIST);
    }

    @Test
    @DisplayName("F17: one read gives one datagram, and cuts it off where the buffer ends")
    void aReadGivesOneDatagram() throws Exception {
        datagrams.write("first");
        datagrams.write("second");
        datagrams.write("third");
        assertThat(read(channel)).isEqualTo("first");
        assertThat(channel.read(ByteBuffer.allocate(3))).isEqualTo(3);
        assertThat(read(channel)).isEqualTo("third");
    }

    @Test
    @DisplayName("F17, F41: datagrams that a verdict passed keep their limits, empty ones too")
    void passedDatagramsKeepTheirLimits() throws Exception {
        judge(relay(), channel);
        datagrams.write("first");
        datagrams.writeEmpty();
        datagrams.write("third");
        assertThat(read(channel)).isEqualTo("first");
        assertThat(read(channel)).isEmpty();
        assertThat(channel.read(ByteBuffer.allocate(2))).isEqualTo(2);
        datagrams.write("fourth");
        assertThat(read(channel)).isEqualTo("fourth");
    }

    @Test
    @DisplayName("R7, R9: a peek leaves the datagram whole, and a read without room leaves it too")
    void aPeekLeavesTheDatagram() throws Exception {
        datagrams.write("stays");
        var seen = ByteBuffer.allocate(3);
        assertThat(channel.peek(seen)).isEqualTo(3);
        assertThat(text(seen.array())).isEqualTo("sta");
        assertThat(channel.read(ByteBuffer.allocate(0))).isZero();
        assertThat(channel.available()).isEqualTo(5);
        assertThat(read(channel)).isEqualTo("stays");
    }

    @Test
    void aScatteringReadGivesOneDatagramToSeveralBuffers() throws Exception {
        datagrams.write("onetwo");
        datagrams.write("three");
        ByteBuffer[] parts = {ByteBuffer.allocate(3), ByteBuffer.allocate(10)};
        assertThat(channel.read(parts)).isEqualTo(6);
        assertThat(text(parts[0].array())).isEqualTo("one");
        assertThat(parts[1].position()).isEqualTo(3);
        assertThat(read(channel)).isEqualTo("three");
    }

    @Test
    void aGatheringWriteIsOneDatagram() throws Exception {
        ByteBuffer[] parts = {buffer("one"), buffer(""), buffer("two")};
        assertThat(channel.write(parts)).isEqualTo(6);
        assertThat(datagrams.read()).isEqualTo("onetwo");
        assertThat(parts).noneMatch(ByteBuffer::hasRemaining);
    }

    @Test
    @DisplayName("F17: the longest datagram goes and comes whole, and a longer one is refused")
    void theLongestDatagramIsOne() throws Exception {
        var longest = "x".repeat(65507);
        channel.write(buffer(longest));
        assertThat(datagrams.read()).isEqualTo(longest);
        assertFails(() -> channel.write(buffer(longest + "x")), Errno.EMSGSIZE);
        datagrams.write(longest);
        assertThat(channel.read(ByteBuffer.allocate(70000))).isEqualTo(65507);
    }

    @Test
    @DisplayName("K32: a datagram redirected to egress goes to the target's peer as one datagram")
    void aRedirectedDatagramStaysOne() throws Exception {
        var targets = relay();
        try (var other = Datagrams.connected(connections.engine, family)) {
            insert(targets, channel, other.channel());
            judge(targets, channel);
            var large = "y".repeat(60000);
            datagrams.write("small");
            datagrams.write(large);
            assertThat(other.read()).isEqualTo("small");
            assertThat(other.read()).isEqualTo(large);
        }
    }

    @Test
    @DisplayName("P18: an sk_msg program that would drop it does not see what UDP sends")
    void aSendVerdictDoesNotRun() throws Exception {
        var object = connections.program("msg-verdict");
        var targets = object.sockMap("targets");
        targets.attach(object.program("judge"), AttachType.SK_MSG_VERDICT);
        targets.update(0, channel.socket(), UpdateFlag.ANY);
        channel.write(buffer("Dropped, if it were TCP"));
        assertThat(datagrams.read()).startsWith("Dropped");
    }

    @Test
    @DisplayName(
            "M15, P19: a socket that is not connected sends to addresses, and is judged at receipt")
    void anUnconnectedSocketIsJudgedAtReceipt() throws Exception {
        var targets = relay();
        try (var unconnected = Datagrams.unconnected(connections.engine, family)) {
            insert(targets, unconnected.channel(), channel);
            judge(targets, unconnected.channel());
            unconnected.write("relayed");
            assertThat(datagrams.read()).isEqualTo("relayed");

            var address = unconnected.peerAddress();
            assertThat(unconnected.channel().send(buffer("answer"), address)).isEqualTo(6);
            assertThat(unconnected.read()).isEqualTo("answer");
            assertThatThrownBy(() -> unconnected.channel().write(buffer("to whom?")))
                    .isInstanceOf(NotYetConnectedException.class);
        }
    }

    @Test
    @DisplayName("K19: a socket that is not connected is no target: the helper drops")
    void anUnconnectedSocketIsNoTarget() throws Exception {
        var object = connections.program("flags", "redirect_flags", 0);
        var targets = object.sockMap("targets");
        targets.attach(object.program("skb_map"), AttachType.SK_SKB_STREAM_VERDICT);
        try (var unconnected = Datagrams.unconnected(connections.engine, family)) {
            targets.update(0, unconnected.channel().socket(), UpdateFlag.ANY);
            targets.update(1, channel.socket(), UpdateFlag.ANY);
            datagrams.write("dropped");
            await(() -> ((Sock) channel.socket()).account().receive().dropped() == 7);
        }
    }

    @Test
    void aConnectedSocketSendsToItsPeerOnly() throws Exception {
        assertThat(channel.send(buffer("peer"), datagrams.peerAddress())).isEqualTo(4);
        assertThat(datagrams.read()).isEqualTo("peer");
        try (var stranger = Datagrams.bind(family)) {
            var address = stranger.getLocalAddress();
            assertThatThrownBy(() -> channel.send(buffer("stranger"), address))
                    .isInstanceOf(AlreadyConnectedException.class);
        }
    }

    @Test
    void aChannelThatIsNotBoundIsBound() throws Exception {
        try (var bound =
                SockmapDatagramChannel.opened(connections.engine, DatagramChannel.open(family))) {
            assertThat(bound.socket().addresses().localPort()).isPositive();
        }
    }

    @Test
    void aPortWhereNobodyListensIsReportedOnceAndBreaksNothing() throws Exception {
        var address = datagrams.peerAddress();
        datagrams.peer().close();
        channel.write(buffer("anybody?"));
        assertFails(() -> read(channel), Errno.ECONNREFUSED);
        try (var again = DatagramChannel.open(family).bind(address)) {
            again.connect(channel.socket().addresses().local());
            channel.write(buffer("hello again"));
            var heard = ByteBuffer.allocate(20);
            again.receive(heard);
            assertThat(heard.position()).isEqualTo(11);
            again.write(buffer("yes"));
            assertThat(read(channel)).isEqualTo("yes");
        }
    }

    @Test
    void closeWakesABlockedReaderAndFreesThePort() throws Exception {
        var address = channel.socket().addresses().local();
        var read = start(() -> read(channel));
        channel.close();
        assertThatThrownBy(() -> result(read)).hasCauseInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(() -> channel.write(buffer("x")))
                .isInstanceOf(ClosedChannelException.class);
        assertThat(connections.engine.sockets()).isEmpty();
        // The platform frees it once the thread that received has left.
        await(() -> canBind(address));
    }

    private boolean canBind(SocketAddress address) {
        try (var again = DatagramChannel.open(family)) {
            return again.bind(address).isOpen();
        } catch (IOException _) {
            return false;
        }
    }

    @Test
    void closeSendsWhatWasWritten() throws Exception {
        for (int i = 0; i < 10; i++) channel.write(buffer("datagram " + i));
        channel.close();
        for (int i = 0; i < 10; i++) assertThat(datagrams.read()).isEqualTo("datagram " + i);
    }
}
