package io.jsockmap.testkit.pcap;

/** A conversation that is being put together. */
sealed interface Dialogue permits TcpDialogue, UdpDialogue {
    void remark(Remark remark);

    /** Nothing more comes. */
    Conversation finish();
}
