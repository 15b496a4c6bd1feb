package io.jsockmap.testkit.scenario;

/**
 * Which ways to play a scenario.
 *
 * {@snippet class="io.jsockmap.testkit.examples.ScenarioExamples" region="once"}
 */
public enum PlayChoice {
    /** Everything a kernel and a network may do: the default. */
    ALL("every legal delivery and segmentation"),
    /** As written only, all bytes of a message to be seen at once. */
    WHOLE("as written, everything seen at once"),
    /** As Linux delivers over loopback, in pieces as written. */
    KERNEL("as written, delivered as Linux does over loopback");

    private final String words;

    PlayChoice(String words) {
        this.words = words;
    }

    /** For people. */
    public String words() {
        return words;
    }
}
