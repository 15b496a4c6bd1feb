package io.jsockmap.sockmap.socket;

/** A socket's entry in a map, as the socket sees it. */
public interface Link {

    /** What the socket inherited by this entry. */
    Inherited inherited();

    /** Takes the entry out of its map, if it is still there. */
    void remove();

    /** The map and the key, for people. */
    String place();
}
