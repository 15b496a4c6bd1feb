package io.jsockmap.testkit.pcap;

/**
 * How a conversation stands when the capture ends.
 *
 * {@snippet class="io.jsockmap.testkit.examples.CaptureExamples" region="read"}
 */
public enum Ending {
    /** Nobody ended it. Datagrams have no end. */
    OPEN,
    /** The client sends no more; the server may. */
    CLIENT_ENDED,
    /** The server sends no more; the client may. */
    SERVER_ENDED,
    /** Both ended their streams. */
    CLOSED,
    CLIENT_RESET,
    SERVER_RESET
}
