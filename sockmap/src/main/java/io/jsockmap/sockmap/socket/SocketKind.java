package io.jsockmap.sockmap.socket;

/**
 * The kinds of sockets that maps take.
 *
 * {@snippet class="io.jsockmap.sockmap.examples.TrafficExamples" region="ends"}
 */
public enum SocketKind {
    TCP(1, 6),
    UDP(2, 17),
    /** SOCK_STREAM of AF_UNIX. */
    UNIX_STREAM(1, 0),
    /** SOCK_DGRAM of AF_UNIX. */
    UNIX_DATAGRAM(2, 0),
    /** SOCK_STREAM of AF_VSOCK. */
    VSOCK_STREAM(1, 0),
    /** SOCK_SEQPACKET of AF_VSOCK. */
    VSOCK_SEQPACKET(5, 0);

    private final int type;
    private final int protocol;

    SocketKind(int type, int protocol) {
        this.type = type;
        this.protocol = protocol;
    }

    /** The number of the type: SOCK_STREAM, SOCK_DGRAM or SOCK_SEQPACKET. */
    public int type() {
        return type;
    }

    /** The number of the protocol: IPPROTO_TCP, IPPROTO_UDP or 0. */
    public int protocol() {
        return protocol;
    }

    /** Whether it carries messages, whose limits are kept, and not a stream of bytes. */
    public boolean keepsMessages() {
        return this == UDP || this == UNIX_DATAGRAM || this == VSOCK_SEQPACKET;
    }

    public boolean isUnix() {
        return this == UNIX_STREAM || this == UNIX_DATAGRAM;
    }

    public boolean isVsock() {
        return this == VSOCK_STREAM || this == VSOCK_SEQPACKET;
    }
}
