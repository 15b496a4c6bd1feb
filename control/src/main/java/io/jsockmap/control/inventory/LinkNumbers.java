package io.jsockmap.control.inventory;

import io.jsockmap.control.inventory.Inventory.LinkInfo;
import io.jsockmap.sockmap.map.AttachType;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Numbers for what is attached, the same each time that somebody looks. */
final class LinkNumbers {
    /** All of a link but its number. */
    private record Place(int program, AttachType type, int map, Optional<String> scope) {}

    private final Map<Place, LinkInfo> known = new HashMap<>();
    private int last;

    synchronized LinkInfo of(int program, AttachType type, int map, Optional<String> scope) {
        return known.computeIfAbsent(
                new Place(program, type, map, scope),
                place -> new LinkInfo(++last, program, type, map, scope));
    }

    /** Forgets the others: what is attached once more later is another link. */
    synchronized void keepOnly(Collection<LinkInfo> links) {
        known.values().retainAll(links);
    }
}
