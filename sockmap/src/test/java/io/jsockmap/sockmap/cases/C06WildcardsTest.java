package io.jsockmap.sockmap.cases;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.sockmap.map.AttachType;
import io.jsockmap.sockmap.map.UserSockHash;
import io.jsockmap.sockmap.network.Connection;
import io.jsockmap.sockmap.network.Network;
import io.jsockmap.sockmap.network.NetworkTest;
import io.jsockmap.sockmap.socket.Addresses;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** C06: a key whose unused fields are zero, in a map that an application fills. */
class C06WildcardsTest extends NetworkTest {
    private static final int KEY = 16;
    private static final int PADDING = 15;
    private static final byte IPPROTO_TCP = 6;

    private UserSockHash flows;
    private Connection target;

    @BeforeEach
    void load() {
        var object = network.load("c06-wildcards");
        flows = object.sockHash("flows");
        target = network.accepted();
        flows.attach(object.program("parse"), AttachType.SK_SKB_STREAM_PARSER);
        flows.attach(object.program("forward"), AttachType.SK_SKB_STREAM_VERDICT);
    }

    private Connection source(Addresses addresses) {
        var source = network.accepted(addresses);
        var key = new byte[KEY];
        key[0] = 1;
        flows.update(key, source.socket(), UpdateFlag.ANY);
        return source;
    }

    private static Addresses ip4() {
        return Network.addresses("10.0.0.1", 80, "10.0.0.2", 0x1234);
    }

    /** The remote end: address and port as programs see them; local end and padding are zero. */
    private static byte[] key(Addresses addresses) {
        var key = ByteBuffer.allocate(KEY).order(ByteOrder.LITTLE_ENDIAN);
        key.putInt((int) addresses.remoteIp4()).putInt(0);
        int port = ((InetSocketAddress) addresses.remote()).getPort();
        key.order(ByteOrder.BIG_ENDIAN).putInt(port).putShort((short) 0);
        return key.put(IPPROTO_TCP).array();
    }

    @Test
    @DisplayName("C06: a key with the documented bytes is found")
    void found() {
        flows.update(key(ip4()), target.socket(), UpdateFlag.ANY);

        source(ip4()).peer().sends("hello");

        assertThat(target.peer().received()).isEqualTo("hello");
    }

    @Test
    @DisplayName(
            "C06: keys are compared over all their bytes: one byte of padding, and it is missed")
    void paddingCounts() {
        var key = key(ip4());
        key[PADDING] = 1;
        flows.update(key, target.socket(), UpdateFlag.ANY);
        var source = source(ip4());

        source.peer().sends("hello");

        assertThat(target.peer().received()).isEmpty();
        assertThat(source.account().receive().dropped()).isEqualTo(5);
    }

    @Test
    @DisplayName("C06: what is not AF_INET passes")
    void otherFamily() {
        var source = source(Network.addresses("::1", 80, "::2", 0x1234));

        source.peer().sends("hello");

        assertThat(source.reads()).isEqualTo("hello");
    }
}
