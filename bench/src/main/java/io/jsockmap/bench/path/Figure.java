package io.jsockmap.bench.path;

/** What is measured of a peer under a load. */
enum Figure {
    /** What the load is about, in the unit of its kind. */
    VALUE,
    /** Seconds of CPU that its processes take, for as much as the kind says. */
    CPU,
    /** Microseconds, in the middle. */
    P50,
    /** Microseconds that one in a hundred exceeds. */
    P99,
    /** Microseconds that one in a thousand exceeds. */
    P999,
    /** How many connections were open at once. */
    CONNECTIONS,
    /** MiB of memory with all of them open. */
    MEMORY,
    /** CPUs that other processes of the machine used meanwhile. */
    OTHERS
}
