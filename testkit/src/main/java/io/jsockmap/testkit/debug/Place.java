package io.jsockmap.testkit.debug;

/**
 * A moment of a session.
 *
 * {@snippet class="io.jsockmap.testkit.examples.DebugExamples" region="walk"}
 *
 * @param run the place of the run among the runs, from 0
 * @param step the place of the step that is next in it; as many as it has once it is over
 */
public record Place(int run, int step) implements Comparable<Place> {
    /** The first moment. */
    public static final Place START = new Place(0, 0);

    @Override
    public int compareTo(Place other) {
        int order = Integer.compare(run, other.run);
        return order == 0 ? Integer.compare(step, other.step) : order;
    }
}
