package io.jsockmap.testkit.record;

import java.util.List;
import java.util.Map;

/**
 * What a run's memory held before each of its steps; nothing, if that was not recorded.
 *
 * {@snippet class="io.jsockmap.testkit.examples.TraceExamples" region="memory"}
 */
public final class Snapshots {
    private final boolean recorded;
    private final Map<Integer, Trail> stacks;
    private final Trail message;
    private final List<MapTrail> maps;

    Snapshots(boolean recorded, Map<Integer, Trail> stacks, Trail message, List<MapTrail> maps) {
        this.recorded = recorded;
        this.stacks = Map.copyOf(stacks);
        this.message = message;
        this.maps = List.copyOf(maps);
    }

    /** Whether any were recorded. */
    public boolean areThere() {
        return recorded;
    }

    /** The 512 bytes of a frame's stack, its lowest address first; none if they are not known. */
    public byte[] stack(int frame, int step) {
        var trail = stacks.get(frame);
        return trail == null ? new byte[0] : trail.at(step);
    }

    /** The message's bytes; none if they are not known. */
    public byte[] message(int step) {
        return message.at(step);
    }

    /** The maps that the program refers to, and its global variables. */
    public List<MapState> maps(int step) {
        return maps.stream().map(trail -> trail.at(step)).toList();
    }
}
