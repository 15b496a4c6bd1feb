package io.jsockmap.bench.path;

import static io.jsockmap.bench.path.PathBench.OUR_HTTP;
import static io.jsockmap.bench.path.PathBench.OUR_SPLICE;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;

/** Holds the medians against what should be reached. What was not measured is left out. */
final class Targets {
    private final Results results;
    private final List<Target> targets = new ArrayList<>();

    private Targets(Results results) {
        this.results = results;
    }

    static List<Target> of(Results results) {
        var targets = new Targets(results);
        for (var load : List.of(Load.BULK_1, Load.BULK_16)) {
            targets.atLeast(load, OUR_SPLICE, 1, Targets::isOther);
            targets.noMore(load, Figure.CPU, OUR_SPLICE, Targets::isHaproxy);
        }
        targets.atLeast(Load.PING_1, OUR_SPLICE, 1.1, Targets::isOther);
        targets.noMore(Load.PING_1, Figure.P99, OUR_SPLICE, Targets::isOther);
        targets.atLeast(Load.PING_64, OUR_SPLICE, 1, Targets::isNginx);
        targets.noMore(Load.PING_64, Figure.P99, OUR_SPLICE, Targets::isNginx);
        targets.atLeast(Load.CONNECT, OUR_SPLICE, 0.9, Targets::isNginx);
        Load.rates()
                .forEach(load -> targets.atLeast(load, OUR_HTTP, 0.9, Targets::isCopyingHaproxy));
        Load.rates().forEach(load -> targets.atLeast(load, OUR_SPLICE, 1, "netty"::equals));
        return targets.targets;
    }

    private static boolean isOther(String peer) {
        return !List.of(PathBench.DIRECT, OUR_SPLICE, OUR_HTTP).contains(peer);
    }

    private static boolean isHaproxy(String peer) {
        return Haproxy.all().stream().anyMatch(one -> one.name().equals(peer));
    }

    private static boolean isCopyingHaproxy(String peer) {
        return Haproxy.all().stream().anyMatch(one -> one.isCopying() && one.name().equals(peer));
    }

    private static boolean isNginx(String peer) {
        return Nginx.all().stream().anyMatch(one -> one.name().equals(peer));
    }

    private record Other(String name, double figure) {}

    private List<Other> others(Load load, Figure figure, Predicate<String> which) {
        return results.peers(load).stream()
                .filter(which)
                .flatMap(
                        peer ->
                                results.median(load, peer, figure).stream()
                                        .mapToObj(value -> new Other(peer, value)))
                .toList();
    }

    /** At least a part of the best one's value. */
    private void atLeast(Load load, String ours, double part, Predicate<String> which) {
        var best =
                others(load, Figure.VALUE, which).stream()
                        .max(Comparator.comparingDouble(Other::figure));
        var value = results.median(load, ours, Figure.VALUE);
        if (best.isEmpty() || value.isEmpty()) return;
        var other = best.get();
        var kind = load.kind();
        targets.add(
                new Target(
                        load,
                        "%s %s %s".formatted(ours, kind.print(value.getAsDouble()), kind.unit()),
                        "at least %s × %s of %s, is %.2f ×"
                                .formatted(
                                        part,
                                        kind.print(other.figure),
                                        other.name,
                                        value.getAsDouble() / other.figure),
                        value.getAsDouble() >= part * other.figure));
    }

    /** No more than the least of others. */
    private void noMore(Load load, Figure figure, String ours, Predicate<String> which) {
        var least =
                others(load, figure, which).stream().min(Comparator.comparingDouble(Other::figure));
        var value = results.median(load, ours, figure);
        if (least.isEmpty() || value.isEmpty()) return;
        var other = least.get();
        var what = figure == Figure.CPU ? "CPU s / " + load.kind().cpu() : figure.name() + " in µs";
        targets.add(
                new Target(
                        load,
                        "%s %s %.2f".formatted(ours, what, value.getAsDouble()),
                        "at most %.2f of %s".formatted(other.figure, other.name),
                        value.getAsDouble() <= other.figure));
    }
}
