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
 * that passes all that is sent as well; each in two JVMs of its own, in turns.
 */
public final class NettyBench {
    /** Of each server: no two compile the same code the same way. */
    private static final int JVMS = 2;

    private static final int ROUNDS = 12;
    private static final long MILLIS = 500;

    /** Rounds that do not count, before the first load and before each. */
    private static final int WARM_UP = 40;

    private static final int WARM_UP_FOR_LOAD = 8;

    private NettyBench() {}

    /** Measures, prints, and writes the table to a file. */
    public static void measure(Path target)
            throws IOException, InterruptedException, ExecutionException {
        List<Map<Setup, ServerProcess>> servers = new ArrayList<>();
        for (int i = 0; i < JVMS; i++) servers.add(start());
        var report =
                new StringBuilder(
                        """
                        | load | server | requests/s | ratio | CPU µs/request | ratio |
                        |---|---|--:|--:|--:|--:|
                        """);
        // As it is measured: whenever connections end and begin anew the compiler does so too.
        rates(HttpLoad.ALL.getFirst(), servers, WARM_UP);
        for (var load : HttpLoad.ALL) {
            rates(load, servers, WARM_UP_FOR_LOAD);
            report.append(table(load, rates(load, servers, ROUNDS)));
        }
        for (var each : servers) each.values().forEach(ServerProcess::close);
        IO.println(report);
        Files.createDirectories(target);
        Files.writeString(target.resolve("netty.md"), report.toString());
    }

    private static Map<Setup, ServerProcess> start() throws IOException {
        Map<Setup, ServerProcess> servers = new EnumMap<>(Setup.class);
        for (var setup : Setup.values()) servers.put(setup, ServerProcess.start(setup));
        return servers;
    }

    private static Map<Setup, List<HttpLoad.Result>> rates(
            HttpLoad load, List<Map<Setup, ServerProcess>> servers, int rounds)
            throws IOException, InterruptedException, ExecutionException {
        Map<Setup, List<HttpLoad.Result>> rates = new EnumMap<>(Setup.class);
        for (int turn = 0; turn < rounds * JVMS; turn++) {
            var next = servers.get(turn % JVMS);
            // Now the one way, now the other, so that none is always the one behind another.
            var setups = new ArrayList<>(next.keySet());
            for (var setup : turn / JVMS % 2 == 0 ? setups : setups.reversed()) {
                var result = load.measure(next.get(setup), MILLIS);
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
