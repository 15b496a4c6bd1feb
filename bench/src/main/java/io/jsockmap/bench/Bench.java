package io.jsockmap.bench;

import io.jsockmap.bench.netty.NettyBench;
import io.jsockmap.bench.path.PathBench;
import io.jsockmap.bench.provider.ProviderBench;
import io.jsockmap.bench.sockets.Sockets;
import io.jsockmap.bench.speed.Speed;
import io.jsockmap.kernel.KernelVerifier;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;

/**
 * Measures what {@code bench.only} names: {@code verifier}, {@code speed}, {@code sockets}, {@code
 * path}, {@code netty}, {@code provider}, or all.
 */
final class Bench {
    private Bench() {}

    static void main() throws IOException, InterruptedException, ExecutionException {
        var target = Path.of(System.getProperty("bench.target", "target"));
        var only = System.getProperty("bench.only", "");
        switch (only) {
            case "verifier" -> verifier(target);
            case "speed" -> Speed.measure(target);
            case "sockets" -> Sockets.measure(target);
            case "path" -> PathBench.measure(target);
            case "netty" -> NettyBench.measure(target);
            case "provider" -> ProviderBench.measure(9, 1000);
            case "" -> {
                verifier(target);
                Speed.measure(target);
                Sockets.measure(target);
                PathBench.measure(target);
                NettyBench.measure(target);
                ProviderBench.measure(9, 1000);
            }
            default ->
                    throw new IllegalArgumentException(
                            "bench.only is %s; take verifier, speed, sockets, path, netty or provider"
                                    .formatted(only));
        }
    }

    /**
     * What verifying takes, in this process and in fresh ones, and what it takes the running
     * kernel. The kernel only loads the programs; nothing is attached or run.
     */
    private static void verifier(Path target) throws IOException, InterruptedException {
        var availability = KernelVerifier.availability();
        var warm = new Warm(Subject.all(), availability.usable());
        warm.warmUp(Duration.ofSeconds(Integer.getInteger("bench.warmup", 30)));
        var comparisons = warm.compare();

        var files = Stream.concat(Subject.examples().stream(), Subject.large().stream()).toList();
        var cold = new Cold(target.resolve("cold.aot"), files);
        int rounds = Integer.getInteger("bench.cold", 11);
        cold.run(rounds);

        var report = new Report();
        report.machine(availability);
        report.warm(comparisons);
        report.cold(cold, Subject.examples(), Subject.large(), rounds);
        IO.println(report);
        Files.writeString(target.resolve("performance.md"), report.toString());
    }
}
