package io.jsockmap.sockmap.cases;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.sockmap.UserObject;
import io.jsockmap.sockmap.map.AttachType;
import io.jsockmap.sockmap.network.Bytes;
import io.jsockmap.sockmap.network.Connection;
import io.jsockmap.sockmap.network.NetworkTest;
import io.jsockmap.sockmap.socket.Delivery;
import io.jsockmap.sockmap.socket.Limits;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A proxy by verdict alone, whose section does not say where it is attached. */
@DisplayName("C02: ingress to egress")
class C02IngressToEgressTest extends NetworkTest {
    private static final int MANY = 10 << 20;
    private static final int PIECE = 65536;

    private final UserObject object = network.load("c02-ingress-to-egress");

    C02IngressToEgressTest() {
        // Many bytes, in pieces as Linux makes them.
        super(Limits.DEFAULT, Delivery.KERNEL);
    }

    @Test
    void theBareSectionNamesNoAttachType() {
        assertThat(object.attachType("relay")).isEmpty();
        assertThat(object.attachType("sort")).contains(AttachType.SOCK_OPS);
    }

    @ParameterizedTest
    @EnumSource(names = {"SK_SKB_STREAM_VERDICT", "SK_SKB_VERDICT"})
    void aRelayCarriesManyBytesInBothDirections(AttachType type) {
        object.sockMap("sockets").attach(object.program("relay"), type);
        network.engine().attach(object.program("sort"));
        var incoming = network.accepted();
        var outgoing = network.connected();
        var piece = Bytes.pattern(PIECE);

        for (int sent = 0; sent < MANY; sent += PIECE) {
            relays(incoming, outgoing, piece);
            relays(outgoing, incoming, piece);
        }

        assertThat(object.variable("redir_errors").value()).isZero();
        assertThat(incoming.account().receive().redirected()).isEqualTo(MANY);
        assertThat(outgoing.account().receive().redirected()).isEqualTo(MANY);
    }

    private static void relays(Connection from, Connection to, String piece) {
        from.peer().sends(piece);
        assertThat(to.peer().received()).isEqualTo(piece);
    }

    @Test
    void aSocketOfUnknownCookieDropsAndIsCounted() {
        var sockets = object.sockMap("sockets");
        sockets.attach(object.program("relay"), AttachType.SK_SKB_STREAM_VERDICT);
        var stranger = network.accepted();
        sockets.update(0, stranger.socket(), UpdateFlag.ANY);

        stranger.peer().sends("who am I");

        assertThat(stranger.reads()).isEmpty();
        assertThat(stranger.account().receive().dropped()).isEqualTo(8);
        assertThat(object.variable("redir_errors").value()).isEqualTo(1);
        assertThat(object.map(".bss").lookup(Bytes.u32(0)))
                .get()
                .satisfies(bss -> assertThat(bss).startsWith(Bytes.u32(1)));
    }
}
