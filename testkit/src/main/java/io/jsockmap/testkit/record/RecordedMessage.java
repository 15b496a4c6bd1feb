package io.jsockmap.testkit.record;

import java.util.Arrays;

/**
 * The message that a program looked at.
 *
 * {@snippet class="io.jsockmap.testkit.examples.TraceExamples" region="run"}
 *
 * @param received whether its socket received it, or else sends it
 * @param before its bytes when the run began; nobody changes them
 * @param after its bytes when the run was over
 * @param linear how many could be read directly when the run began
 */
public record RecordedMessage(boolean received, byte[] before, byte[] after, int linear) {
    /** Whether the program changed it. */
    public boolean isChanged() {
        return !Arrays.equals(before, after);
    }
}
