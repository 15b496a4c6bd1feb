package io.jsockmap.sockmap.socket;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.sockmap.UserEngine;
import io.jsockmap.sockmap.map.AttachType;
import io.jsockmap.sockmap.network.Engines;
import io.jsockmap.sockmap.network.Network;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Whoever listens hears of every verdict and where the bytes went, and the accounts tell it too.
 */
class TraceTest {
    private final List<String> heard = new ArrayList<>();

    private final UserEngine engine =
            UserEngine.open(
                    Engines.SETTINGS.with(
                            new SockListener() {
                                @Override
                                public void judged(Judgement judgement) {
                                    heard.add(describe(judgement));
                                }

                                @Override
                                public void lost(Sock socket, long bytes, String reason) {
                                    heard.add("lost " + bytes);
                                }
                            }));

    private static String describe(Judgement judgement) {
        var target =
                judgement
                        .redirect()
                        .map(to -> " to %s of %d".formatted(way(to), to.target().cookie()))
                        .orElse("");
        return "%s %s %d%s"
                .formatted(
                        judgement.received() ? "received" : "sent",
                        judgement.verdict(),
                        judgement.message().length(),
                        target);
    }

    private static String way(Redirect redirect) {
        return redirect.ingress() ? "ingress" : "egress";
    }

    private Sock open() {
        return engine.accepted(Network.addresses("10.0.0.1", 1, "10.0.0.2", 2), Transport.NONE);
    }

    @Test
    @DisplayName("F30: every verdict, redirect and loss is told and counted")
    void everythingIsTold() {
        var root = Path.of(System.getProperty("jsockmap.root", ".."));
        var object =
                engine.load(root.resolve("sockmap/src/test/resources/programs/msg-verdict.bpf.o"));
        var targets = object.sockMap("targets");
        var source = open();
        var target = open();
        targets.attach(object.program("judge"), AttachType.SK_MSG_VERDICT);
        targets.update(1, source, UpdateFlag.ANY);
        targets.update(0, target, UpdateFlag.ANY);

        for (var text : List.of("Pass", "Drop!", "Redirect", "In")) send(source, text);

        assertThat(heard)
                .containsExactly(
                        "sent PASS 4",
                        "sent DROP 5",
                        "sent REDIRECT 8 to egress of " + target.cookie(),
                        "sent REDIRECT 2 to ingress of " + target.cookie());
        var sent = source.account().send();
        assertThat(List.of(sent.passed(), sent.dropped(), sent.redirected()))
                .containsExactly(4L, 5L, 10L);
        assertThat(target.account().egress().entered()).isEqualTo(8);
        assertThat(target.account().ingress().entered()).isEqualTo(2);
    }

    private static void send(Sock socket, String text) {
        socket.send(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)), false, (_, _) -> {});
    }

    @Test
    void theStartOfAMessageIsACopyThatFetchesNothing() {
        var socket = open();
        var skb = new SkBuff(socket, Chunk.of("a message".getBytes(UTF_8)), Delivery.WHOLE);
        assertThat(skb.start(4)).hasValue("a me".getBytes(UTF_8));
        assertThat(skb.start(64)).hasValue("a message".getBytes(UTF_8));

        var msg = new SkMsg(socket, Delivery.KERNEL);
        msg.add(Chunk.of("in ".getBytes(UTF_8)));
        msg.add(Chunk.of("parts".getBytes(UTF_8)));
        assertThat(msg.start(5)).hasValue("in pa".getBytes(UTF_8));
        assertThat(msg.start(64)).hasValue("in parts".getBytes(UTF_8));
    }

    @Test
    void bytesThatNobodyHasLookedAtStayWhereTheyAre() {
        var elsewhere =
                Chunk.of(
                        new Chunk.Source() {
                            @Override
                            public byte[] fetch() {
                                throw new AssertionError("somebody fetched it");
                            }

                            @Override
                            public void drop() {}
                        },
                        10);
        var socket = open();

        assertThat(new SkBuff(socket, elsewhere, Delivery.WHOLE).start(4)).isEmpty();
        var msg = new SkMsg(socket, Delivery.KERNEL);
        msg.add(elsewhere);
        assertThat(msg.start(4)).isEmpty();
    }
}
