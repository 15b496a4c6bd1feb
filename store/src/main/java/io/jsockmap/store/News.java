package io.jsockmap.store;

import java.util.List;

/** What is heard of a store. */
sealed interface News {

    /**
     * Entries behind a prefix have changed.
     *
     * @param prefix which
     * @param changes in their order
     * @param revision that of the last
     */
    record Changed(String prefix, List<Change> changes, long revision) implements News {}

    /** All there was to tell of a prefix up to a revision has been told. */
    record Told(String prefix, long revision) implements News {}

    /** The revision the store is at. */
    record At(long revision) implements News {}

    /** It can't be heard any more. */
    record Lost(Throwable cause) implements News {}
}
