package io.jsockmap.testkit.scenario;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What came of a scenario.
 *
 * {@snippet class="io.jsockmap.testkit.examples.ScenarioExamples" region="play"}
 *
 * @param plays in how many ways it was played
 * @param failed how many of them did not come out as expected
 * @param failure the easiest of those; empty if there are none
 * @param time how long it took
 */
public record ScenarioResult(
        Scenario scenario, int plays, int failed, Optional<Failure> failure, Duration time) {

    /**
     * Something that is not as expected.
     *
     * @param line of the scenario file, from 1
     * @param step the step as it stands there; empty for something found only at the end
     * @param problem what was expected and what was found, with a difference of bytes
     * @param play what was special about the way it was played
     * @param onlyHostile whether all is well as long as nothing is made hard
     * @param reasons what programs had to do with it, with their lines of C
     * @param advice what usually mends it, where that is known
     */
    public record Failure(
            int line,
            String step,
            String problem,
            String play,
            boolean onlyHostile,
            List<String> reasons,
            Optional<String> advice) {
        public Failure {
            reasons = List.copyOf(reasons);
        }
    }

    public boolean passed() {
        return failure.isEmpty();
    }
}
