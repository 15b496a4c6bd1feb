package io.jsockmap.sockmap.cases;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.Errno;
import io.jsockmap.sockmap.UserObject;
import io.jsockmap.sockmap.map.AttachType;
import io.jsockmap.sockmap.network.Network;
import io.jsockmap.sockmap.network.NetworkTest;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A firewall on what sockets send, whose sockets are stored by programs in one section. */
@DisplayName("C03: policy for sends")
class C03PolicyTest extends NetworkTest {
    private UserObject object;

    @BeforeEach
    void load() {
        object = network.load("msg-policy");
        object.sockMap("sockets").attach(object.program("filter"), AttachType.SK_MSG_VERDICT);
    }

    @Test
    @DisplayName("C03, S26: the sender learns that its bytes were refused")
    void theSenderIsTold() {
        network.engine().attach(object.program("store_in_0"));
        var forbidden = network.connected(Network.addresses("10.0.0.1", 4000, "192.0.2.77", 80));

        forbidden.sends("secret").failsWith(Errno.EACCES);
        forbidden.sends("again").failsWith(Errno.EACCES);

        assertThat(forbidden.peer().received()).isEmpty();
        assertThat(forbidden.account().send().dropped()).isEqualTo(11);
    }

    @Test
    @DisplayName("C03: other destinations are untouched, those of IPv6 too")
    void othersAreUntouched() {
        network.engine().attach(object.program("store_in_0"));
        for (var address : new String[] {"192.0.1.255", "192.0.3.0", "::ffff:1:c000:24d"}) {
            var local = address.contains(":") ? "::1" : "10.0.0.1";
            var other = network.connected(Network.addresses(local, 4000, address, 80));

            other.sends("hello").succeeds();

            assertThat(other.peer().received()).isEqualTo("hello");
        }
    }

    @Test
    @DisplayName("C03: the two sock_ops programs of one section are told apart by name")
    void programsOfOneSection() {
        network.engine().attach(object.program("store_in_1"));

        var connection = network.connected();

        assertThat(object.sockMap("sockets").socket(0)).isEmpty();
        assertThat(object.sockMap("sockets").socket(1)).contains(connection.socket());
    }
}
