package io.jsockmap.sockmap.concurrency;

import static org.assertj.core.api.Assertions.assertThatCode;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import java.util.stream.LongStream;

/**
 * Many small worlds, each made and driven by a seed, on one thread. A failure names its seed, and
 * {@code -Dsimulation.seed=N} replays that one alone; {@code -Dsimulation.seeds=N} tries more of
 * them.
 */
class SimulationTest {
    private static final int SEEDS = Integer.getInteger("simulation.seeds", 3000);

    @Test
    @DisplayName("no byte is lost, doubled, changed or reordered, and ends come last")
    void everyWorldKeepsItsBytes() {
        var one = Long.getLong("simulation.seed");
        var seeds = one == null ? LongStream.range(0, SEEDS) : LongStream.of(one);
        seeds.forEach(
                seed ->
                        assertThatCode(() -> new Simulation(seed).run())
                                .as("seed %d; replay it with -Dsimulation.seed=%d", seed, seed)
                                .doesNotThrowAnyException());
    }
}
