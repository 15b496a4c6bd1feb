package io.jsockmap.bpf.memory;

/** A region that others wait for until the program lets it go, at the latest when its run ends. */
public interface HeldRegion extends Region {
    /** Lets it go, if the program has not done so itself. */
    void runEnded();
}
