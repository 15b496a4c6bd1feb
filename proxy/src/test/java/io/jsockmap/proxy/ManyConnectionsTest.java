package io.jsockmap.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.net.Socket;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

/** A thousand connections at once keep apart, and nothing is left of them (C47). */
class ManyConnectionsTest {
    private static final int MANY = 1000;

    @Test
    void aThousandSplicedConnectionsKeepApart() throws Exception {
        try (var upstream = Loopback.listen();
                var proxy = ProxySetup.splice(Loopback.addressOf(upstream)).start();
                var tasks = new Tasks()) {
            for (int wave = 0; wave < 2; wave++) {
                List<Ends> open = new ArrayList<>();
                for (int i = 0; i < MANY; i++) open.add(greeted(Ends.through(proxy, upstream)));
                assertThat(proxy.map("peers").size()).isEqualTo(2 * MANY);
                assertThat(proxy.engine.sockets()).hasSize(2 * MANY);
                List<Future<?>> talks = new ArrayList<>();
                for (int i = 0; i < MANY; i++) {
                    long seed = 10L * (wave * MANY + i);
                    var ends = open.get(i);
                    talks.add(tasks.start(() -> askAndHear(ends.client(), seed, seed + 1)));
                    talks.add(tasks.start(() -> hearAndAnswer(ends.server(), seed, seed + 1)));
                }
                for (var talk : talks) Tasks.result(talk);
                assertAllOver(proxy, proxy.reports(MANY));
            }
        }
    }

    @Test
    void aThousandEchoesKeepApart() throws Exception {
        try (var proxy = ProxySetup.echo().start();
                var tasks = new Tasks()) {
            List<Socket> clients = new ArrayList<>();
            for (int i = 0; i < MANY; i++) clients.add(greeted(proxy));
            assertThat(proxy.map("sockets").size()).isEqualTo(MANY);
            List<Future<?>> talks = new ArrayList<>();
            for (int i = 0; i < MANY; i++) {
                var client = clients.get(i);
                long seed = i;
                // What is sent to an echo comes back.
                talks.add(tasks.start(() -> askAndHear(client, seed, seed)));
            }
            for (var talk : talks) Tasks.result(talk);
            assertAllOver(proxy, proxy.reports(MANY));
        }
    }

    /** A connection of which the proxy is known to have it: it has answered. */
    private static Socket greeted(RunningProxy proxy) throws Exception {
        var client = Loopback.connect(proxy.address());
        client.getOutputStream().write('?');
        assertThat(client.getInputStream().read()).isEqualTo('?');
        return client;
    }

    /** The same for two ends. */
    private static Ends greeted(Ends ends) throws Exception {
        ends.client().getOutputStream().write('?');
        assertThat(ends.server().getInputStream().read()).isEqualTo('?');
        return ends;
    }

    private static Void askAndHear(Socket socket, long question, long answer) throws Exception {
        try (socket) {
            socket.getOutputStream().write(bytes(question));
            socket.shutdownOutput();
            assertThat(socket.getInputStream().readAllBytes()).isEqualTo(bytes(answer));
        }
        return null;
    }

    private static Void hearAndAnswer(Socket socket, long question, long answer) throws Exception {
        try (socket) {
            assertThat(socket.getInputStream().readAllBytes()).isEqualTo(bytes(question));
            socket.getOutputStream().write(bytes(answer));
        }
        return null;
    }

    private static byte[] bytes(long seed) {
        return RandomBytes.of(seed, 1 + (int) (seed * 7919 % 20_000));
    }

    /** Each connection had a number of its own, the lowest there were, and so in each wave. */
    private static void assertAllOver(RunningProxy proxy, List<ConnectionReport> reports) {
        Set<Integer> slots = new HashSet<>();
        for (var report : reports) {
            assertThat(report.problem()).isEmpty();
            RunningProxy.assertBalanced(report);
            slots.add(report.slot());
        }
        assertThat(slots)
                .containsExactlyInAnyOrderElementsOf(IntStream.range(0, MANY).boxed().toList());
        proxy.assertNothingIsLeft();
    }
}
