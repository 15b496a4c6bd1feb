package io.jsockmap.conformance.ops;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.map.IndexKey;
import io.jsockmap.conformance.lab.EngineTest;
import io.jsockmap.conformance.lab.Lab;
import io.jsockmap.conformance.lab.Stream;
import io.jsockmap.sockmap.SockmapObject;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Families, ports and addresses, as the context has them: the object c40-ports. */
@EngineTest
class ConnectionFieldsTest {
    private static final int ACTIVE = 2;
    private static final int PASSIVE = 3;
    private static final int INET = 2;
    private static final int INET6 = 10;
    private static final int LOCALHOST = 0x7f00_0001;

    /** What was read, word by word. */
    private record Seen(ByteBuffer words) {
        static Seen by(int place, SockmapObject object) {
            var value = object.map("seen").lookup(IndexKey.of(place)).orElseThrow();
            return new Seen(ByteBuffer.wrap(value));
        }

        private int host(int word) {
            return words.order(ByteOrder.nativeOrder()).getInt(word * Integer.BYTES);
        }

        private int network(int word) {
            return words.order(ByteOrder.BIG_ENDIAN).getInt(word * Integer.BYTES);
        }

        int family() {
            return host(0);
        }

        int localPort() {
            return host(1);
        }

        int remotePort() {
            return network(2);
        }

        int localIp4() {
            return network(3);
        }

        int remoteIp4() {
            return network(4);
        }

        /** The last of its four words. */
        int localIp6() {
            return network(8);
        }

        /** The last of its four words. */
        int remoteIp6() {
            return network(12);
        }
    }

    private static int nearPort(Stream stream) {
        return ((InetSocketAddress) stream.socket().addresses().local()).getPort();
    }

    private static int farPort(Stream stream) throws IOException {
        return ((InetSocketAddress) stream.far().getLocalAddress()).getPort();
    }

    @Test
    @DisplayName("a connection that is asked for, over IPv4")
    void active(Lab lab) throws Exception {
        var object = lab.load("c40-ports");
        try (var _ = lab.engine().attach(object.program("see_ops"))) {
            var connection = lab.connectedTcp();

            var seen = Seen.by(ACTIVE, object);
            assertThat(seen.family()).isEqualTo(INET);
            assertThat(seen.localPort()).isEqualTo(nearPort(connection));
            assertThat(seen.remotePort()).isEqualTo(farPort(connection));
            assertThat(seen.localIp4()).isEqualTo(LOCALHOST);
            assertThat(seen.remoteIp4()).isEqualTo(LOCALHOST);
        }
    }

    @Test
    @DisplayName("a connection that is accepted, over IPv4")
    void passive(Lab lab) throws Exception {
        var object = lab.load("c40-ports");
        try (var _ = lab.engine().attach(object.program("see_ops"))) {
            var connection = lab.tcp();

            var seen = Seen.by(PASSIVE, object);
            assertThat(seen.family()).isEqualTo(INET);
            assertThat(seen.localPort()).isEqualTo(nearPort(connection));
            assertThat(seen.remotePort()).isEqualTo(farPort(connection));
            assertThat(seen.localIp4()).isEqualTo(LOCALHOST);
            assertThat(seen.remoteIp4()).isEqualTo(LOCALHOST);
        }
    }

    @Test
    @DisplayName("a connection that is accepted, over IPv6")
    void passive6(Lab lab) throws Exception {
        var object = lab.load("c40-ports");
        try (var _ = lab.engine().attach(object.program("see_ops"))) {
            var connection = lab.tcp6();

            var seen = Seen.by(PASSIVE, object);
            assertThat(seen.family()).isEqualTo(INET6);
            assertThat(seen.localPort()).isEqualTo(nearPort(connection));
            assertThat(seen.remotePort()).isEqualTo(farPort(connection));
            assertThat(seen.localIp6()).isEqualTo(1);
            assertThat(seen.remoteIp6()).isEqualTo(1);
        }
    }
}
