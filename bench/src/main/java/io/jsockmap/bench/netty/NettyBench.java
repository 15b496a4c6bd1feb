package io.jsockmap.bench.netty;

import io.jsockmap.bench.Median;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.function.ToDoubleFunction;

/**
 * What the engine costs a Netty server: the same server without it, with the handler, and on the
 * selector provider; each with nothing attached, with a verdict that passes all, and with a program
 * that passes all that is sent as well; each in a JVM of its own, in turns.
 */
public final class NettyBench {
    private NettyBench() {}

    /** Measures, prints, and writes the table to a file. */
    public static void measure(Path target)
            throws IOException, InterruptedException, ExecutionException {
        int rounds = Integer.getInteger("bench.rounds", 10);
        long millis = Long.getLong("bench.millis", 700);
        long warmUp = Long.getLong("bench.warmup.millis", 20_000);
        Map<Setup, ServerProcess> servers = new EnumMap<>(Setup.class);
        for (var setup : Setup.values()) servers.put(setup, ServerProcess.start(setup));
        var report =
                new StringBuilder(
                        """
                        | load | server | requests/s | ratio | CPU µs/request | ratio |
                        |---|---|--:|--:|--:|--:|
                        """);
        for (var server : servers.values()) HttpLoad.ALL.getFirst().measure(server, warmUp);
        for (var load : HttpLoad.ALL) {
            for (var server : servers.values()) load.measure(server, warmUp / 8);
            report.append(table(load, rates(load, servers, rounds, millis)));
        }
        servers.values().forEach(ServerProcess::close);
        IO.println(report);
        Files.createDirectories(target);
        Files.writeString(target.resolve("netty.md"), report.toString());
    }

    private static Map<Setup, List<HttpLoad.Result>> rates(
            HttpLoad load, Map<Setup, ServerProcess> servers, int rounds, long millis)
            throws IOException, InterruptedException, ExecutionException {
        Map<Setup, List<HttpLoad.Result>> rates = new EnumMap<>(Setup.class);
        for (int round = 0; round < rounds; round++) {
            // Each other round the other way, so that none is always the one behind another.
            var turns = new ArrayList<>(servers.keySet());
            for (var setup : round % 2 == 0 ? turns : turns.reversed()) {
                var result = load.measure(servers.get(setup), millis);
                rates.computeIfAbsent(setup, _ -> new ArrayList<>()).add(result);
            }
        }
        return rates;
    }

    private static String table(HttpLoad load, Map<Setup, List<HttpLoad.Result>> rates) {
        var rows = new StringBuilder();
        var bare = rates.get(Setup.BARE);
        rates.forEach(
                (setup, measured) ->
                        rows.append(
                                "| %s | %s | %,d | %.2f | %.1f | %.2f |%n"
                                        .formatted(
                                                load.name(),
                                                setup.text,
                                                median(measured, HttpLoad.Result::rate),
                                                ratio(measured, bare, HttpLoad.Result::rate),
                                                median(measured, HttpLoad.Result::cpu) / 1000.0,
                                                ratio(bare, measured, HttpLoad.Result::cpu))));
        return rows.toString();
    }

    private static long median(
            List<HttpLoad.Result> results, ToDoubleFunction<HttpLoad.Result> value) {
        return Median.of(
                results.stream().mapToDouble(value).mapToLong(Math::round).boxed().toList());
    }

    /** Of what was measured in the same round. */
    private static double ratio(
            List<HttpLoad.Result> over,
            List<HttpLoad.Result> under,
            ToDoubleFunction<HttpLoad.Result> value) {
        List<Double> ratios = new ArrayList<>();
        for (int i = 0; i < over.size(); i++) {
            ratios.add(value.applyAsDouble(over.get(i)) / value.applyAsDouble(under.get(i)));
        }
        return Median.ofRatios(ratios);
    }
}
