package io.jsockmap.sockmap.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.sockmap.socket.Delivery;
import io.jsockmap.sockmap.socket.Limits;

import java.util.EnumMap;
import java.util.Map;
import java.util.function.Function;

/**
 * Finds programs that rely on luck: on more of a message being readable at once, or in one piece,
 * than the kernel promises. A sound program gives the same bytes under every {@link Delivery}.
 *
 * @param outcomes what came out of one scenario, by delivery
 */
public record Luck(Map<Delivery, String> outcomes) {

    /** Plays a scenario under every delivery; it gives what came out, in words. */
    public static Luck of(Function<Network, String> scenario) {
        Map<Delivery, String> outcomes = new EnumMap<>(Delivery.class);
        for (var delivery : Delivery.values()) {
            try (var network = new Network(Limits.DEFAULT, delivery)) {
                outcomes.put(delivery, scenario.apply(network));
                assertThat(network.faults()).as("faults, %s", delivery).isEmpty();
            }
        }
        return new Luck(outcomes);
    }

    /** Whether the program needs it. */
    public boolean isNeeded() {
        return outcomes.values().stream().distinct().count() > 1;
    }

    /** For people: what the program does where it sees all, and what where it sees little. */
    public String report() {
        if (!isNeeded()) return "the same under every delivery";
        var whole = outcomes.get(Delivery.WHOLE);
        var report = new StringBuilder("relies on luck: WHOLE gives \"%s\"".formatted(whole));
        outcomes.forEach(
                (delivery, outcome) -> {
                    if (outcome.equals(whole)) return;
                    report.append(", %s gives \"%s\"".formatted(delivery, outcome));
                });
        return report + "; pull the bytes, or load them, before they are looked at";
    }
}
