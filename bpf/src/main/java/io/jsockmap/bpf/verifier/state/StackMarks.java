package io.jsockmap.bpf.verifier.state;

import io.jsockmap.bpf.program.MachineLimits;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/**
 * Which slots of the stacks matter to what comes behind a checkpoint: those that a path reads
 * before it has overwritten them. A bit for each slot, by frame.
 */
public final class StackMarks {
    private final long[] read = new long[MachineLimits.FRAMES];
    private final long[] written = new long[MachineLimits.FRAMES];
    private StackMarks parent;
    private final List<StackMarks> followers = new ArrayList<>();

    void copyFrom(StackMarks other) {
        System.arraycopy(other.read, 0, read, 0, read.length);
        System.arraycopy(other.written, 0, written, 0, written.length);
        parent = other.parent;
    }

    /** A frame is new: nothing of it comes from before. */
    void entered(int frame) {
        written[frame] = -1;
    }

    void written(int frame, int slot) {
        written[frame] |= 1L << slot;
    }

    void read(int frame, int slot) {
        readAll(frame, 1L << slot);
    }

    /** The slots of a frame that were read behind this checkpoint. */
    public long read(int frame) {
        return read[frame];
    }

    /** These marks go on behind a checkpoint, whose marks those are. */
    public void continueBehind(StackMarks checkpoint) {
        parent = checkpoint;
        Arrays.fill(read, 0);
        Arrays.fill(written, 0);
    }

    /** What is read behind the other checkpoint, now or later, is read here too. */
    public void follow(StackMarks other) {
        other.followers.add(this);
        readAsIn(other);
    }

    /** What was read behind the other checkpoint is read here too. */
    public void readAsIn(StackMarks other) {
        for (int frame = 0; frame < read.length; frame++) readAll(frame, other.read[frame]);
    }

    /**
     * Slots were read here, and so behind each checkpoint before that did not come after a write.
     * Followers have followers: a chain of them may be longer than a thread's stack is deep.
     */
    private void readAll(int frame, long slots) {
        Deque<Reading> readings = new ArrayDeque<>();
        readBefore(frame, slots, readings);
        while (!readings.isEmpty()) {
            var reading = readings.pop();
            reading.by.readBefore(frame, reading.slots, readings);
        }
    }

    private record Reading(StackMarks by, long slots) {}

    private void readBefore(int frame, long slots, Deque<Reading> more) {
        var at = this;
        long open = slots;
        while (true) {
            open &= ~at.written[frame];
            at = at.parent;
            if (at == null) return;
            open &= ~at.read[frame];
            if (open == 0) return;
            at.read[frame] |= open;
            for (var follower : at.followers) more.push(new Reading(follower, open));
        }
    }
}
