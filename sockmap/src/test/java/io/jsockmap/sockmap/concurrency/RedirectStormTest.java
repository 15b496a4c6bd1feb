package io.jsockmap.sockmap.concurrency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.jsockmap.bpf.BpfException;
import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.sockmap.map.UserSockMap;
import io.jsockmap.sockmap.network.Network;
import io.jsockmap.sockmap.socket.Account;
import io.jsockmap.sockmap.socket.Limits;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/** Real threads: peers send and read, applications send and read, maps change, sockets close. */
@DisplayName("C27, F24: sockets that redirect to each other under concurrent changes")
class RedirectStormTest {
    private static final int SOCKETS = 4;
    private static final int ROUNDS = 10_000;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void endsWithoutDeadlockAndWithoutLoss(long seed) {
        assertTimeoutPreemptively(Duration.ofSeconds(60), () -> storm(seed), "seed " + seed);
    }

    private void storm(long seed) throws Exception {
        try (var network = new Network(new Limits(4096, 4096));
                var threads = Executors.newFixedThreadPool(2 * SOCKETS + 1)) {
            var frames = load(network, "frames");
            var messages = load(network, "msg-verdict");
            List<StormSocket> sockets = new ArrayList<>();
            for (int i = 0; i < SOCKETS; i++) {
                sockets.add(new StormSocket(network.engine()));
            }
            for (int i = 1; i < SOCKETS; i++) {
                frames.update(i, sockets.get(i).socket(), UpdateFlag.ANY);
                messages.update(i, sockets.get(i).socket(), UpdateFlag.ANY);
            }
            var running = new AtomicInteger(2 * SOCKETS);
            List<Callable<Void>> work = new ArrayList<>();
            for (int i = 0; i < SOCKETS; i++) {
                var socket = sockets.get(i);
                long own = seed * 31 + i;
                work.add(counted(running, () -> socket.networkRuns(new Random(own), ROUNDS)));
                work.add(counted(running, () -> socket.applicationRuns(new Random(-own), ROUNDS)));
            }
            work.add(() -> changes(running, new Random(seed), sockets, frames, messages));
            for (Future<Void> done : threads.invokeAll(work)) done.get();
            drain(sockets);
            sockets.forEach(socket -> socket.socket().close());
            drain(sockets);
            var all = sockets.stream().flatMap(socket -> socket.connections().stream()).toList();
            for (var socket : all) balances(socket.account());
            assertThat(frames.size() + messages.size()).isZero();
            assertThat(network.engine().sockets()).isEmpty();
            assertThat(all.stream().mapToLong(s -> s.account().receive().in()).sum())
                    .as("received bytes")
                    .isPositive();
        }
    }

    private static UserSockMap load(Network network, String name) {
        var object = network.load(name);
        var map = object.sockMap("targets");
        for (var program : object.programs().values()) {
            map.attach(program, object.attachType(program.name()).orElseThrow());
        }
        return map;
    }

    private static Callable<Void> counted(AtomicInteger running, Callable<Void> work) {
        return () -> {
            try {
                return work.call();
            } finally {
                running.decrementAndGet();
            }
        };
    }

    /** Changes maps and connections as long as any of the others is at work. */
    private static Void changes(
            AtomicInteger running,
            Random random,
            List<StormSocket> sockets,
            UserSockMap frames,
            UserSockMap messages) {
        while (running.get() > 0) {
            var map = random.nextBoolean() ? frames : messages;
            int index = random.nextInt(SOCKETS);
            var socket = sockets.get(random.nextInt(SOCKETS));
            try {
                switch (random.nextInt(200)) {
                    case 0 -> socket.reconnects(random.nextBoolean());
                    case 1, 2, 3, 4, 5, 6 -> map.delete(index);
                    default -> map.update(index, socket.socket(), UpdateFlag.ANY);
                }
            } catch (BpfException refused) {
                // Chance asks for what can't be; the maps say no and go on.
                assertThat(refused.getMessage()).isNotEmpty();
            }
        }
        return null;
    }

    private static void drain(List<StormSocket> sockets) {
        for (boolean moved = true; moved; ) {
            moved = false;
            for (var socket : sockets) moved |= socket.drains();
        }
    }

    private static void balances(Account account) {
        assertThat(account.balances()).as("%s", account).isTrue();
        assertThat(account.receive().held()).as("%s", account).isZero();
        assertThat(account.send().held()).as("%s", account).isZero();
        assertThat(account.ingress().waiting()).as("%s", account).isZero();
        assertThat(account.egress().waiting()).as("%s", account).isZero();
    }
}
