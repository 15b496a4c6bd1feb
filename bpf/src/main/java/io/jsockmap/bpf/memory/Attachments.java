package io.jsockmap.bpf.memory;

import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/** What hangs on places of some memory: most memory has none, so the table is made late. */
final class Attachments {
    private NavigableMap<Long, Attachment> things;
    private boolean closed;

    synchronized Optional<Attachment> at(long place) {
        return things == null ? Optional.empty() : Optional.ofNullable(things.get(place));
    }

    /** False if something hangs between these places already, or nothing may any more. */
    synchronized boolean add(long from, long to, long place, Attachment thing) {
        if (closed) return false;
        if (things == null) things = new TreeMap<>();
        if (!things.subMap(from, to).isEmpty()) return false;
        things.put(place, thing);
        return true;
    }

    /** Takes off what hangs between two places. */
    void remove(long from, long to) {
        take(from, to).forEach(Attachment::detached);
    }

    private synchronized List<Attachment> take(long from, long to) {
        if (things == null) return List.of();
        var range = things.subMap(from, to);
        var taken = new ArrayList<>(range.values());
        range.clear();
        return taken;
    }

    synchronized void close() {
        closed = true;
    }
}
