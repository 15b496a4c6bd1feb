package io.jsockmap.bench.speed;

/** A program of ours that is ready to be run on its packet. */
interface Engine {

    /** What runs it. */
    String name();

    /** One run; R0. */
    long run();
}
