package io.jsockmap.dashboard.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;

/** Who is answered. */
class GuardTest {
    private final Guard loopback =
            new Guard(new InetSocketAddress(InetAddress.getLoopbackAddress(), 9090));

    private int status(Guard guard, String method, String... hosts) {
        return guard.refusal(method, List.of(hosts)).map(Guard.Refusal::status).orElse(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1:9090",
                "127.0.0.1",
                "localhost:9090",
                "LOCALHOST",
                "[::1]:9090",
                // A tunnel may have another port at its other end.
                "localhost:8000"
            })
    void loopbackIsAskedByItsNames(String host) {
        assertThat(status(loopback, "GET", host)).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "evil.example",
                "evil.example:9090",
                "127.0.0.1.evil.example:9090",
                "localhost.evil.example",
                "127.0.0.2:9090",
                "[::1",
                "[fe80::1]:9090",
                "user@127.0.0.1"
            })
    void byAnyOtherNameItIsNotAnswered(String host) {
        assertThat(status(loopback, "GET", host)).isEqualTo(421);
    }

    @Test
    void neitherWithoutANameNorByTwo() {
        assertThat(status(loopback, "GET")).isEqualTo(421);
        assertThat(status(loopback, "GET", "localhost", "evil.example")).isEqualTo(421);
    }

    @Test
    void theAddressThatItWasBoundToIsOneOfItsNames() {
        var other = new Guard(new InetSocketAddress("127.0.0.2", 9090));
        assertThat(status(other, "GET", "127.0.0.2:9090")).isEqualTo(200);
    }

    @Test
    void whoWantedItOpenToOthersMayAskByAnyName() {
        var open = new Guard(new InetSocketAddress("0.0.0.0", 9090));
        assertThat(status(open, "GET", "proxy.example:9090")).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "DELETE", "OPTIONS", "TRACE", "get"})
    void nothingCanBeChanged(String method) {
        assertThat(status(loopback, method, "localhost")).isEqualTo(405);
        assertThat(status(loopback, "HEAD", "localhost")).isEqualTo(200);
    }
}
