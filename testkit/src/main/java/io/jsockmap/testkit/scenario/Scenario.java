package io.jsockmap.testkit.scenario;

import io.jsockmap.sockmap.setup.ObjectSetup;
import io.jsockmap.sockmap.socket.Limits;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Something that shall come about on a network in memory.
 *
 * {@snippet class="io.jsockmap.testkit.examples.ScenarioExamples" region="play"}
 *
 * @param name what it says of the program
 * @param file where it was read from
 * @param line where in the file it begins, from 1
 * @param object the object file, if the scenario names one
 * @param setup what is said of the object
 * @param limits how many bytes each socket holds
 * @param plays which ways to play it are asked for
 * @param steps in their order
 */
public record Scenario(
        String name,
        Path file,
        int line,
        Optional<Path> object,
        ObjectSetup setup,
        Limits limits,
        PlayChoice plays,
        List<Placed> steps) {
    public Scenario {
        steps = List.copyOf(steps);
    }

    /**
     * A step, and where it stands in the file.
     *
     * @param line from 1
     * @param text its first line, as it stands there
     */
    record Placed(int line, String text, Step step) {}
}
