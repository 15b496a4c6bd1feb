package io.jsockmap.bench.speed;

import io.jsockmap.bench.speed.Figures.Figure;

import java.util.Map;
import java.util.OptionalDouble;

/**
 * What runs of a program take, here and elsewhere.
 *
 * @param instructions of the program and its functions
 * @param ours by engine
 * @param peers nanoseconds by the names of those that were asked
 */
record Comparison(
        SpeedSubject subject,
        int instructions,
        Map<String, Figure> ours,
        Map<String, Double> peers) {

    /** An engine's time by a peer's. */
    OptionalDouble ratio(String engine, String peer) {
        var theirs = peers.get(peer);
        if (theirs == null) return OptionalDouble.empty();
        return OptionalDouble.of(ours.get(engine).nanoseconds() / theirs);
    }

    /**
     * The same of what each takes more than for the empty program; none if that is next to nothing.
     */
    OptionalDouble netRatio(String engine, String peer, Comparison empty) {
        var theirs = peers.get(peer);
        if (theirs == null) return OptionalDouble.empty();
        double net = theirs - empty.peers.get(peer);
        double more = ours.get(engine).nanoseconds() - empty.ours.get(engine).nanoseconds();
        return net < 1 || more <= 0 ? OptionalDouble.empty() : OptionalDouble.of(more / net);
    }
}
