package io.jsockmap.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.proxy.Participant.Fate;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.Future;

/** Clients and servers die at random moments, and harm nobody but those who talk to them. */
class DyingPeersTest {
    private static final int CONNECTIONS = 400;
    private static final List<Fate> DEATHS =
            List.of(Fate.RESETS, Fate.CLOSES, Fate.ENDS_THEN_RESETS);

    private record Dialogue(Participant client, Participant server) {
        boolean bothLive() {
            return client.lives() && server.lives();
        }
    }

    @ParameterizedTest(name = "all connected before the first speaks: {0}")
    @ValueSource(booleans = {true, false})
    void survivorsAreUnharmedAndNothingLeaks(boolean allConnectedFirst) throws Exception {
        long seed = new Random().nextLong();
        System.out.printf("DyingPeersTest: seed %d%n", seed);
        var random = new SplittableRandom(seed);
        List<Dialogue> dialogues = new ArrayList<>();
        List<Future<Void>> acts = new ArrayList<>();
        try (var upstream = Loopback.listen();
                var proxy = ProxySetup.splice(Loopback.addressOf(upstream)).start();
                var tasks = new Tasks();
                var sockets = new Sockets()) {
            for (int i = 0; i < CONNECTIONS; i++) {
                var ends = sockets.add(Ends.through(proxy, upstream));
                var dialogue =
                        new Dialogue(
                                new Participant(ends.client(), fate(random), random.nextLong()),
                                new Participant(ends.server(), fate(random), random.nextLong()));
                dialogues.add(dialogue);
                if (!allConnectedFirst) start(dialogue, tasks, acts);
            }
            if (allConnectedFirst) dialogues.forEach(dialogue -> start(dialogue, tasks, acts));
            for (var act : acts) Tasks.result(act);
            for (var dialogue : dialogues) assertIntact(dialogue);
            sockets.closeAll();
            for (var report : proxy.reports(CONNECTIONS)) RunningProxy.assertBalanced(report);
            proxy.assertNothingIsLeft();
        }
        // Else the test would say nothing about one or the other.
        assertThat(dialogues).anyMatch(Dialogue::bothLive).anyMatch(d -> !d.bothLive());
    }

    private static void start(Dialogue dialogue, Tasks tasks, List<Future<Void>> acts) {
        for (var one : List.of(dialogue.client, dialogue.server)) {
            acts.add(tasks.start(one::speak));
            acts.add(tasks.start(one::hear));
        }
    }

    private static Fate fate(SplittableRandom random) {
        return random.nextBoolean() ? Fate.LIVES : DEATHS.get(random.nextInt(DEATHS.size()));
    }

    private static void assertIntact(Dialogue dialogue) {
        var client = dialogue.client;
        var server = dialogue.server;
        if (dialogue.bothLive()) {
            assertThat(server.received()).isEqualTo(client.bytes());
            assertThat(client.received()).isEqualTo(server.bytes());
        } else {
            assertThat(server.receivedStartOf(client.bytes())).isTrue();
            assertThat(client.receivedStartOf(server.bytes())).isTrue();
        }
    }

    /** Those who live close at last. */
    private static final class Sockets implements AutoCloseable {
        private final List<Ends> all = new ArrayList<>();

        Ends add(Ends ends) {
            all.add(ends);
            return ends;
        }

        void closeAll() throws IOException {
            for (var ends : all) ends.close();
        }

        @Override
        public void close() throws IOException {
            closeAll();
        }
    }
}
