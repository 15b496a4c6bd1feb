package io.jsockmap.store;

/** What became of an entry of the store. */
sealed interface Change {

    /** It was written. */
    record Put(Entry entry) implements Change {}

    /** It was deleted. */
    record Delete(String name) implements Change {}
}
