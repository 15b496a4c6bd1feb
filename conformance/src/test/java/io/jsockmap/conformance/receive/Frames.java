package io.jsockmap.conformance.receive;

/** What the object {@code frames} frames. */
final class Frames {
    private Frames() {}

    /** Two bytes of length, and the text, whose first letter decides. */
    static String frame(String text) {
        int length = text.length() + 2;
        return (char) (length >> 8) + "" + (char) (length & 0xff) + text;
    }
}
