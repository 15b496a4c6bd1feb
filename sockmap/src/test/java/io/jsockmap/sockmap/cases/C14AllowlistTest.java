package io.jsockmap.sockmap.cases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jsockmap.bpf.BpfException;
import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.sockmap.UserObject;
import io.jsockmap.sockmap.map.AttachType;
import io.jsockmap.sockmap.map.UserSockHash;
import io.jsockmap.sockmap.network.Bytes;
import io.jsockmap.sockmap.network.Connection;
import io.jsockmap.sockmap.network.NetworkTest;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/**
 * A switch, a list of ports, inserts that never replace, and a redirect whose result is ignored.
 */
@DisplayName("C14: acceleration by allowlist")
class C14AllowlistTest extends NetworkTest {
    private static final int PORT = 8080;

    private UserObject object;
    private UserSockHash sockets;

    @BeforeEach
    void load() {
        object = network.load("c14-allowlist");
        sockets = object.sockHash("sockets");
        sockets.attach(object.program("accelerate"), AttachType.SK_MSG_VERDICT);
        network.engine().attach(object.program("collect"));
        object.map("allowed_ports").update(Bytes.u32(PORT), new byte[] {1}, UpdateFlag.ANY);
        switchTo(1);
    }

    private void switchTo(int on) {
        object.map("enabled").update(Bytes.u32(0), Bytes.u32(on), UpdateFlag.ANY);
    }

    @Test
    void withThePeerInTheMapBytesBypassTheWire() {
        var wire = network.wire(PORT);

        wire.client().sends("fast").succeeds();

        assertThat(wire.deliver()).isZero();
        assertThat(wire.server().reads()).isEqualTo("fast");
    }

    @Test
    void withoutThePeerTheIgnoredFailureLeavesTheOrdinaryWay() {
        var alone = network.connected();

        alone.sends("slow").succeeds();

        assertThat(sockets.size()).isEqualTo(1);
        assertThat(alone.peer().received()).isEqualTo("slow");
        assertThat(alone.account().send().passed()).isEqualTo(4);
    }

    @Test
    void aPeerThatLeavesInMidStreamChangesTheWayAndNotTheOrder() {
        var wire = network.wire(PORT);
        wire.client().sends("one ").succeeds();
        sockets.delete(keyOf(wire.server()));
        wire.client().sends("two ").succeeds();
        wire.client().sends("three").succeeds();

        assertThat(wire.deliver()).as("bytes on the wire").isEqualTo(9);
        // Redirected bytes stay readable when their socket leaves the map, before native ones.
        assertThat(wire.server().reads()).isEqualTo("one two three");
    }

    @Test
    void portsThatAreNotListedAreLeftAlone() {
        var wire = network.wire(9999);

        wire.client().sends("plain").succeeds();

        assertThat(sockets.size()).isZero();
        assertThat(wire.deliver()).isEqualTo(5);
        assertThat(wire.server().reads()).isEqualTo("plain");
    }

    @Test
    void switchedOffNothingIsRedirected() {
        var wire = network.wire(PORT);
        switchTo(0);

        wire.client().sends("plain").succeeds();

        assertThat(wire.deliver()).isEqualTo(5);
        assertThat(wire.server().reads()).isEqualTo("plain");
    }

    @Test
    void anInsertOfAKeyThatTheProgramInsertedFailsWithEexist() {
        var wire = network.wire(PORT);
        // Another socket: the same one would be refused for the program that it has already.
        var other = network.accepted();

        assertThatThrownBy(
                        () ->
                                sockets.update(
                                        keyOf(wire.server()), other.socket(), UpdateFlag.NOEXIST))
                .isInstanceOfSatisfying(
                        BpfException.class, e -> assertThat(e.errno()).isEqualTo(Errno.EEXIST))
                .hasMessageContaining("map sockets");
        assertThat(sockets.socket(keyOf(wire.server()))).contains(wire.server().socket());
        assertThat(other.socket().isMapped()).isFalse();
    }

    private static byte[] keyOf(Connection connection) {
        var addresses = connection.addresses();
        var key = ByteBuffer.allocate(20);
        key.put(Bytes.u32(2));
        key.put(Bytes.u32(addresses.localIp4())).put(Bytes.u32(addresses.remoteIp4()));
        key.put(Bytes.u32(addresses.localPort()));
        key.put(Bytes.u32(((InetSocketAddress) addresses.remote()).getPort()));
        return key.array();
    }
}
