package io.jsockmap.testkit.dap;

import io.jsockmap.bpf.BpfException;
import io.jsockmap.bpf.Errno;
import io.jsockmap.testkit.debug.OneScenario;
import io.jsockmap.testkit.debug.Session;
import io.jsockmap.testkit.scenario.Way;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * What a client may launch.
 *
 * {@snippet class="io.jsockmap.testkit.examples.DebugExamples" region="serve"}
 *
 * @param session what is debugged if the client names no scenario
 * @param object the object file of scenarios, instead of the one that they name
 */
public record Launching(Optional<Session> session, Optional<Path> object) {
    /**
     * The session for the arguments of {@code launch}.
     *
     * @throws BpfException EINVAL if they say none, or are not understood
     */
    Session session(Map<String, Object> arguments) {
        var scenario = text(arguments, "scenario");
        if (scenario.isPresent()) {
            return new OneScenario(
                    object,
                    Path.of(scenario.get()),
                    text(arguments, "only").orElse(""),
                    text(arguments, "play").map(Way::named));
        }
        return session.orElseThrow(
                () -> mistake("nothing is to be debugged: launch with scenario, a file"));
    }

    private static Optional<String> text(Map<String, Object> arguments, String name) {
        return switch (arguments.get(name)) {
            case null -> Optional.empty();
            case String text -> Optional.of(text);
            case Object other -> throw mistake("%s is a text, not %s".formatted(name, other));
        };
    }

    private static BpfException mistake(String problem) {
        return new BpfException(Errno.EINVAL, problem);
    }
}
