package io.jsockmap.store;

/**
 * A map whose elements are in a store: what stands behind the prefix is an element's key, what is
 * stored there its value, both as policies write them ({@link
 * io.jsockmap.sockmap.key.KeyNotation}).
 *
 * {@snippet class="io.jsockmap.store.examples.StoreExamples" region="bind"}
 *
 * @param prefix such as {@code /jsockmap/gateway/blocked/}
 * @param map the map's name in the object: a HASH, LPM_TRIE or ARRAY
 */
public record SharedMap(String prefix, String map) {
    public SharedMap {
        // Else a prefix could be the beginning of another's name.
        if (!prefix.endsWith("/")) {
            throw new IllegalArgumentException("%s: a prefix ends with a slash".formatted(prefix));
        }
    }

    @Override
    public String toString() {
        return "%s -> %s".formatted(prefix, map);
    }
}
