package io.jsockmap.sockmap.socket;

/** What becomes of a message. */
public enum Verdict {
    /** SK_PASS: it goes its ordinary way. */
    PASS,
    /** SK_DROP, and every other value that is not SK_PASS. */
    DROP,
    /** SK_PASS after a redirect helper has chosen a target. */
    REDIRECT
}
