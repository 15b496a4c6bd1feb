package io.jsockmap.bench.path;

import io.jsockmap.bench.Progress;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Measures how fast bytes go through proxies, ours and others, side by side on loopback. Each is a
 * process of its own; clients and origin are threads here.
 */
public final class PathBench {
    static final String DIRECT = "direct";
    static final String OUR_SPLICE = "jsockmap-splice";
    static final String OUR_HTTP = "jsockmap-http";

    /** Rounds of the idle connections, which take a fresh process each and vary little. */
    private static final int IDLE_ROUNDS = 3;

    private static final int WARM_UP = 0;

    private final Path folder;
    private final int rounds = Integer.getInteger("bench.rounds", 6);
    private final long millis = Long.getLong("bench.millis", 1_500);
    private final long warmUp = Long.getLong("bench.warmup.millis", 3_000);
    private final Patience patience =
            new Patience(Duration.ofSeconds(Integer.getInteger("bench.patience", 300)));
    private final List<Load> loads;
    private final Map<String, Carrier> carriers = new LinkedHashMap<>();
    private final Results results = new Results();
    private Progress progress;

    private PathBench(Path target) {
        folder = target.resolve("path").toAbsolutePath();
        var wanted = named("bench.loads");
        loads =
                Stream.of(Load.values())
                        .filter(load -> wanted.isEmpty() || wanted.contains(load.label()))
                        .toList();
    }

    /** Writes {@code performance-path.md} and {@code charts/*.svg} into a folder. */
    public static void measure(Path target) throws IOException, InterruptedException {
        var bench = new PathBench(target);
        var report = new PathReport(bench.rounds, bench.millis);
        try (var origin = new Origin()) {
            bench.measure(origin, report);
        } finally {
            bench.carriers.values().forEach(Carrier::close);
        }
        report.results(bench.results, bench.loads);
        report.targets(Targets.of(bench.results));
        IO.println(report);
        Files.writeString(target.resolve("performance-path.md"), report.toString());
        Charts.write(bench.results, bench.loads, target.resolve("charts"));
    }

    /** All that is known, in the order of the tables. */
    private static List<Peer> all() {
        var root = Path.of(System.getProperty("jsockmap.root", "."));
        var peers = new ArrayList<Peer>();
        peers.add(new Direct());
        peers.add(new Socat());
        peers.addAll(Haproxy.all());
        peers.addAll(Nginx.all());
        peers.addAll(JavaPeer.netty());
        peers.addAll(JavaPeer.jsockmap(root.toAbsolutePath()));
        // Other checkouts, to see in one run what a change has brought.
        for (var other : named("bench.others")) {
            var folder = Path.of(other).toAbsolutePath();
            peers.add(JavaPeer.splice(folder.getFileName().toString(), folder));
        }
        return peers;
    }

    private static Set<String> named(String property) {
        return Arrays.stream(System.getProperty(property, "").split(",", -1))
                .filter(name -> !name.isBlank())
                .collect(Collectors.toSet());
    }

    private void measure(Origin origin, PathReport report)
            throws IOException, InterruptedException {
        var wanted = named("bench.peers");
        for (var peer : all()) {
            if (!wanted.isEmpty() && !wanted.contains(peer.name())) continue;
            var missing = peer.missing();
            report.peer(peer, missing);
            if (missing.isEmpty()) start(peer, origin);
        }
        var names = new ArrayList<>(carriers.keySet());
        progress = new Progress("path", measurements());
        for (var load : loads) round(load, WARM_UP, names, origin);
        var others = new Bystanders();
        for (int round = 1; round <= rounds; round++) {
            for (var load : loads) round(load, round, names, origin);
            Collections.rotate(names, 1);
        }
        report.others(others.cpus());
    }

    /** How many there will be, those before the first round among them. */
    private int measurements() {
        int all = 0;
        for (int round = WARM_UP; round <= rounds; round++) {
            for (var load : loads) {
                for (var carrier : carriers.values()) {
                    if (takesPart(carrier.peer(), load, round)) all++;
                }
            }
        }
        return all;
    }

    private void start(Peer peer, Origin origin) throws InterruptedException {
        try {
            carriers.put(peer.name(), Carrier.start(peer, origin, folder.resolve(peer.name())));
        } catch (IOException e) {
            results.fail(peer.name(), WARM_UP, e);
        }
    }

    private void round(Load load, int round, List<String> names, Origin origin)
            throws InterruptedException {
        for (var name : names) {
            var carrier = carriers.get(name);
            if (!takesPart(carrier.peer(), load, round)) continue;
            try {
                var figures =
                        round == WARM_UP
                                ? Measurement.rate(load, carrier, warmUp)
                                : undisturbed(load, carrier, origin);
                progress.done("%s %s %d: %s".formatted(load.label(), name, round, figures));
                if (round != WARM_UP) results.add(load, name, new Sample(round, figures));
            } catch (IOException e) {
                progress.done("%s %s %d: %s".formatted(load.label(), name, round, e.getMessage()));
                results.fail(load.label() + " by " + name, round, e);
                carrier.close();
                start(carrier.peer(), origin);
            }
        }
    }

    /** Measures again while others disturb it and there is patience; the quietest time counts. */
    private Map<Figure, Double> undisturbed(Load load, Carrier carrier, Origin origin)
            throws IOException, InterruptedException {
        Map<Figure, Double> quietest = null;
        double least = Double.MAX_VALUE;
        do {
            var others = new Bystanders();
            var figures =
                    load == Load.IDLE
                            ? Measurement.crowd(
                                    carrier.peer(), origin, idleFolder(carrier.peer()), millis)
                            : Measurement.rate(load, carrier, millis);
            double cpus = others.cpus();
            figures.put(Figure.OTHERS, cpus);
            if (cpus < least) {
                least = cpus;
                quietest = figures;
            }
        } while (load != Load.IDLE
                && Patience.isDisturbed(least)
                && patience.awaitQuiet(Duration.ofMillis(millis)));
        return quietest;
    }

    private Path idleFolder(Peer peer) {
        return folder.resolve(peer.name() + "-idle");
    }

    private static boolean takesPart(Peer peer, Load load, int round) {
        if (load != Load.IDLE) return true;
        return !(peer instanceof Direct) && round != WARM_UP && round <= IDLE_ROUNDS;
    }
}
