package io.jsockmap.store;

import java.util.Map;
import java.util.Optional;

/**
 * How far a map follows its store.
 *
 * {@snippet class="io.jsockmap.store.examples.StoreExamples" region="status"}
 *
 * @param shared which map, by which prefix
 * @param revision the store's, up to which it does; 0 before it was read first
 * @param entries how many elements the store has given to the map
 * @param rejected names of entries that are not in the map as the store has them, and why
 * @param problem why the map itself can't be filled, if so
 */
public record MapStatus(
        SharedMap shared,
        long revision,
        int entries,
        Map<String, String> rejected,
        Optional<String> problem) {
    public MapStatus {
        rejected = Map.copyOf(rejected);
    }
}
