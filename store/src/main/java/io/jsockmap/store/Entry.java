package io.jsockmap.store;

/**
 * An entry of the store, as it is written there.
 *
 * @param name what stands behind the prefix
 * @param value what is stored
 * @param revision when it was written last
 */
record Entry(String name, String value, long revision) {}
