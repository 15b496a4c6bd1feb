package io.jsockmap.sockmap.socket;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.sockmap.network.Network;

import org.junit.jupiter.api.Test;

/** The IPv4 addresses that sockets over IPv6 show: 127.0.0.6, and 0 for whom they connect to. */
class AddressesTest {
    private static final long NONE = 0x0600007f;

    private final Addresses accepted = Network.addresses("::1", 1, "::1", 2);

    @Test
    void anAcceptedSocketHasAStandInForBothEnds() {
        assertThat(accepted.localIp4()).isEqualTo(NONE);
        assertThat(accepted.remoteIp4()).isEqualTo(NONE);
    }

    @Test
    void aConnectingSocketHasNoneForItsPeer() {
        assertThat(accepted.asConnecting().localIp4()).isEqualTo(NONE);
        assertThat(accepted.asConnecting().remoteIp4()).isZero();
    }
}
