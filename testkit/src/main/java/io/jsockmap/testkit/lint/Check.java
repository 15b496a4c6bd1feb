package io.jsockmap.testkit.lint;

/** Looks for what one or a few related rules are about. */
interface Check {
    void look(Subjects object, Findings findings);
}
