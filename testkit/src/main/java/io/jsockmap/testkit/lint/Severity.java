package io.jsockmap.testkit.lint;

import java.util.Locale;

/**
 * How sure it is that somebody wants to hear of a finding. The first is the gravest.
 *
 * {@snippet class="io.jsockmap.testkit.examples.LintExamples" region="findings"}
 */
public enum Severity {
    /** It can't do what it was written for. */
    ERROR,
    /** It goes wrong for some connections, or on some kernels. */
    WARNING,
    /** It may well be meant so, and has a consequence that one should know. */
    NOTE;

    /** Whether it is as grave as the other, or graver. */
    public boolean isAtLeast(Severity other) {
        return compareTo(other) <= 0;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
