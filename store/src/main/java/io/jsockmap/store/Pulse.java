package io.jsockmap.store;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Tells when a store is to be asked again, and whether it has fallen silent. */
final class Pulse {
    /** How often it is asked where it is. */
    private static final Duration BEAT = Duration.ofSeconds(1);

    /** One that did not speak of a prefix for so long, though asked, is lost. */
    private static final Duration SILENCE = Duration.ofSeconds(10);

    private final Map<String, Long> heard = new HashMap<>();
    private long asked;

    Pulse(Set<String> prefixes) {
        asked = System.nanoTime();
        prefixes.forEach(this::heard);
    }

    void heard(String prefix) {
        heard.put(prefix, System.nanoTime());
    }

    /** Whether it is to be asked now; the next time is one beat later. */
    boolean isDue() {
        if (System.nanoTime() - asked < BEAT.toNanos()) return false;
        asked = System.nanoTime();
        return true;
    }

    /** A prefix of which nothing was heard for too long. */
    Optional<String> silent() {
        long now = System.nanoTime();
        return heard.entrySet().stream()
                .filter(each -> now - each.getValue() > SILENCE.toNanos())
                .map(Map.Entry::getKey)
                .findFirst();
    }
}
