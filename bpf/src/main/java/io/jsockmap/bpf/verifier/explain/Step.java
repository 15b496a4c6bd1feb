package io.jsockmap.bpf.verifier.explain;

/**
 * An instruction of the path that had to do with the refusal.
 *
 * @param slot where it is
 * @param kind what it did
 * @param note the same in words
 */
record Step(int slot, Kind kind, String note) {
    enum Kind {
        SETS,
        COMPARES,
        /** A comparison of a pointer into the packet with its end. */
        MEETS_END,
        /** A call that makes pointers into the packet invalid, or worthless what was compared. */
        CHANGES_PACKET,
        /** A call that gives back what a pointer points to. */
        RELEASES,
        /** A call that leaves nothing in R1 to R5. */
        CLOBBERS,
        /** Took what was not given back. */
        ACQUIRES
    }
}
