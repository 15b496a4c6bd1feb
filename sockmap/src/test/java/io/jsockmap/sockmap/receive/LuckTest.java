package io.jsockmap.sockmap.receive;

import static io.jsockmap.sockmap.receive.FramesTest.frame;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.sockmap.map.AttachType;
import io.jsockmap.sockmap.network.Bytes;
import io.jsockmap.sockmap.network.Luck;
import io.jsockmap.sockmap.network.Network;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.Function;
import java.util.stream.Stream;

/** Programs that are right give the same bytes whatever is linear, and wherever streams are cut. */
@DisplayName("K2, K14, S5, C24: programs under every delivery")
class LuckTest {
    private static final String REQUESTS =
            "GET / HTTP/1.1\r\nHost: a\r\n\r\n"
                    + "DELETE / HTTP/1.1\r\nHost: a\r\n\r\n"
                    + "POST /admin HTTP/1.1\r\nContent-Length: 5\r\n\r\nhello"
                    + "PUT /a HTTP/1.1\r\nContent-Length: 2\r\n\r\nok";

    /** A scenario that reads well where it fails. */
    record Scenario(String name, Function<Network, String> play) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Scenario> sound() {
        return Stream.of(
                new Scenario("example echo", LuckTest::echo),
                new Scenario("example splice", LuckTest::splice),
                new Scenario("example http-policy", LuckTest::httpPolicy),
                new Scenario("example sni-router", LuckTest::sniRouter),
                new Scenario("example port-policy", LuckTest::portPolicy),
                new Scenario("fixture frames", LuckTest::frames),
                new Scenario("fixture msg-verdict", LuckTest::messageVerdict),
                new Scenario("fixture skb-lucky, sound", network -> heads(network, "sound")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("sound")
    void needNoLuck(Scenario scenario) {
        var luck = Luck.of(scenario.play());

        assertThat(luck.isNeeded()).as(luck.report()).isFalse();
        assertThat(luck.outcomes().values()).doesNotContain("");
    }

    @Test
    @DisplayName("K2: a program that reads what it did not pull is found, and reported")
    void aLuckyProgramIsFound() {
        var luck = Luck.of(network -> heads(network, "lucky"));

        assertThat(luck.isNeeded()).isTrue();
        assertThat(luck.report())
                .isEqualTo(
                        """
                        relies on luck: WHOLE gives "\3Pa\3Pc", KERNEL gives "\3Pa\3Xb\3Pc", \
                        HOSTILE gives "\3Pa\3Xb\3Pc"; \
                        pull the bytes, or load them, before they are looked at\
                        """);
    }

    @Test
    @DisplayName("K14: so is one that takes the pieces of a stream for messages")
    void piecesAreNoMessages() {
        var luck =
                Luck.of(
                        network -> {
                            var object = network.load("rewrite");
                            var source = network.accepted();
                            object.sockMap("sockets")
                                    .attach(
                                            object.program("shout"),
                                            AttachType.SK_SKB_STREAM_VERDICT);
                            object.sockMap("sockets").update(0, source.socket(), UpdateFlag.ANY);
                            source.peer().sends("only sixteen letters are shouted");
                            return source.reads();
                        });

        assertThat(luck.report())
                .contains("\"ONLY SIXTEEN LETters are shouted\"")
                .contains("HOSTILE gives \"ONLY SIXTEEN LETTERS ARE SHOUTED\"");
    }

    private static String heads(Network network, String verdict) {
        var object = network.load("skb-lucky");
        var sockets = object.sockMap("sockets");
        sockets.attach(object.program("parse"), AttachType.SK_SKB_STREAM_PARSER);
        sockets.attach(object.program(verdict), AttachType.SK_SKB_STREAM_VERDICT);
        var source = network.accepted();
        sockets.update(0, source.socket(), UpdateFlag.ANY);
        source.peer().sends("\3Pa\3Xb\3Pc");
        return source.reads();
    }

    private static String echo(Network network) {
        var object = network.loadExample("echo");
        var sockets = object.sockHash("sockets");
        sockets.attach(object.program("echo"), AttachType.SK_SKB_STREAM_VERDICT);
        var one = network.accepted();
        sockets.update(Bytes.u64(one.cookie()), one.socket(), UpdateFlag.ANY);
        one.peer().sends(Bytes.pattern(5000));
        one.peer().closes();
        return one.peer().received() + one.read(1);
    }

    private static String splice(Network network) {
        var object = network.loadExample("splice");
        var peers = object.sockHash("peers");
        peers.attach(object.program("splice"), AttachType.SK_SKB_STREAM_VERDICT);
        var client = network.accepted();
        var server = network.connected();
        peers.update(Bytes.u64(client.cookie()), server.socket(), UpdateFlag.ANY);
        peers.update(Bytes.u64(server.cookie()), client.socket(), UpdateFlag.ANY);
        client.peer().sends(Bytes.pattern(5000));
        server.peer().sends("response");
        return server.peer().received() + client.peer().received();
    }

    private static String httpPolicy(Network network) {
        var object = network.loadExample("http-policy");
        var clients = object.sockHash("clients");
        clients.attach(object.program("parse"), AttachType.SK_SKB_STREAM_PARSER);
        clients.attach(object.program("judge"), AttachType.SK_SKB_STREAM_VERDICT);
        var client = network.accepted();
        var guard = network.connected();
        object.sockHash("servers")
                .update(route(client.cookie(), 1), guard.socket(), UpdateFlag.ANY);
        clients.update(Bytes.u64(client.cookie()), client.socket(), UpdateFlag.ANY);
        client.peer().sends(REQUESTS);
        client.peer().sends("NO HTTP AT ALL\r\n\r\n");
        return "passed %s, guarded %s, then %s"
                .formatted(client.reads(), guard.peer().received(), client.outcome());
    }

    private static String sniRouter(Network network) {
        var object = network.loadExample("sni-router");
        var clients = object.sockHash("clients");
        clients.attach(object.program("parse"), AttachType.SK_SKB_STREAM_PARSER);
        clients.attach(object.program("choose"), AttachType.SK_SKB_STREAM_VERDICT);
        var client = network.accepted();
        var server = network.connected();
        object.sockHash("servers")
                .update(route(client.cookie(), 0), server.socket(), UpdateFlag.ANY);
        clients.update(Bytes.u64(client.cookie()), client.socket(), UpdateFlag.ANY);
        client.peer().sends("\26\3\1\0\4abcd and what follows");
        return server.peer().received();
    }

    private static byte[] route(long cookie, int choice) {
        return ByteBuffer.allocate(16)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(cookie)
                .putInt(choice)
                .array();
    }

    private static String portPolicy(Network network) {
        var object = network.loadExample("port-policy");
        var sockets = object.sockMap("sockets");
        sockets.attach(object.program("port_policy"), AttachType.SK_MSG_VERDICT);
        object.map("allowed_ports").update(Bytes.u32(8080), Bytes.u32(1), UpdateFlag.ANY);
        var allowed = network.connected();
        var other = network.connected(Network.addresses("10.0.0.1", 1, "10.0.0.2", 23));
        sockets.update(0, allowed.socket(), UpdateFlag.ANY);
        sockets.update(1, other.socket(), UpdateFlag.ANY);
        var text = Bytes.pattern(5000);
        return "%d, %d: %s"
                .formatted(
                        allowed.sends(text).errno(),
                        other.sends(text).errno(),
                        allowed.peer().received());
    }

    private static String frames(Network network) {
        var object = network.load("frames");
        var targets = object.sockMap("targets");
        var source = network.accepted();
        var target = network.connected();
        targets.update(0, target.socket(), UpdateFlag.ANY);
        targets.attach(object.program("parse"), AttachType.SK_SKB_STREAM_PARSER);
        targets.attach(object.program("judge"), AttachType.SK_SKB_STREAM_VERDICT);
        targets.update(1, source.socket(), UpdateFlag.ANY);
        source.peer()
                .sends(frame("P1") + frame("D2") + frame("R" + Bytes.pattern(9000)) + frame("I4"));
        source.peer().sends("\0\1");
        return "%s, %s, %s, then %s"
                .formatted(
                        source.reads(), target.peer().received(), target.reads(), source.outcome());
    }

    private static String messageVerdict(Network network) {
        var object = network.load("msg-verdict");
        var targets = object.sockMap("targets");
        var source = network.connected();
        var target = network.accepted();
        targets.update(0, target.socket(), UpdateFlag.ANY);
        targets.attach(object.program("judge"), AttachType.SK_MSG_VERDICT);
        targets.update(1, source.socket(), UpdateFlag.ANY);
        var text = Bytes.pattern(9000);
        var errnos = new StringBuilder();
        for (var letter : new String[] {"P", "D", "R", "I"}) {
            errnos.append(source.sends(letter + text).errno()).append(' ');
        }
        return errnos + source.peer().received() + target.peer().received() + target.reads();
    }
}
