package io.jsockmap.dashboard.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.Headers;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;

/** Who is answered. */
class GuardTest {
    private final Guard loopback =
            new Guard(new InetSocketAddress(InetAddress.getLoopbackAddress(), 9090));

    private static int status(Guard guard, String method, String... hosts) {
        return status(guard, method, Map.of("Host", List.of(hosts)));
    }

    private static int status(Guard guard, String method, Map<String, List<String>> headers) {
        return guard.refusal(method, Headers.of(headers)).map(Guard.Refusal::status).orElse(200);
    }

    /** A request to localhost:9090 with another header. */
    private int with(String name, String... values) {
        return status(
                loopback, "GET", Map.of("Host", List.of("localhost:9090"), name, List.of(values)));
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
        assertThat(status(loopback, "GET", host)).isEqualTo(403);
    }

    @Test
    void neitherWithoutANameNorByTwo() {
        assertThat(status(loopback, "GET")).isEqualTo(403);
        assertThat(status(loopback, "GET", "localhost", "evil.example")).isEqualTo(403);
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
    @ValueSource(strings = {"cross-site", "same-site", "", "anything new"})
    void aPageOfAnotherSiteIsNotAnswered(String site) {
        assertThat(with("Sec-Fetch-Site", site)).isEqualTo(403);
    }

    @ParameterizedTest
    @ValueSource(strings = {"same-origin", "none"})
    void itsOwnPageAndWhoTypesItsAddressAre(String site) {
        assertThat(with("Sec-Fetch-Site", site)).isEqualTo(200);
    }

    @Test
    void ofTwoSitesBothMustBeItsOwn() {
        assertThat(with("Sec-Fetch-Site", "none", "cross-site")).isEqualTo(403);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://evil.example",
                "http://localhost:3000",
                "http://localhost",
                "http://localhost:9090.evil.example",
                "localhost:9090",
                "null",
                ""
            })
    void aForeignOriginIsNotAnswered(String origin) {
        assertThat(with("Origin", origin)).isEqualTo(403);
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://localhost:9090", "https://localhost:9090"})
    void itsOwnOriginIsWhateverEncryptsInBetween(String origin) {
        assertThat(with("Origin", origin)).isEqualTo(200);
    }

    @Test
    void whereAnyNameIsGoodOtherSitesAreRefusedAllTheSame() {
        var open = new Guard(new InetSocketAddress("0.0.0.0", 9090));
        var foreign = Map.of("Host", List.of("proxy.example"), "Origin", List.of("http://evil"));
        assertThat(status(open, "GET", foreign)).isEqualTo(403);
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "DELETE", "OPTIONS", "TRACE", "get"})
    void nothingCanBeChanged(String method) {
        assertThat(status(loopback, method, "localhost")).isEqualTo(405);
        assertThat(status(loopback, "HEAD", "localhost")).isEqualTo(200);
    }
}
