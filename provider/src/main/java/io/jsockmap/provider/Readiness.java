package io.jsockmap.provider;

/** What is known of whether an application would find something if it read. */
enum Readiness {
    /** It would find nothing, unless the platform has something. */
    NO,
    /** It is to be looked. */
    UNKNOWN,
    /** The socket has just said so. */
    YES
}
