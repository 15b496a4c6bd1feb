package io.jsockmap.testkit.debug;

import io.jsockmap.testkit.record.RunLimits;
import io.jsockmap.testkit.record.Tour;

/** Sessions of the program {@code tour}. */
final class Played {
    private Played() {}

    /** Sends messages, each judged by a run. */
    static Session session(String... messages) {
        return Session.of(
                "tour",
                () -> {
                    try (var tour = new Tour(RunLimits.DEBUG)) {
                        for (var message : messages) tour.sends(message);
                        return tour.runs();
                    }
                });
    }
}
