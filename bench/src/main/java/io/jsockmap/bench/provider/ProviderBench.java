package io.jsockmap.bench.provider;

import io.jsockmap.bpf.object.LoadOptions;
import io.jsockmap.bpf.object.ObjectReader;
import io.jsockmap.provider.SockmapSelectorProvider;
import io.jsockmap.sockmap.Admission;
import io.jsockmap.sockmap.UserEngine;
import io.jsockmap.sockmap.map.AttachType;

import java.io.IOException;
import java.nio.channels.spi.SelectorProvider;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * The same server with a selector on the platform's provider and on ours, with sockets that no
 * program judges and with a program that passes all. They take turns in one process; what counts is
 * the ratio within a round, of which the median is printed: of what was carried, and of what was
 * carried for each second that the server's thread worked, which hears less of others on the
 * machine.
 */
public final class ProviderBench {
    private static final int CONNECTIONS = 32;

    /** Rounds that do not count. */
    private static final int WARMUP = 15;

    private ProviderBench() {}

    private record Load(String name, double unit, ToDoubleFunction<EchoClient> rate) {}

    /** A server on one of the providers, and its client. */
    private record Subject(String name, EchoServer server, EchoClient client)
            implements AutoCloseable {
        static Subject on(String name, SelectorProvider provider) throws IOException {
            var server = new EchoServer(provider);
            return new Subject(name, server, new EchoClient(server.address(), CONNECTIONS));
        }

        @Override
        public void close() throws IOException {
            client.close();
            server.close();
        }
    }

    /** Prints what was measured. */
    public static void measure(int rounds, long millis) throws IOException {
        var platform = SelectorProvider.provider();
        try (var reference = Subject.on("the platform's", platform);
                var idle = Subject.on("ours, no program", ours(platform, false));
                var judged = Subject.on("ours, all pass", ours(platform, true))) {
            var subjects = List.of(reference, idle, judged);
            for (var load : loads(millis)) measure(load, subjects, rounds);
        }
    }

    private static List<Load> loads(long millis) {
        return List.of(
                new Load("messages of 64 B, 1/s", 1, client -> client.messages(64, millis)),
                new Load("messages of 4 KiB, 1/s", 1, client -> client.messages(4096, millis)),
                new Load("a stream, MiB/s", 1 << 20, client -> client.bytes(millis)));
    }

    private static SelectorProvider ours(SelectorProvider platform, boolean judging)
            throws IOException {
        var engine = UserEngine.open();
        if (judging) {
            try (var file = ProviderBench.class.getResourceAsStream("/programs/pass-all.bpf.o")) {
                var object =
                        engine.load(
                                ObjectReader.read("pass-all", file.readAllBytes()),
                                LoadOptions.DEFAULT);
                var sockets = object.sockHash("sockets");
                sockets.attach(object.program("receive"), AttachType.SK_SKB_VERDICT);
                sockets.attach(object.program("transmit"), AttachType.SK_MSG_VERDICT);
                engine.attach(object.program("store"));
            }
        }
        return SockmapSelectorProvider.over(platform, Admission.to(engine, engine.root()));
    }

    /** What was carried each second, and each second of the server's work. */
    private record Rate(double wall, double work) {}

    private static Rate measure(Load load, Subject subject) {
        long start = System.nanoTime();
        long worked = subject.server().worked();
        double rate = load.rate().applyAsDouble(subject.client());
        double share = (double) (subject.server().worked() - worked) / (System.nanoTime() - start);
        return new Rate(rate / load.unit(), rate / load.unit() / share);
    }

    private static void measure(Load load, List<Subject> subjects, int rounds) {
        List<Rate[]> rates = new ArrayList<>();
        for (int round = -WARMUP; round < rounds; round++) {
            var rate = new Rate[subjects.size()];
            for (int i = 0; i < rate.length; i++) {
                // Nobody always comes first.
                int turn = Math.floorMod(i + round, rate.length);
                rate[turn] = measure(load, subjects.get(turn));
            }
            if (round >= 0) rates.add(rate);
        }
        System.out.println(load.name());
        for (int i = 0; i < subjects.size(); i++) {
            int subject = i;
            System.out.printf(
                    "  %-18s %12.0f  %.2f  of work %.2f%n",
                    subjects.get(i).name(),
                    median(rates, rate -> rate[subject].wall()),
                    median(rates, rate -> rate[subject].wall() / rate[0].wall()),
                    median(rates, rate -> rate[subject].work() / rate[0].work()));
        }
    }

    private static double median(List<Rate[]> rates, ToDoubleFunction<Rate[]> value) {
        var sorted = rates.stream().mapToDouble(value).toArray();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}
