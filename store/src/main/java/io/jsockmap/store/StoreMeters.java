package io.jsockmap.store;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.binder.MeterBinder;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;

/**
 * Shows how far maps follow their store, as meters of Micrometer, which the application has to
 * bring. All have the tag {@code policy}.
 *
 * <ul>
 *   <li>{@code jsockmap.store.lag}: revisions that the store has told of and the maps do not have
 *   <li>{@code jsockmap.store.silence}: how long nothing was heard; NaN if nothing ever was
 *   <li>{@code jsockmap.store.away}: how long it has been away; 0 if it is there
 *   <li>{@code jsockmap.store.resyncs}: how often all entries were read
 *   <li>{@code jsockmap.store.rejected}: entries that are not in their maps as the store has them
 *   <li>{@code jsockmap.store.entries}, by {@code map}: elements that the store has given
 * </ul>
 *
 * {@snippet class="io.jsockmap.store.examples.StoreExamples" region="bind"}
 */
public final class StoreMeters implements MeterBinder {
    private final StoreBinding binding;
    private final Tags tags;

    /**
     * @param policy the name of the policy whose maps are bound, for the tag
     */
    public StoreMeters(StoreBinding binding, String policy) {
        this.binding = binding;
        tags = Tags.of("policy", policy);
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        gauge(registry, "lag", "revisions", "Revisions that maps are behind", StoreStatus::lag);
        gauge(registry, "rejected", "entries", "Entries that are skipped", StoreStatus::rejected);
        time(registry, "silence", "How long nothing was heard", StoreMeters::silence);
        time(registry, "away", "How long the store has been away", StoreMeters::away);
        FunctionCounter.builder("jsockmap.store.resyncs", binding, b -> b.status().resyncs())
                .description("How often all entries were read")
                .tags(tags)
                .register(registry);
        for (var map : binding.status().maps()) entries(registry, map.shared());
    }

    private void gauge(
            MeterRegistry registry,
            String name,
            String unit,
            String description,
            ToDoubleFunction<StoreStatus> value) {
        Gauge.builder("jsockmap.store." + name, binding, b -> value.applyAsDouble(b.status()))
                .baseUnit(unit)
                .description(description)
                .tags(tags)
                .register(registry);
    }

    private void time(
            MeterRegistry registry,
            String name,
            String description,
            ToDoubleFunction<StoreStatus> millis) {
        TimeGauge.builder(
                        "jsockmap.store." + name,
                        binding,
                        TimeUnit.MILLISECONDS,
                        b -> millis.applyAsDouble(b.status()))
                .description(description)
                .tags(tags)
                .register(registry);
    }

    private static double silence(StoreStatus status) {
        return status.silence(Instant.now()).map(StoreMeters::millis).orElse(Double.NaN);
    }

    private static double away(StoreStatus status) {
        Optional<Instant> since = status.awaySince();
        return since.map(gone -> millis(Duration.between(gone, Instant.now()))).orElse(0.0);
    }

    private static double millis(Duration time) {
        return time.toMillis();
    }

    private void entries(MeterRegistry registry, SharedMap shared) {
        Gauge.builder("jsockmap.store.entries", binding, b -> entries(b.status(), shared))
                .baseUnit("entries")
                .description("Elements that the store has given to the map")
                .tags(tags.and("map", shared.map()))
                .register(registry);
    }

    private static double entries(StoreStatus status, SharedMap shared) {
        return status.maps().stream()
                .filter(map -> map.shared().equals(shared))
                .mapToInt(MapStatus::entries)
                .sum();
    }
}
