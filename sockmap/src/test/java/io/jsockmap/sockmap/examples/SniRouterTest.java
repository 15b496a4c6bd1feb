package io.jsockmap.sockmap.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.map.BpfMap;
import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.sockmap.UserObject;
import io.jsockmap.sockmap.map.AttachType;
import io.jsockmap.sockmap.network.Bytes;
import io.jsockmap.sockmap.network.Connection;
import io.jsockmap.sockmap.network.Network;
import io.jsockmap.sockmap.socket.Delivery;
import io.jsockmap.sockmap.socket.Limits;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A connection goes to the server of the name that its client asks for. */
@DisplayName("sni-router")
class SniRouterTest {
    private static final String LATER = "\27\3\3\0\5later, and more";

    /** The programs, for any number of clients. */
    private static final class Router implements AutoCloseable {
        private final Network network;
        private final UserObject object;

        Router(Delivery delivery) {
            network = new Network(Limits.DEFAULT, delivery);
            object = network.loadExample("sni-router");
            var clients = object.sockHash("clients");
            clients.attach(object.program("parse"), AttachType.SK_SKB_STREAM_PARSER);
            clients.attach(object.program("choose"), AttachType.SK_SKB_STREAM_VERDICT);
            name(object.map("names"), "api.example.org", 1);
            name(object.map("names"), "b.example", 2);
        }

        /** What each of the three servers received of a client's stream. */
        List<String> routes(List<String> pieces) {
            var client = network.accepted();
            List<Connection> servers = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                var server = network.connected();
                var route =
                        ByteBuffer.allocate(16)
                                .order(ByteOrder.LITTLE_ENDIAN)
                                .putLong(client.cookie())
                                .putInt(i);
                object.sockHash("servers").update(route.array(), server.socket(), UpdateFlag.ANY);
                servers.add(server);
            }
            var cookie = Bytes.u64(client.cookie());
            object.sockHash("clients").update(cookie, client.socket(), UpdateFlag.ANY);
            pieces.forEach(client.peer()::sends);
            client.peer().closes();
            assertThat(client.reads()).as("nothing is left to the proxy itself").isEmpty();
            assertThat(network.faults()).isEmpty();
            return servers.stream().map(server -> server.peer().received()).toList();
        }

        @Override
        public void close() {
            network.close();
        }
    }

    private static List<String> routes(List<String> pieces) {
        try (var router = new Router(Delivery.HOSTILE)) {
            return router.routes(pieces);
        }
    }

    private static void name(BpfMap names, String name, int server) {
        names.update(Arrays.copyOf(Bytes.of(name), 64), Bytes.u32(server), UpdateFlag.ANY);
    }

    private static List<String> to(int server, String bytes) {
        var all = new ArrayList<>(List.of("", "", ""));
        all.set(server, bytes);
        return all;
    }

    @ParameterizedTest
    @CsvSource({
        "api.example.org, 1",
        "API.Example.ORG, 1",
        "b.example, 2",
        "c.example, 0",
        "api.example.org., 0",
        "xapi.example.org, 0",
        "b.exampl, 0"
    })
    void byName(String name, int server) {
        var hello = ClientHello.to(name);

        assertThat(routes(List.of(hello, LATER))).isEqualTo(to(server, hello + LATER));
    }

    @Test
    void aHelloAndWhatFollowsInOnePiece() {
        var stream = ClientHello.to("b.example") + LATER;
        try (var router = new Router(Delivery.WHOLE)) {
            assertThat(router.routes(List.of(stream))).isEqualTo(to(2, stream));
        }
    }

    @Test
    void cutAtEveryByte() {
        var stream = ClientHello.to("api.example.org") + LATER;
        // What is there is shown at once: otherwise the cut would be one of many.
        try (var router = new Router(Delivery.WHOLE)) {
            for (int cut = 1; cut < stream.length(); cut++) {
                var pieces = List.of(stream.substring(0, cut), stream.substring(cut));
                assertThat(router.routes(pieces)).as("cut at %d", cut).isEqualTo(to(1, stream));
            }
        }
    }

    @Test
    void byteByByte() {
        var stream = ClientHello.to("api.example.org") + LATER;

        assertThat(routes(stream.chars().mapToObj(c -> "" + (char) c).toList()))
                .isEqualTo(to(1, stream));
    }

    @Test
    void withoutAName() {
        assertThat(routes(List.of(ClientHello.toNobody())))
                .isEqualTo(to(0, ClientHello.toNobody()));
    }

    @ParameterizedTest
    @CsvSource({"GET / HTTP/1.1", "x", "SSH-2.0-client"})
    void whatIsNoTls(String greeting) {
        assertThat(routes(List.of(greeting, "more"))).isEqualTo(to(0, greeting + "more"));
    }

    @Test
    @DisplayName("any byte of a hello may be wrong: a server gets all of it, or it is incomplete")
    void damagedHello() {
        var hello = Bytes.of(ClientHello.to("b.example"));
        try (var router = new Router(Delivery.HOSTILE)) {
            for (int i = 5; i < hello.length; i++) {
                var damaged = hello.clone();
                damaged[i] ^= (byte) 0xff;

                var routes = router.routes(List.of(Bytes.text(damaged)));

                assertThat(String.join("", routes)).as("byte %d", i).isEqualTo(Bytes.text(damaged));
                assertThat(routes.get(1)).as("byte %d", i).isEmpty();
            }
        }
    }
}
