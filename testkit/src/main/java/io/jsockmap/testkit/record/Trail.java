package io.jsockmap.testkit.record;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Some bytes over time: what they were at first, and each change. */
final class Trail {
    private final List<Change> changes = new ArrayList<>();
    private byte[] last;

    /** From a step on these bytes stand there; the others are as before, unless it is new. */
    private record Change(int step, boolean isWhole, int offset, byte[] bytes) {}

    /**
     * Says what the bytes are before a step.
     *
     * @param now the bytes, which become the trail's own
     */
    void note(int step, byte[] now) {
        if (last == null || last.length != now.length) {
            changes.add(new Change(step, true, 0, now));
        } else {
            int from = Arrays.mismatch(last, now);
            if (from < 0) return;
            int to = now.length;
            while (last[to - 1] == now[to - 1]) to--;
            changes.add(new Change(step, false, from, Arrays.copyOfRange(now, from, to)));
        }
        last = now;
    }

    /** What the bytes were before a step; none if that was before all that is known. */
    byte[] at(int step) {
        var bytes = new byte[0];
        for (var change : changes) {
            if (change.step > step) break;
            if (change.isWhole) bytes = change.bytes.clone();
            else System.arraycopy(change.bytes, 0, bytes, change.offset, change.bytes.length);
        }
        return bytes;
    }
}
