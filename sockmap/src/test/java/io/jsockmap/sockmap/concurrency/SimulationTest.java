package io.jsockmap.sockmap.concurrency;

import static org.assertj.core.api.Assertions.assertThatCode;

import io.jsockmap.sockmap.network.Engines;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;

/**
 * Many small worlds, each made and driven by a seed, on one thread. A failure names its seed and
 * how to replay it alone. The profile {@code simulation} tries a million.
 */
class SimulationTest {
    /** Each world loads its programs anew, which takes most of its time if they are compiled. */
    private static final int SEEDS =
            Integer.getInteger("simulation.seeds", Engines.isCompiled() ? 300 : 1_000);

    private static final String REPLAY =
            "seed %d; replay it with: mvn -pl sockmap -am test -Dtest=SimulationTest"
                    + " -Dsurefire.failIfNoSpecifiedTests=false -Dsimulation.seed=%d";

    @Test
    @Timeout(value = 12, unit = TimeUnit.HOURS)
    @DisplayName("no byte is lost, doubled, changed or reordered, and ends come last")
    void everyWorldKeepsItsBytes() {
        var one = Long.getLong("simulation.seed");
        var seeds = one == null ? LongStream.range(0, SEEDS) : LongStream.of(one);
        // Worlds share nothing, so they may run side by side.
        seeds.parallel()
                .forEach(
                        seed ->
                                assertThatCode(() -> new Simulation(seed).run())
                                        .as(REPLAY, seed, seed)
                                        .doesNotThrowAnyException());
    }
}
