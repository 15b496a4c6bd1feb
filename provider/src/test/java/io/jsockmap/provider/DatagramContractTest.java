package io.jsockmap.provider;

import static io.jsockmap.provider.World.buffer;
import static io.jsockmap.provider.World.read;
import static io.jsockmap.provider.World.result;
import static io.jsockmap.provider.World.start;
import static io.jsockmap.provider.World.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.PortUnreachableException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.NotYetConnectedException;
import java.nio.channels.SelectionKey;

/** What code may expect of a DatagramChannel, wherever its datagrams go. */
@Timeout(120)
@ParameterizedClass
@EnumSource(World.Kind.class)
class DatagramContractTest {
    @Parameter World.Kind kind;

    private World world;
    private DatagramChannel ours;
    private DatagramChannel plain;

    @BeforeEach
    void open() throws IOException {
        world = new World(kind);
        ours = world.keep(world.provider.openDatagramChannel());
        plain = world.keep(DatagramChannel.open());
        ours.bind(World.loopback());
        plain.bind(World.loopback());
    }

    @AfterEach
    void close() throws Exception {
        world.close();
    }

    private void connect() throws IOException {
        ours.connect(plain.getLocalAddress());
        plain.connect(ours.getLocalAddress());
    }

    private void assertJudged(long received) {
        if (kind == World.Kind.JUDGED) {
            assertThat(world.policy.received()).isEqualTo(received);
        }
    }

    @Test
    void anUnconnectedOneReceivesWithTheSendersAddressAndAnswers() throws Exception {
        plain.send(buffer("question"), ours.getLocalAddress());
        var bytes = ByteBuffer.allocate(64);
        var from = ours.receive(bytes);
        assertThat(text(bytes)).isEqualTo("question");
        assertThat(from).isEqualTo(plain.getLocalAddress());
        ours.send(buffer("answer"), from);
        assertThat(plain.receive(bytes.clear())).isEqualTo(ours.getLocalAddress());
        assertThat(text(bytes)).isEqualTo("answer");
        assertJudged(8);
    }

    @Test
    void eachDatagramHasItsOwnSender() throws Exception {
        try (var other = DatagramChannel.open().bind(World.loopback())) {
            plain.send(buffer("first"), ours.getLocalAddress());
            plain.send(buffer("drop if judged"), ours.getLocalAddress());
            other.send(buffer("second"), ours.getLocalAddress());
            var bytes = ByteBuffer.allocate(64);
            assertThat(ours.receive(bytes)).isEqualTo(plain.getLocalAddress());
            var from = ours.receive(bytes.clear());
            if (kind != World.Kind.JUDGED) from = ours.receive(bytes.clear());
            assertThat(from).isEqualTo(other.getLocalAddress());
            assertThat(text(bytes)).isEqualTo("second");
        }
    }

    @Test
    void aConnectedOneReadsAndWrites() throws Exception {
        connect();
        ours.write(new ByteBuffer[] {buffer("one "), buffer("datagram")});
        assertThat(read(plain)).isEqualTo("one datagram");
        plain.write(buffer("back"));
        assertThat(read(ours)).isEqualTo("back");
        assertJudged(4);
    }

    @Test
    void whatDoesNotFitIsCutOff() throws Exception {
        connect();
        plain.write(buffer("long"));
        plain.write(buffer("next"));
        var small = ByteBuffer.allocate(2);
        assertThat(ours.read(small)).isEqualTo(2);
        assertThat(text(small)).isEqualTo("lo");
        assertThat(read(ours)).isEqualTo("next");
    }

    @Test
    void anEmptyDatagramIsOne() throws Exception {
        plain.send(buffer(""), ours.getLocalAddress());
        assertThat(ours.receive(ByteBuffer.allocate(8))).isEqualTo(plain.getLocalAddress());
    }

    @Test
    void nothingIsFoundWithoutBlocking() throws Exception {
        ours.configureBlocking(false);
        assertThat(ours.receive(ByteBuffer.allocate(8))).isNull();
    }

    @Test
    void aSelectorTellsOfADatagram() throws Exception {
        ours.configureBlocking(false);
        var selector = world.selector();
        ours.register(selector, SelectionKey.OP_READ);
        assertThat(selector.selectNow()).isZero();
        plain.send(buffer("x"), ours.getLocalAddress());
        assertThat(selector.select()).isEqualTo(1);
        assertThat(ours.receive(ByteBuffer.allocate(8))).isEqualTo(plain.getLocalAddress());
        selector.selectedKeys().clear();
        assertThat(selector.selectNow()).isZero();
    }

    @Test
    void aPortWhereNobodyListensIsAnErrorOfTheNextReadAndNoMore() throws Exception {
        connect();
        var address = plain.getLocalAddress();
        plain.close();
        ours.write(buffer("anybody?"));
        assertThatThrownBy(() -> read(ours)).isInstanceOf(PortUnreachableException.class);
        try (var again = DatagramChannel.open().bind(address)) {
            ours.write(buffer("now"));
            var bytes = ByteBuffer.allocate(8);
            assertThat(again.receive(bytes)).isEqualTo(ours.getLocalAddress());
            assertThat(text(bytes)).isEqualTo("now");
        }
    }

    @Test
    void aReaderFindsTheChannelClosedByAnotherThread() throws Exception {
        var receiving = start(() -> ours.receive(ByteBuffer.allocate(8)));
        ours.close();
        assertThatThrownBy(() -> result(receiving))
                .hasCauseInstanceOf(ClosedChannelException.class);
    }

    @Test
    void itMayBeConnectedAndDisconnected() throws Exception {
        connect();
        assertThat(ours.isConnected()).isTrue();
        ours.disconnect();
        plain.disconnect();
        assertThat(ours.isConnected()).isFalse();
        assertThatThrownBy(() -> read(ours)).isInstanceOf(NotYetConnectedException.class);
        plain.send(buffer("x"), ours.getLocalAddress());
        assertThat(ours.receive(ByteBuffer.allocate(8))).isEqualTo(plain.getLocalAddress());
    }

    @Test
    void itsSocketSendsReceivesAndTimesOut() throws Exception {
        var socket = ours.socket();
        assertThat(socket.getChannel()).isSameAs(ours);
        plain.send(buffer("in"), ours.getLocalAddress());
        var packet = new DatagramPacket(new byte[8], 8);
        socket.receive(packet);
        assertThat(new String(packet.getData(), 0, packet.getLength())).isEqualTo("in");
        assertThat(packet.getSocketAddress()).isEqualTo(plain.getLocalAddress());
        packet.setData("out".getBytes());
        socket.send(packet);
        var bytes = ByteBuffer.allocate(8);
        assertThat(plain.receive(bytes)).isEqualTo(ours.getLocalAddress());
        assertThat(text(bytes)).isEqualTo("out");
        socket.setSoTimeout(1);
        assertThatThrownBy(() -> socket.receive(packet)).isInstanceOf(SocketTimeoutException.class);
        socket.close();
        assertThat(ours.isOpen()).isFalse();
    }
}
