package io.jsockmap.sockmap.cases;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.sockmap.map.AttachType;
import io.jsockmap.sockmap.map.UserSockMap;
import io.jsockmap.sockmap.network.Bytes;
import io.jsockmap.sockmap.network.Connection;
import io.jsockmap.sockmap.network.Network;
import io.jsockmap.sockmap.network.NetworkTest;
import io.jsockmap.sockmap.socket.Delivery;
import io.jsockmap.sockmap.socket.Limits;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** The first message of a connection gets its origin in front of it. */
@ParameterizedClass
@EnumSource(Delivery.class)
@DisplayName("C08: a header in front of a stream")
class C08OriginTest extends NetworkTest {
    private static final String END = "\u00fe\0\0\0\0";

    private UserSockMap sockets;

    C08OriginTest(Delivery delivery) {
        super(Limits.DEFAULT, delivery);
    }

    @BeforeEach
    void load() {
        var object = network.load("msg-origin");
        sockets = object.sockMap("sockets");
        sockets.attach(object.program("tell"), AttachType.SK_MSG_VERDICT);
    }

    private String sendsThree(Connection source) {
        sockets.update(0, source.socket(), UpdateFlag.ANY);
        assertThat(source.sends("a").accepted()).isEqualTo(1);
        assertThat(source.sends("bcdef").accepted()).isEqualTo(5);
        assertThat(source.sends(Bytes.pattern(100_000)).accepted()).isEqualTo(100_000);
        return source.peer().received();
    }

    @Test
    @DisplayName("C08, S24, S40: 16 bytes for IPv4, once; the sender counts its own bytes")
    void internet4() {
        var source = network.connected(Network.addresses("10.1.2.3", 0x1234, "10.0.0.9", 80));

        assertThat(sendsThree(source))
                .isEqualTo(
                        "\1\0\0\0\6"
                                + "\12\1\2\3"
                                + "\u00124"
                                + END
                                + "abcdef"
                                + Bytes.pattern(100_000));
        assertThat(source.account().send().edited()).isEqualTo(16);
    }

    @Test
    @DisplayName("C08: 28 bytes for IPv6")
    void internet6() {
        var source = network.connected(Network.addresses("2001:db8::7", 0x1234, "::1", 80));
        var address = " \u0001\r\u00b8" + "\0".repeat(11) + "\7";

        assertThat(sendsThree(source))
                .isEqualTo(
                        "\1\0\0\0\22"
                                + address
                                + "\u00124"
                                + END
                                + "abcdef"
                                + Bytes.pattern(100_000));
        assertThat(source.account().send().edited()).isEqualTo(28);
    }
}
