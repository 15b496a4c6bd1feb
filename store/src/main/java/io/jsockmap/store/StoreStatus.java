package io.jsockmap.store;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * How far a host follows a store.
 *
 * {@snippet class="io.jsockmap.store.examples.StoreExamples" region="status"}
 *
 * @param applied the store's revision up to which all maps follow; 0 before they were read first
 * @param heard the newest revision that the store told of
 * @param contact when it was heard last
 * @param awaySince since when it can't be heard, if so; maps are as they were then
 * @param problem why it can't, in words
 * @param resyncs how often all entries were read
 * @param maps each of them
 */
public record StoreStatus(
        long applied,
        long heard,
        Optional<Instant> contact,
        Optional<Instant> awaySince,
        Optional<String> problem,
        long resyncs,
        List<MapStatus> maps) {
    public StoreStatus {
        maps = List.copyOf(maps);
    }

    /** Revisions that the store has and the maps do not, as far as is heard of them. */
    public long lag() {
        return Math.max(0, heard - applied);
    }

    /** How long nothing was heard; empty if nothing ever was. */
    public Optional<Duration> silence(Instant now) {
        return contact.map(last -> Duration.between(last, now));
    }

    /** Entries that are not in their maps as the store has them. */
    public int rejected() {
        return maps.stream().mapToInt(map -> map.rejected().size()).sum();
    }
}
