package io.jsockmap.bench.netty;

import io.jsockmap.bench.Median;
import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.netty.SockmapInitializer;
import io.jsockmap.provider.SockmapSelectorProvider;
import io.jsockmap.sockmap.Admission;
import io.jsockmap.sockmap.UserEngine;
import io.jsockmap.sockmap.map.AttachType;
import io.jsockmap.sockmap.map.SockHash;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.spi.SelectorProvider;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.function.ToDoubleFunction;

/**
 * What the engine costs a Netty server: the same server without it, with the handler, and on the
 * selector provider; each with nothing attached, with a verdict that passes all, and with a program
 * that passes all that is sent as well; in one process, in turns.
 */
public final class NettyBench {
    private static final String BARE = "without the engine";

    private static final Map<String, List<String>> PROGRAMS =
            Map.of(
                    "no program", List.of(),
                    "verdict", List.of("pass_received"),
                    "verdict and sk_msg", List.of("pass_received", "pass_sent"));

    private static final SelectorProvider PLATFORM = SelectorProvider.provider();

    private NettyBench() {}

    /** Measures, prints, and writes the table to a file. */
    public static void measure(Path target)
            throws IOException, InterruptedException, ExecutionException {
        int rounds = Integer.getInteger("bench.rounds", 10);
        long millis = Long.getLong("bench.millis", 700);
        long warmUp = Long.getLong("bench.warmup.millis", 2500);
        Map<String, HttpServer> servers = new LinkedHashMap<>();
        servers.put(BARE, new HttpServer(PLATFORM, site -> site));
        for (var programs : new TreeMap<>(PROGRAMS).entrySet()) {
            servers.put("handler, " + programs.getKey(), handled(programs.getValue()));
            servers.put("provider, " + programs.getKey(), provided(programs.getValue()));
        }
        var report =
                new StringBuilder(
                        """
                        | load | server | requests/s | ratio | CPU µs/request | ratio |
                        |---|---|--:|--:|--:|--:|
                        """);
        for (var load : HttpLoad.ALL) {
            for (var server : servers.values()) load.measure(server, warmUp);
            report.append(table(load, rates(load, servers, rounds, millis)));
        }
        servers.values().forEach(HttpServer::close);
        IO.println(report);
        Files.createDirectories(target);
        Files.writeString(target.resolve("netty.md"), report.toString());
    }

    private static Map<String, List<HttpLoad.Result>> rates(
            HttpLoad load, Map<String, HttpServer> servers, int rounds, long millis)
            throws InterruptedException, ExecutionException {
        Map<String, List<HttpLoad.Result>> rates = new LinkedHashMap<>();
        for (int round = 0; round < rounds; round++) {
            // Each other round the other way, so that none is always the one behind another.
            var turns = new ArrayList<>(servers.keySet());
            for (var name : round % 2 == 0 ? turns : turns.reversed()) {
                var result = load.measure(servers.get(name), millis);
                rates.computeIfAbsent(name, _ -> new ArrayList<>()).add(result);
            }
        }
        return rates;
    }

    private static String table(HttpLoad load, Map<String, List<HttpLoad.Result>> rates) {
        var rows = new StringBuilder();
        var bare = rates.get(BARE);
        rates.forEach(
                (name, measured) ->
                        rows.append(
                                "| %s | %s | %,d | %.2f | %.1f | %.2f |%n"
                                        .formatted(
                                                load.name(),
                                                name,
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

    private static HttpServer handled(List<String> programs) throws IOException {
        var admission = admission(programs);
        return new HttpServer(PLATFORM, site -> new SockmapInitializer<>(admission, site));
    }

    private static HttpServer provided(List<String> programs) throws IOException {
        var provider = SockmapSelectorProvider.over(PLATFORM, admission(programs));
        return new HttpServer(provider, site -> site);
    }

    /** Brings sockets under programs that pass all. */
    private static Admission admission(List<String> programs) throws IOException {
        var engine = UserEngine.open();
        var admission = Admission.to(engine, engine.root());
        if (programs.isEmpty()) return admission;
        var root = Path.of(System.getProperty("jsockmap.root", ".."));
        var object =
                engine.load(root.resolve("sockmap/src/test/resources/programs/map-programs.bpf.o"));
        var sockets = sockets(engine);
        for (var program : programs) {
            sockets.attach(
                    object.program(program),
                    object.attachType(program).orElse(AttachType.SK_MSG_VERDICT));
        }
        return admission.with(
                socket -> sockets.update(key(socket.cookie()), socket, UpdateFlag.ANY));
    }

    private static SockHash sockets(UserEngine engine) {
        return (SockHash)
                engine.create(
                        io.jsockmap.bpf.map.MapDefinition.of(
                                "sockets", io.jsockmap.bpf.map.MapType.SOCKHASH, 8, 8, 65536));
    }

    private static byte[] key(long cookie) {
        return ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(cookie).array();
    }
}
