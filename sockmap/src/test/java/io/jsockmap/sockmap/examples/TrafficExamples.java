package io.jsockmap.sockmap.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.sockmap.UserEngine;
import io.jsockmap.sockmap.UserObject;
import io.jsockmap.sockmap.map.AttachType;
import io.jsockmap.sockmap.network.Bytes;
import io.jsockmap.sockmap.network.Connection;
import io.jsockmap.sockmap.network.Engines;
import io.jsockmap.sockmap.network.InMemoryNetwork;
import io.jsockmap.sockmap.network.NetworkTest;
import io.jsockmap.sockmap.network.Peer;
import io.jsockmap.sockmap.network.Sending;
import io.jsockmap.sockmap.socket.Account;
import io.jsockmap.sockmap.socket.Addresses;
import io.jsockmap.sockmap.socket.Chunk;
import io.jsockmap.sockmap.socket.Delivery;
import io.jsockmap.sockmap.socket.ErrnoException;
import io.jsockmap.sockmap.socket.Ingress;
import io.jsockmap.sockmap.socket.Limits;
import io.jsockmap.sockmap.socket.Sock;
import io.jsockmap.sockmap.socket.SocketKind;
import io.jsockmap.sockmap.socket.TcpState;
import io.jsockmap.sockmap.socket.Transport;

import org.junit.jupiter.api.Test;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;

/** How programs are played with in memory, and what becomes of the bytes. */
class TrafficExamples extends NetworkTest {
    private static final Path ROOT = Path.of(System.getProperty("jsockmap.root", ".."));

    private final UserEngine.Settings settings = Engines.SETTINGS;

    @Test
    void aProgramIsTriedOnConnectionsInMemory() {
        Path file = ROOT.resolve("examples/port-policy/port-policy.bpf.o");

        // @start region="network"
        try (InMemoryNetwork network = new InMemoryNetwork(settings)) {
            UserObject object = network.engine().load(file);
            var sockets = object.sockMap("sockets");
            sockets.attach(object.program("port_policy"), AttachType.SK_MSG_VERDICT);
            Connection upstream = network.connected(); // to port 8080
            sockets.update(0, upstream.socket(), UpdateFlag.ANY);

            Sending refused = upstream.sends("GET /");
            refused.failsWith(Errno.EACCES);
            object.map("allowed_ports").update(Bytes.u32(8080), Bytes.u32(1), UpdateFlag.ANY);
            upstream.sends("GET /").succeeds();

            Peer server = upstream.peer();
            assertThat(server.received()).isEqualTo("GET /");
            assertThat(network.violations()).isEmpty(); // no byte was lost or made up
        }
        // @end
    }

    @Test
    void aSocketsAccountTellsWhatBecameOfItsBytes() {
        var object = network.loadExample("splice");
        var peers = object.sockHash("peers");
        peers.attach(object.program("splice"), AttachType.SK_SKB_STREAM_VERDICT);
        Connection client = network.accepted();
        Connection upstream = network.connected();
        peers.update(Bytes.u64(client.cookie()), upstream.socket(), UpdateFlag.ANY);
        peers.update(Bytes.u64(upstream.cookie()), client.socket(), UpdateFlag.ANY);

        // @start region="account"
        client.peer().sends("request");

        Account account = client.account();
        Account.Flow received = account.receive();
        assertThat(received.in()).isEqualTo(7);
        assertThat(received.redirected()).isEqualTo(7);
        assertThat(account.balances()).isTrue();
        assertThat(account.programs()).isEqualTo("verdict=splice");
        assertThat(upstream.account().egress().waiting()).isEqualTo(7); // the peer did not read
        // @end
    }

    @Test
    void aSocketsEndsAndStateAreWhatProgramsSee() {
        var engine = network.engine();

        // @start region="ends"
        var local = new InetSocketAddress("10.0.0.1", 443);
        var remote = new InetSocketAddress("10.0.0.2", 40_000);
        Addresses addresses = new Addresses(local, remote);
        Sock socket = engine.accepted(addresses, Transport.NONE);

        assertThat(socket.kind()).isEqualTo(SocketKind.TCP);
        assertThat(addresses.localPort()).isEqualTo(443); // host order, remote_port is not
        assertThat(addresses.remotePort()).isEqualTo(Integer.reverseBytes(40_000) & 0xffffffffL);
        assertThat(socket.state()).isEqualTo(TcpState.ESTABLISHED);
        socket.receivedEnd();
        assertThat(socket.state()).isEqualTo(TcpState.CLOSE_WAIT);
        // @end
    }

    // @start region="read"
    /** Reads as a non-blocking stream does: no text if there is nothing yet. */
    private static String read(Sock socket, int most) throws IOException {
        return switch (socket.read(most)) {
            case Ingress.Bytes(Chunk chunk) -> Bytes.text(chunk.copy());
            case Ingress.Nothing() -> ""; // Transport.readReady() tells when to look again
            case Ingress.End() -> throw new EOFException("the peer of " + socket + " ended");
            case Ingress.Failed(int errno) -> throw new ErrnoException(errno, "read " + socket);
        };
    }

    // @end

    @Test
    void aReadGivesBytesNothingTheEndOrAnError() throws IOException {
        var ends = InMemoryNetwork.addresses("10.0.0.1", 80, "10.0.0.2", 40_000);
        Sock socket = UserEngine.open(settings).accepted(ends, Transport.NONE);

        assertThat(read(socket, 100)).isEmpty();
        socket.received(Chunk.of(Bytes.of("hello")));
        assertThat(read(socket, 100)).isEqualTo("hello");
        socket.failed(Errno.ECONNRESET);
        assertThatExceptionOfType(ErrnoException.class)
                .isThrownBy(() -> read(socket, 100))
                .matches(e -> e.number() == Errno.ECONNRESET.number());
        assertThatExceptionOfType(EOFException.class).isThrownBy(() -> read(socket, 100));
    }

    @Test
    void aProgramThatReliesOnLuckIsFoundByShowingItLittle() {
        assertThat(tooShort("lucky", Delivery.WHOLE)).isZero();
        assertThat(tooShort("lucky", Delivery.KERNEL)).isPositive();
        assertThat(tooShort("lucky", Delivery.HOSTILE)).isPositive();
        assertThat(tooShort("sound", Delivery.HOSTILE)).isZero();
    }

    // @start region="settings"
    /** How often a program found less than it wants to look at. */
    private long tooShort(String verdict, Delivery delivery) {
        Limits small = new Limits(4096, 4096); // SO_RCVBUF and SO_SNDBUF
        try (var network = new InMemoryNetwork(settings.with(small).with(delivery))) {
            var object = network.engine().load(luckyOrSound());
            var sockets = object.sockMap("sockets");
            sockets.attach(object.program("parse"), AttachType.SK_SKB_STREAM_PARSER);
            sockets.attach(object.program(verdict), AttachType.SK_SKB_STREAM_VERDICT);
            var client = network.accepted();
            sockets.update(0, client.socket(), UpdateFlag.ANY);
            client.peer().sends("\3Pa\3Pb");
            return object.variable("too_short").value();
        }
    }

    // @end

    private static Path luckyOrSound() {
        return ROOT.resolve("sockmap/src/test/resources/programs/skb-lucky.bpf.o");
    }
}
