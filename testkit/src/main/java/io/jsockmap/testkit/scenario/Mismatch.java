package io.jsockmap.testkit.scenario;

import java.util.Optional;

/** What was expected has not come about. */
final class Mismatch extends Exception {
    private static final long serialVersionUID = 1L;

    private final String socket;

    /**
     * @param socket whose bytes or verdicts are other than expected; empty if it is not about one
     */
    Mismatch(String socket, String problem) {
        super(problem);
        this.socket = socket;
    }

    static Mismatch general(String problem) {
        return new Mismatch("", problem);
    }

    Optional<String> socket() {
        return Optional.of(socket).filter(name -> !name.isEmpty());
    }
}
