package io.jsockmap.testkit.record;

import io.jsockmap.bpf.btf.BtfValue;

import java.util.List;

/**
 * What a map held at a moment.
 *
 * {@snippet class="io.jsockmap.testkit.examples.TraceExamples" region="memory"}
 *
 * @param name its name; that of the section for a section of global variables
 * @param isData whether it is such a section, whose entries are its variables
 * @param isWhole whether all entries are there: of large maps only some are looked at
 * @param entries the entries in the map's own order
 */
public record MapState(String name, boolean isData, boolean isWhole, List<Entry> entries) {
    public MapState {
        entries = List.copyOf(entries);
    }

    /**
     * An entry.
     *
     * @param key the key by its type, or the variable's name
     * @param value the value by its type; in a map of sockets the socket's cookie
     */
    public record Entry(String key, BtfValue value) {}
}
