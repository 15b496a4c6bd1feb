package io.jsockmap.bpf.memory;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** What hangs on places of some memory: most memory has none, so the table is made late. */
final class Attachments {
    private Map<Long, Object> things;

    synchronized Optional<Object> at(long place) {
        return things == null ? Optional.empty() : Optional.ofNullable(things.get(place));
    }

    synchronized boolean add(long place, Object thing) {
        if (things == null) things = new HashMap<>();
        return things.putIfAbsent(place, thing) == null;
    }
}
