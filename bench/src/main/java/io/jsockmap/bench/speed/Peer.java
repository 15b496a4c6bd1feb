package io.jsockmap.bench.speed;

import java.io.IOException;
import java.util.Optional;

/** Somebody else who runs the same programs. */
interface Peer {

    /** What people call it. */
    String name();

    /** Why it can't be asked, in words; empty if it can. */
    Optional<String> missing();

    /** Whether its time has to be compared without what it takes for the empty program. */
    boolean isNet();

    /**
     * Nanoseconds that a run takes, the median of several rounds.
     *
     * @throws IllegalStateException if the program says something else than it should
     */
    double measure(SpeedSubject subject) throws IOException, InterruptedException;
}
