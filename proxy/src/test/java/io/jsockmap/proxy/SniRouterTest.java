package io.jsockmap.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.sockmap.UserObject;
import io.jsockmap.sockmap.key.KeyNotation;
import io.jsockmap.sockmap.key.NamedSockets;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.IntStream;

/** The sni-router example sends a TLS connection to the server of its name, however it is cut. */
class SniRouterTest {
    private static final String NAME = "api.example.org";
    private static final byte[] LATER = RandomBytes.of(1, 70_000);
    private static final byte[] ANSWER = RandomBytes.of(2, 70_000);

    private ServerSocket ordinary;
    private ServerSocket named;
    private RunningProxy proxy;

    @BeforeEach
    void start() throws IOException {
        ordinary = Loopback.listen();
        named = Loopback.listen();
        proxy =
                ProxySetup.chooser("sni-router", "choose")
                        .to(Loopback.addressOf(ordinary))
                        .to(Loopback.addressOf(named))
                        .prepare(SniRouterTest::nameTheSecond)
                        .start();
    }

    private static void nameTheSecond(UserObject object) {
        var names = object.map("names");
        var btf = object.spec().btf();
        names.update(
                KeyNotation.parse('"' + NAME + '"').key(names, btf, NamedSockets.NONE),
                KeyNotation.parse("1").value(names, btf, NamedSockets.NONE),
                UpdateFlag.ANY);
    }

    @AfterEach
    void stop() throws IOException {
        proxy.close();
        ordinary.close();
        named.close();
    }

    @Test
    void aKnownNameInOnePiece() throws Exception {
        assertServedBy(named, ClientHello.asking(NAME));
    }

    @Test
    void aKnownNameInCapitals() throws Exception {
        assertServedBy(named, ClientHello.asking(NAME.toUpperCase(Locale.ROOT)));
    }

    @Test
    void aKnownNameInTwoPiecesWhereverItIsCut() throws Exception {
        var hello = ClientHello.asking(NAME);
        assertThat(hello.length).isGreaterThan(100);
        for (int cut = 1; cut < hello.length; cut++) assertServedBy(named, hello, cut);
    }

    @Test
    void aKnownNameByteByByte() throws Exception {
        var hello = ClientHello.asking(NAME);
        assertServedBy(named, hello, IntStream.range(1, hello.length).toArray());
    }

    @ParameterizedTest
    @ValueSource(strings = {"www.example.org", "api.example.orga", "pi.example.org"})
    void anUnknownName(String name) throws Exception {
        assertServedBy(ordinary, ClientHello.asking(name));
    }

    @Test
    void anUnknownNameByteByByte() throws Exception {
        var hello = ClientHello.asking("www.example.org");
        assertServedBy(ordinary, hello, IntStream.range(1, hello.length).toArray());
    }

    @Test
    void noName() throws Exception {
        assertServedBy(ordinary, ClientHello.withoutName());
    }

    @Test
    void noTls() throws Exception {
        assertServedBy(ordinary, RandomBytes.of(3, 500));
    }

    /** Sends the hello cut at some places, and more behind it; one server must get all of it. */
    private void assertServedBy(ServerSocket expected, byte[] hello, int... cuts) throws Exception {
        try (var client = Loopback.connect(proxy.address());
                var atOrdinary = Loopback.accept(ordinary);
                var atNamed = Loopback.accept(named)) {
            var chosen = expected.equals(named) ? atNamed : atOrdinary;
            var other = expected.equals(named) ? atOrdinary : atNamed;
            sendCut(client, hello, cuts);
            client.getOutputStream().write(LATER);
            client.shutdownOutput();

            var request = chosen.getInputStream().readAllBytes();
            assertThat(Arrays.copyOf(request, hello.length)).isEqualTo(hello);
            assertThat(Arrays.copyOfRange(request, hello.length, request.length)).isEqualTo(LATER);
            assertThat(other.getInputStream().readAllBytes()).isEmpty();
            chosen.getOutputStream().write(ANSWER);
            chosen.close();
            assertThat(client.getInputStream().readAllBytes()).isEqualTo(ANSWER);
        }
        var report = proxy.report();
        assertThat(report.problem()).isEmpty();
        RunningProxy.assertBalanced(report);
        proxy.assertNothingIsLeft();
    }

    private void sendCut(Socket client, byte[] hello, int... cuts) throws Exception {
        int sent = 0;
        for (int cut : cuts) {
            client.getOutputStream().write(hello, sent, cut - sent);
            sent = cut;
            proxy.awaitReceived("client", sent);
        }
        client.getOutputStream().write(hello, sent, hello.length - sent);
    }
}
