package io.jsockmap.testkit.scenario;

import io.jsockmap.sockmap.socket.Delivery;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/** The ways in which a scenario is played. */
final class Plays {
    /** Up to so many bytes of a stream are cut behind each of them; of more, some. */
    private static final int EVERY_CUT = 512;

    private static final int RANDOM = 8;

    private Plays() {}

    /** All of them, the easiest first. */
    static List<Play> of(Scenario scenario, long seed) {
        return switch (scenario.plays()) {
            case WHOLE -> List.of(Play.WHOLE);
            case KERNEL -> List.of(new Play(Delivery.KERNEL, new Segmentation.AsSent()));
            case ALL -> all(scenario, seed);
        };
    }

    private static List<Play> all(Scenario scenario, long seed) {
        List<Play> plays = new ArrayList<>();
        plays.add(Play.WHOLE);
        plays.add(new Play(Delivery.KERNEL, new Segmentation.AsSent()));
        cutStreams(plays, scenario, seed);
        plays.add(new Play(Delivery.HOSTILE, new Segmentation.AsSent()));
        return plays;
    }

    private static void cutStreams(List<Play> plays, Scenario scenario, long seed) {
        var sent = bytesByEnd(scenario);
        if (sent.isEmpty()) return;
        if (mayJoin(scenario)) plays.add(new Play(Delivery.KERNEL, new Segmentation.Joined()));
        sent.forEach(
                (from, bytes) ->
                        cuts(bytes, seed)
                                .mapToObj(at -> new Segmentation.CutOnce(from, at))
                                .forEach(cut -> plays.add(new Play(Delivery.KERNEL, cut))));
        plays.add(new Play(Delivery.KERNEL, new Segmentation.Bytewise()));
        for (int i = 0; i < RANDOM; i++) {
            var delivery = i % 2 == 0 ? Delivery.KERNEL : Delivery.HOSTILE;
            plays.add(new Play(delivery, new Segmentation.AtRandom(seed + i)));
        }
    }

    private static LongStream cuts(long bytes, long seed) {
        if (bytes <= EVERY_CUT) return LongStream.range(1, bytes);
        var random = new java.util.Random(seed);
        return LongStream.concat(
                        LongStream.rangeClosed(1, EVERY_CUT / 2),
                        random.longs(EVERY_CUT / 2, 1, bytes))
                .distinct()
                .sorted();
    }

    /** How much each far end of a stream sends in all. */
    private static Map<Endpoint, Long> bytesByEnd(Scenario scenario) {
        Map<Endpoint, Long> sent = new LinkedHashMap<>();
        var datagrams = datagramSockets(scenario);
        for (var placed : scenario.steps()) {
            if (!(placed.step() instanceof Step.Send send) || !send.from().peer()) continue;
            if (datagrams.contains(send.from().socket())) continue;
            sent.merge(send.from(), (long) send.bytes().length, Long::sum);
        }
        return sent;
    }

    private static List<String> datagramSockets(Scenario scenario) {
        return scenario.steps().stream()
                .map(Scenario.Placed::step)
                .filter(Step.Open.class::isInstance)
                .map(Step.Open.class::cast)
                .filter(open -> open.choice().kind().keepsMessages())
                .map(Step.Open::name)
                .toList();
    }

    private static boolean mayJoin(Scenario scenario) {
        var steps = scenario.steps();
        var datagrams = datagramSockets(scenario);
        for (int i = 0; i + 1 < steps.size(); i++) {
            if (!followEachOther(steps.get(i).step(), steps.get(i + 1).step())) continue;
            var send = (Step.Send) steps.get(i).step();
            if (!datagrams.contains(send.from().socket())) return true;
        }
        return false;
    }

    /** Whether the far end sends twice in a row, with nothing expected between. */
    static boolean followEachOther(Step first, Step second) {
        return first instanceof Step.Send a
                && second instanceof Step.Send b
                && a.from().peer()
                && a.from().equals(b.from());
    }
}
