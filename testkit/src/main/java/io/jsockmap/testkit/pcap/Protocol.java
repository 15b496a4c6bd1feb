package io.jsockmap.testkit.pcap;

/** What carries a conversation. */
public enum Protocol {
    /** A stream of bytes in each direction. */
    TCP,
    /** Datagrams, whose limits count. */
    UDP
}
