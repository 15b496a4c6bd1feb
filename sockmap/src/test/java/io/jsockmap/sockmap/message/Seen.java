package io.jsockmap.sockmap.message;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * What a run saw at first, and what its steps gave.
 *
 * @param size bytes of the message
 * @param visible bytes between data and data_end
 * @param first the first visible byte, or -1
 * @param steps one for each step but the one that ended the run
 */
record Seen(int size, int visible, int first, List<Outcome> steps) {
    /**
     * What a step gave and left.
     *
     * @param result what the helper returned, or the byte that was loaded or stored
     * @param size bytes of the message behind it
     * @param visible bytes between data and data_end behind it
     */
    record Outcome(long result, int size, int visible) {}

    static Seen decode(byte[] run) {
        var buffer = ByteBuffer.wrap(run).order(ByteOrder.LITTLE_ENDIAN);
        int size = buffer.getInt();
        int visible = buffer.getInt();
        int first = buffer.getInt();
        int steps = buffer.getInt();
        List<Outcome> outcomes = new ArrayList<>();
        for (int i = 0; i < steps; i++) {
            outcomes.add(new Outcome(buffer.getLong(), buffer.getInt(), buffer.getInt()));
        }
        return new Seen(size, visible, first, outcomes);
    }

    /** What the helpers of the run returned. */
    List<Long> results() {
        return steps.stream().map(Outcome::result).toList();
    }
}
