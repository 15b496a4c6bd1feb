package io.jsockmap.store;

import java.nio.ByteBuffer;
import java.util.Comparator;

/** What an entry means in a map. */
record Element(Entry entry, ByteBuffer key, byte[] value) {
    /** Of entries that mean the same key, the one that was written last counts, on every host. */
    static final Comparator<Element> LAST_WRITTEN =
            Comparator.<Element>comparingLong(element -> element.entry.revision())
                    .thenComparing(element -> element.entry.name());
}
