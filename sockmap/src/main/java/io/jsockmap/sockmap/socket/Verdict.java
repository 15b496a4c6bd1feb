package io.jsockmap.sockmap.socket;

/**
 * What becomes of a message.
 *
 * {@snippet class="io.jsockmap.sockmap.examples.ListenerExamples" region="count"}
 */
public enum Verdict {
    /** SK_PASS: it goes its ordinary way. */
    PASS,
    /** SK_DROP, and every other value that is not SK_PASS. */
    DROP,
    /** SK_PASS after a redirect helper has chosen a target. */
    REDIRECT;

    private static final int SK_PASS = 1;

    /**
     * What a program's result means.
     *
     * @param value R0, an int to the kernel: what stands above is not looked at
     * @param redirected whether a redirect helper has chosen a target
     */
    public static Verdict of(long value, boolean redirected) {
        if ((int) value != SK_PASS) return DROP;
        return redirected ? REDIRECT : PASS;
    }
}
