package io.jsockmap.sockmap.program;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.map.MapDefinition;
import io.jsockmap.bpf.map.MapType;
import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.bpf.object.LoadOptions;
import io.jsockmap.sockmap.UserObject;
import io.jsockmap.sockmap.map.AttachType;
import io.jsockmap.sockmap.map.UserSockMap;
import io.jsockmap.sockmap.network.Bytes;
import io.jsockmap.sockmap.network.Connection;
import io.jsockmap.sockmap.network.Network;
import io.jsockmap.sockmap.network.NetworkTest;
import io.jsockmap.sockmap.socket.Addresses;
import io.jsockmap.sockmap.socket.SocketKind;
import io.jsockmap.sockmap.socket.Transport;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/** Verdicts that find sockets: by both ends of a packet, and in maps. */
class LookupTest extends NetworkTest {
    private static final int IP4 = 12;
    private static final int IP6 = 36;

    private final Connection reader =
            network.accepted(Network.addresses("10.9.9.9", 9, "10.9.9.8", 8));
    private LoadOptions options = LoadOptions.DEFAULT;
    private UserObject object;

    /** The ends of a packet to whom is looked for, as struct bpf_sock_tuple has them. */
    private static byte[] tuple(Addresses target) {
        var remote = (InetSocketAddress) target.remote();
        var local = (InetSocketAddress) target.local();
        var address = remote.getAddress().getAddress();
        return ByteBuffer.allocate(IP6)
                .put(address)
                .put(local.getAddress().getAddress())
                .putShort((short) remote.getPort())
                .putShort((short) local.getPort())
                .array();
    }

    private boolean finds(String program, Addresses target, int size) {
        options = options.withVariable("tuple", tuple(target)).withVariable("tuple_size", size);
        object = network.load("ops-lookup", options);
        runs(program);
        return value("found") == 1;
    }

    private void runs(String program) {
        var watched = new UserSockMap(MapDefinition.of("watched", MapType.SOCKMAP, 4, 8, 1));
        watched.attach(object.program(program), AttachType.SK_SKB_STREAM_VERDICT);
        watched.update(0, reader.socket(), UpdateFlag.ANY);
        reader.peer().sends("x");
        assertThat(reader.reads()).isEqualTo("x");
        watched.delete(0);
    }

    private long value(String variable) {
        return object.variable(variable).value();
    }

    private static Addresses listening(String local, int port) {
        var ends = Network.addresses(local, port, local, 1);
        return new Addresses(SocketKind.TCP, ends.local(), null);
    }

    @ParameterizedTest
    @DisplayName("sk_lookup_tcp, skc_lookup_tcp: the socket of a connection, by remote end first")
    @ValueSource(strings = {"find_tcp", "find_any_tcp"})
    void connection(String program) {
        var ends = Network.addresses("10.1.2.3", 0x1234, "192.0.2.254", 0xABCD);
        network.connected(ends);

        assertThat(finds(program, ends, IP4)).isTrue();

        assertThat(value("family")).isEqualTo(2);
        assertThat(value("state")).isEqualTo(1);
        assertThat(value("src_port")).isEqualTo(0x1234);
        assertThat(value("dst_port")).as("in network order").isEqualTo(0xCDAB);
        assertThat(finds(program, ends.reversed(), IP4)).as("the other way round").isFalse();
    }

    @Test
    @DisplayName("sk_lookup_tcp over IPv6")
    void overIpv6() {
        var ends = Network.addresses("2001:db8::1", 80, "2001:db8::2", 40000);
        network.accepted(ends);

        assertThat(finds("find_tcp", ends, IP6)).isTrue();

        assertThat(value("family")).isEqualTo(10);
        assertThat(value("src_port")).isEqualTo(80);
    }

    @Test
    @DisplayName("sk_lookup_tcp: a connection before a listening socket, its address before any")
    void listeners() {
        var ends = Network.addresses("10.1.2.3", 80, "10.1.2.4", 40000);
        var any = network.engine().listening(listening("0.0.0.0", 80));
        assertThat(finds("find_tcp", ends, IP4)).isTrue();
        assertThat(value("state")).as("LISTEN").isEqualTo(10);

        var exact = network.engine().listening(listening("10.1.2.3", 80));
        any.close();
        assertThat(finds("find_tcp", ends, IP4)).isTrue();
        exact.close();
        assertThat(finds("find_tcp", ends, IP4)).as("both are closed").isFalse();

        network.engine().listening(listening("0.0.0.0", 80));
        network.accepted(ends);
        assertThat(finds("find_tcp", ends, IP4)).isTrue();
        assertThat(value("state")).as("ESTABLISHED").isEqualTo(1);
    }

    @ParameterizedTest
    @DisplayName("sk_lookup_tcp: a listening socket at :: takes IPv4 too, one at 0.0.0.0 no IPv6")
    @CsvSource({
        "::, 10.1.2.3, 12, true",
        "::, 2001:db8::1, 36, true",
        "0.0.0.0, 2001:db8::1, 36, false"
    })
    void dualStack(String at, String local, int size, boolean found) {
        network.engine().listening(listening(at, 80));

        var ends = Network.addresses(local, 80, local, 40000);
        assertThat(finds("find_tcp", ends, size)).isEqualTo(found);
    }

    @Test
    @DisplayName("sk_lookup_tcp: nobody listens, another port, a closed connection: NULL")
    void nobody() {
        var ends = Network.addresses("10.1.2.3", 80, "10.1.2.4", 40000);
        assertThat(finds("find_tcp", ends, IP4)).isFalse();
        network.engine().listening(listening("10.1.2.3", 81));
        assertThat(finds("find_tcp", ends, IP4)).isFalse();

        var connection = network.accepted(ends);
        assertThat(finds("find_tcp", ends, IP4)).isTrue();
        connection.peer().resets();
        assertThat(finds("find_tcp", ends, IP4)).isFalse();
    }

    @Test
    @DisplayName(
            "sk_lookup_udp: a connected socket before one that is only bound; TCP is not found")
    void udp() {
        var ends = Network.addresses("10.1.2.3", 53, "10.1.2.4", 40000);
        network.accepted(ends);
        assertThat(finds("find_udp", ends, IP4)).as("of TCP").isFalse();

        var bound = new Addresses(SocketKind.UDP, ends.local(), null);
        network.engine().opened(bound, Transport.NONE);
        assertThat(finds("find_udp", ends, IP4)).isTrue();
        assertThat(value("state")).as("not connected").isEqualTo(7);

        var connected = new Addresses(SocketKind.UDP, ends.local(), ends.remote());
        network.engine().opened(connected, Transport.NONE);
        assertThat(finds("find_udp", ends, IP4)).isTrue();
        assertThat(value("state")).as("connected").isEqualTo(1);
    }

    @ParameterizedTest
    @DisplayName("sk_lookup_tcp: a size that is none of the two, flags, another namespace: NULL")
    @CsvSource({
        "12, -1, 0, true",
        "12, 0xffffffff, 0, true",
        "12, 0x80000000, 0, true",
        "0, -1, 0, false",
        "8, -1, 0, false",
        "13, -1, 0, false",
        "36, -1, 0, false",
        "12, -1, 1, false",
        "12, 0, 0, false",
        "12, 5, 0, false",
        "12, 0x100000000, 0, false"
    })
    void arguments(int size, String netns, long flags, boolean found) {
        var ends = Network.addresses("10.1.2.3", 80, "10.1.2.4", 40000);
        network.accepted(ends);
        options =
                options.withVariable("netns", Long.decode(netns))
                        .withVariable("lookup_flags", flags);

        assertThat(finds("find_tcp", ends, size)).isEqualTo(found);
    }

    @Test
    @DisplayName("get_socket_uid: user space can't tell, so it is nobody known (65534)")
    void uid() {
        finds("find_tcp", reader.addresses(), IP4);

        assertThat(value("uid")).isEqualTo(65534);
    }

    @Test
    @DisplayName("M37, M38: map_lookup_elem gives a socket, also from a map with values of 4 bytes")
    void inSockMap() {
        object = network.load("ops-lookup");
        var target = network.connected(Network.addresses("10.0.0.7", 7, "10.0.0.6", 0x0102));
        runs("in_slots");
        assertThat(value("found")).as("nothing there").isZero();

        object.sockMap("slots").update(1, target.socket(), UpdateFlag.ANY);
        runs("in_slots");

        assertThat(value("found")).isEqualTo(1);
        assertThat(value("family")).isEqualTo(2);
        assertThat(value("type")).isEqualTo(1);
        assertThat(value("protocol")).isEqualTo(6);
        assertThat(value("src_port")).isEqualTo(7);
        assertThat(value("dst_port")).isEqualTo(0x0201);
        assertThat(value("src_ip4")).isEqualTo(0x0700000AL);
        assertThat(value("dst_ip4")).isEqualTo(0x0600000AL);
        assertThat(value("own")).isZero();
    }

    @Test
    @DisplayName("M37: a socket that is found is the one of the context, if it is the same")
    void sameSocket() {
        object = network.load("ops-lookup");
        object.sockMap("slots").update(1, reader.socket(), UpdateFlag.ANY);

        runs("in_slots");

        assertThat(value("own")).isEqualTo(1);
    }

    @Test
    @DisplayName("M38: a listening socket is found like any other")
    void listeningInMap() {
        object = network.load("ops-lookup");
        var listening = network.engine().listening(listening("10.0.0.1", 80));
        object.sockMap("slots").update(1, listening, UpdateFlag.ANY);

        runs("in_slots");

        assertThat(value("state")).isEqualTo(10);
    }

    @Test
    @DisplayName("M35, M37: so it is with a SOCKHASH")
    void inSockHash() {
        object = network.load("ops-lookup");
        var key = Bytes.u64(reader.cookie());
        runs("in_table");
        assertThat(value("found")).isZero();

        object.sockHash("table").update(key, reader.socket(), UpdateFlag.ANY);
        runs("in_table");

        assertThat(value("found")).isEqualTo(1);
        assertThat(value("src_port")).isEqualTo(9);
    }
}
