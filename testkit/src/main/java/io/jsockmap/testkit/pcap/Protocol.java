package io.jsockmap.testkit.pcap;

/**
 * What carries a conversation.
 *
 * {@snippet class="io.jsockmap.testkit.examples.CaptureExamples" region="read"}
 */
public enum Protocol {
    /** A stream of bytes in each direction. */
    TCP,
    /** Datagrams, whose limits count. */
    UDP
}
