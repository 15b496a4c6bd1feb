package io.jsockmap.bpf.verifier.explore;

import io.jsockmap.bpf.verifier.step.Walk;

/** Who is told what an exploration does. Nothing is kept of what it is given. */
public interface Log {
    /** Nobody. */
    Log NONE = new Log() {};

    /** A function is begun. */
    default void begins(Walk walk) {}

    /** A path that waited is gone on with; it left another at that slot. */
    default void resumes(Walk walk, int from) {}

    /** An instruction is about to be looked at. */
    default void before(Walk walk) {}

    /**
     * It was.
     *
     * @param next the slot where the path goes on, or a negative number where it ends
     */
    default void after(Walk walk, int next) {}

    /** Another path goes off here, and waits: of those that wait the last is gone on with first. */
    default void forks() {}

    /** A path ends here: what comes is known. */
    default void known(Walk walk) {}
}
