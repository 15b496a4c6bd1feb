package io.jsockmap.sockmap.socket;

/**
 * A socket's entry in a map, as the socket sees it.
 *
 * {@snippet class="io.jsockmap.sockmap.examples.MapExamples" region="entries"}
 */
public interface PsockLink {

    /** What the socket inherited by this entry. */
    Inherited inherited();

    /**
     * Whether a program made the entry: the state of the socket is not looked at then, since such a
     * program runs while a connection is made.
     */
    boolean isByProgram();

    /** Takes the entry out of its map, if it is still there. */
    void remove();

    /** The map and the key, for people. */
    String place();
}
