package io.jsockmap.sockmap.cases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.jsockmap.bpf.map.MapDefinition;
import io.jsockmap.bpf.map.MapType;
import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.sockmap.map.AttachType;
import io.jsockmap.sockmap.map.UserSockMap;
import io.jsockmap.sockmap.network.Bytes;
import io.jsockmap.sockmap.network.Network;
import io.jsockmap.sockmap.socket.Account;
import io.jsockmap.sockmap.socket.Chunk;
import io.jsockmap.sockmap.socket.Egress;
import io.jsockmap.sockmap.socket.Limits;
import io.jsockmap.sockmap.socket.Sock;
import io.jsockmap.sockmap.socket.Transport;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;

/** Eight threads redirect to a slot while eight others put sockets there and close them. */
@DisplayName("C27, F25: closing targets of redirects")
class C27ClosingTargetsTest {
    private static final int THREADS = 8;
    private static final int ROUNDS = 100;
    private static final Limits LIMITS = new Limits(2048, 2048);

    private final ConcurrentLinkedQueue<Sock> targets = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<Sock> sources = new ConcurrentLinkedQueue<>();

    @Test
    @DisplayName(
            "C27, F25: every byte is delivered, or dropped and counted; nothing fails or stays")
    void closeWhileOthersRedirect() {
        assertTimeoutPreemptively(Duration.ofSeconds(60), this::storm);
    }

    private void storm() throws Exception {
        // Closing it checks that the engine itself had no failure.
        try (var network = new Network(LIMITS);
                var threads = Executors.newFixedThreadPool(2 * THREADS)) {
            var object = network.load("frames");
            var slots = object.sockMap("targets");
            var judged =
                    new UserSockMap(MapDefinition.of("sources", MapType.SOCKMAP, 4, 8, THREADS));
            judged.attach(object.program("parse"), AttachType.SK_SKB_STREAM_PARSER);
            judged.attach(object.program("judge"), AttachType.SK_SKB_STREAM_VERDICT);
            List<Callable<Void>> work = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                var source = open(network, sources);
                judged.update(i, source, UpdateFlag.ANY);
                work.add(() -> redirects(source));
                work.add(() -> closes(network, slots));
            }
            for (Future<Void> done : threads.invokeAll(work)) done.get();

            assertThat(slots.size()).isZero();
            assertThat(network.faults()).isEmpty();
            balances();
            sources.forEach(Sock::close);
            assertThat(judged.size()).isZero();
        }
    }

    private static Sock open(Network network, ConcurrentLinkedQueue<Sock> all) {
        var addresses = Network.addresses("10.0.0.1", 80, "10.0.0.2", 40000 + all.size());
        var socket = network.engine().accepted(addresses, Transport.NONE);
        all.add(socket);
        return socket;
    }

    /** Two bytes of length, which count, and the text, whose first letter decides. */
    private static byte[] frame(String text) {
        int length = text.length() + 2;
        return Bytes.of((char) (length >> 8) + "" + (char) (length & 0xff) + text);
    }

    private static Void redirects(Sock source) {
        for (int i = 0; i < ROUNDS; i++) {
            var frame = frame((i % 2 == 0 ? "R" : "I") + Bytes.pattern(1 + i % 300));
            while (source.receiveRoom() < frame.length) LockSupport.parkNanos(1000);
            source.received(Chunk.of(frame));
        }
        return null;
    }

    private Void closes(Network network, UserSockMap slots) {
        for (int i = 0; i < ROUNDS; i++) {
            var target = open(network, targets);
            slots.update(0, target, UpdateFlag.ANY);
            while (i % 3 == 0 && target.takeEgress() instanceof Egress.Bytes(var chunk)) {
                target.written(chunk.length());
            }
            if (i % 3 == 1) target.read(100);
            if (i % 5 == 0) target.abort();
            else target.close();
            network.engine().closed(target);
        }
        return null;
    }

    private void balances() {
        long in = 0;
        long redirected = 0;
        for (var source : sources) {
            var flow = source.account().receive();
            assertThat(flow.held()).as("held, %s", source).isZero();
            assertThat(flow.balances()).as("%s", flow).isTrue();
            in += flow.in();
            redirected += flow.redirected();
        }
        assertThat(in).isPositive();
        long arrived = 0;
        for (var target : targets) {
            Account account = target.account();
            assertThat(account.balances()).as("%s", account).isTrue();
            assertThat(account.send().held()).isZero();
            assertThat(account.ingress().waiting() + account.egress().waiting()).isZero();
            arrived += account.ingress().entered() + account.send().in();
        }
        assertThat(arrived).isEqualTo(redirected);
    }
}
