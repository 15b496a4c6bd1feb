package io.jsockmap.dashboard.state;

import java.util.OptionalLong;

/**
 * A map of the object.
 *
 * @param entries how many elements there are; -1 for kinds that don't count them
 * @param maxEntries how many there is room for
 * @param keySize bytes
 * @param valueSize bytes, as a program sees it
 * @param programs what sockets inherit in a map of sockets; empty for other maps
 */
public record MapRow(
        String name,
        String type,
        long entries,
        long maxEntries,
        int keySize,
        int valueSize,
        String programs) {
    /** How many elements there are, if the map counts them. */
    public OptionalLong count() {
        return entries < 0 ? OptionalLong.empty() : OptionalLong.of(entries);
    }

    /** {@link #count()} for people. */
    public String elements() {
        return entries < 0 ? "all" : Quantity.count(entries);
    }
}
