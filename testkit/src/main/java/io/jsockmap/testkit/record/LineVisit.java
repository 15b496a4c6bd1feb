package io.jsockmap.testkit.record;

import io.jsockmap.bpf.btf.SourceLine;

/**
 * A C line that a run came to: some steps of one function that come from it, one after the other.
 *
 * {@snippet class="io.jsockmap.testkit.examples.TraceExamples" region="way"}
 *
 * @param frame the number of the function's {@link Frame}
 * @param firstStep the place of the first step
 * @param lastStep the place of the last step
 */
public record LineVisit(SourceLine line, int frame, int firstStep, int lastStep) {
    /** Whether another visit is of the same line of the same file. */
    public boolean isSameLineAs(LineVisit other) {
        return line.line() == other.line.line() && line.file().equals(other.line.file());
    }
}
