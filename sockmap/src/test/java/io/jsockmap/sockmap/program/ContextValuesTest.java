package io.jsockmap.sockmap.program;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.sockmap.UserObject;
import io.jsockmap.sockmap.map.AttachType;
import io.jsockmap.sockmap.network.Bytes;
import io.jsockmap.sockmap.network.Connection;
import io.jsockmap.sockmap.network.Network;
import io.jsockmap.sockmap.network.NetworkTest;
import io.jsockmap.sockmap.socket.Addresses;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** The raw numbers that the three contexts show of a connection from port 0x1234 to port 0xABCD. */
@DisplayName("C40: addresses and ports in every context")
class ContextValuesTest extends NetworkTest {
    private static final int MSG = 0;
    private static final int SKB = 1;
    private static final int ACTIVE = 2;
    private static final int PASSIVE = 3;

    /** Local in host order, remote in network order as a 32-bit number. */
    private static final List<Long> PORTS = List.of(0x1234L, 0xCDAB0000L);

    private UserObject object;

    @BeforeEach
    void load() {
        object = network.load("c40-ports");
        object.sockMap("sockets").attach(object.program("see_msg"), AttachType.SK_MSG_VERDICT);
        object.sockMap("sockets")
                .attach(object.program("see_skb"), AttachType.SK_SKB_STREAM_VERDICT);
        network.engine().attach(object.program("see_ops"));
    }

    private List<Long> seen(int slot) {
        var bytes = object.map("seen").lookup(Bytes.u32(slot)).orElseThrow();
        var buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        List<Long> words = new ArrayList<>();
        while (buffer.hasRemaining()) words.add(Integer.toUnsignedLong(buffer.getInt()));
        return words;
    }

    private void sendsAndReceives(Connection connection) {
        object.sockMap("sockets").update(0, connection.socket(), UpdateFlag.ANY);
        connection.sends("out").succeeds();
        connection.peer().sends("in");
        assertThat(connection.reads()).isEqualTo("in");
        assertThat(connection.peer().received()).isEqualTo("out");
    }

    private static List<Long> words(long family, long... rest) {
        List<Long> words = new ArrayList<>(List.of(family));
        words.addAll(PORTS);
        for (long word : rest) words.add(word);
        return words;
    }

    @Test
    void overIpv4() {
        var ends = Network.addresses("10.1.2.3", 0x1234, "192.0.2.254", 0xABCD);
        // 10.1.2.3 and 192.0.2.254 in network order, read by a little-endian machine.
        var expected = words(2, 0x0302010AL, 0xFE0200C0L, 0, 0, 0, 0, 0, 0, 0, 0);

        sendsAndReceives(network.connected(ends));
        network.accepted(ends);

        for (int context : new int[] {MSG, SKB, ACTIVE, PASSIVE}) {
            assertThat(seen(context)).as("context %d", context).isEqualTo(expected);
        }
    }

    @Test
    void overIpv6() {
        var ends = Network.addresses("2001:db8::1:2", 0x1234, "fe80::a0b0:c0d0", 0xABCD);

        sendsAndReceives(network.accepted(ends));
        network.connected(ends);

        for (int context : new int[] {MSG, SKB, ACTIVE, PASSIVE}) {
            var words = seen(context);
            assertThat(words.subList(0, 3)).isEqualTo(words(10));
            assertThat(words.subList(5, 9))
                    .as("local_ip6 of context %d", context)
                    .containsExactly(0xB80D0120L, 0L, 0L, 0x02000100L);
            assertThat(words.subList(9, 13))
                    .as("remote_ip6 of context %d", context)
                    .containsExactly(0x000080FEL, 0L, 0L, 0xD0C0B0A0L);
        }
    }

    @Test
    @DisplayName(
            "C39: IPv4 on an IPv6 descriptor: AF_INET6, ::ffff:a.b.c.d, and the IPv4 addresses")
    void mapped() {
        var ends = Network.addresses("10.1.2.3", 0x1234, "192.0.2.254", 0xABCD).asMapped();
        var expected =
                words(
                        10,
                        0x0302010AL,
                        0xFE0200C0L,
                        0,
                        0,
                        0xFFFF0000L,
                        0x0302010AL,
                        0,
                        0,
                        0xFFFF0000L,
                        0xFE0200C0L);

        sendsAndReceives(network.connected(ends));
        network.accepted(ends);

        for (int context : new int[] {MSG, SKB, ACTIVE, PASSIVE}) {
            assertThat(seen(context)).as("context %d", context).isEqualTo(expected);
        }
    }

    @Test
    @DisplayName("O2: the side that connects is ACTIVE, the side that accepts PASSIVE")
    void sides() {
        var nothing = words(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
        nothing.set(1, 0L);
        nothing.set(2, 0L);

        network.connected(Network.addresses("10.0.0.1", 0x1234, "10.0.0.2", 0xABCD));

        assertThat(seen(ACTIVE).subList(0, 3)).isEqualTo(words(2));
        assertThat(seen(PASSIVE)).isEqualTo(nothing);
    }

    @Test
    void familyFollowsTheAddresses() {
        assertThat(Network.addresses("127.0.0.1", 1, "127.0.0.1", 2).family())
                .isEqualTo(Addresses.INET);
        assertThat(Network.addresses("::1", 1, "::1", 2).family()).isEqualTo(Addresses.INET6);
    }
}
