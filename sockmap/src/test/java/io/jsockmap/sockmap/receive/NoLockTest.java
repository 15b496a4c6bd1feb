package io.jsockmap.sockmap.receive;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.bpf.object.LoadOptions;
import io.jsockmap.bpf.object.ObjectReader;
import io.jsockmap.sockmap.UserEngine;
import io.jsockmap.sockmap.map.AttachType;
import io.jsockmap.sockmap.map.UserSockMap;
import io.jsockmap.sockmap.network.Bytes;
import io.jsockmap.sockmap.network.Engines;
import io.jsockmap.sockmap.network.Network;
import io.jsockmap.sockmap.socket.Chunk;
import io.jsockmap.sockmap.socket.Ingress;
import io.jsockmap.sockmap.socket.Judgement;
import io.jsockmap.sockmap.socket.Sock;
import io.jsockmap.sockmap.socket.SockListener;
import io.jsockmap.sockmap.socket.Transport;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;

/** What other threads can do while a verdict is being given. */
class NoLockTest {
    private static final Path ROOT = Path.of(System.getProperty("jsockmap.root", ".."));

    private final AtomicReference<Runnable> whileJudging = new AtomicReference<>(() -> {});
    private final UserEngine engine =
            UserEngine.open(
                    Engines.SETTINGS.with(
                            new SockListener() {
                                @Override
                                public void judged(Judgement judgement) {
                                    whileJudging.getAndSet(() -> {}).run();
                                }
                            }));

    private Sock open(int port) {
        return engine.accepted(Network.addresses("10.0.0.1", 80, "10.0.0.2", port), Transport.NONE);
    }

    @Test
    @Timeout(60)
    @DisplayName("F24: while a verdict is given, others change its map and use every other socket")
    void nothingIsLocked() throws Exception {
        var object =
                engine.load(
                        ObjectReader.read(
                                ROOT.resolve("sockmap/src/test/resources/programs/frames.bpf.o")),
                        LoadOptions.DEFAULT);
        var targets = object.sockMap("targets");
        var source = open(1);
        var target = open(2);
        targets.update(0, target, UpdateFlag.ANY);
        targets.attach(object.program("parse"), AttachType.SK_SKB_STREAM_PARSER);
        targets.attach(object.program("judge"), AttachType.SK_SKB_STREAM_VERDICT);
        targets.update(1, source, UpdateFlag.ANY);
        var met = new CompletableFuture<String>();
        try (var threads = Executors.newSingleThreadExecutor()) {
            whileJudging.set(
                    () -> {
                        // A lock held here would keep the other thread, and so this one, for ever.
                        threads.execute(() -> met.complete(meddle(targets, target)));
                        met.join();
                    });
            source.received(Chunk.of(Bytes.of(FramesTest.frame("I"))));
        }

        assertThat(met.join()).isEqualTo("read Nothing[], sent 2 with 0, 3 sockets");
        assertThat(target.read(9))
                .as("the verdict that was given holds")
                .isInstanceOf(Ingress.Bytes.class);
    }

    /** Changes the map that is being used, and calls what waits for the target's turn. */
    private String meddle(UserSockMap targets, Sock target) {
        targets.update(2, open(3), UpdateFlag.ANY);
        targets.delete(2);
        targets.update(2, open(4), UpdateFlag.ANY);
        var sent = new CompletableFuture<String>();
        var read = target.read(9);
        target.send(
                ByteBuffer.wrap(new byte[2]),
                false,
                (accepted, errno) -> sent.complete("%d with %d".formatted(accepted, errno)));
        return "read %s, sent %s, %d sockets".formatted(read, sent.join(), targets.size());
    }
}
