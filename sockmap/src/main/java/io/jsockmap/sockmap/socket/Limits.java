package io.jsockmap.sockmap.socket;

/**
 * How much memory a socket may take.
 *
 * {@snippet class="io.jsockmap.sockmap.examples.TrafficExamples" region="settings"}
 *
 * @param receiveBytes unread bytes from the network, and bytes waiting for the application, each; a
 *     framed message can't be longer (SO_RCVBUF)
 * @param sendBytes bytes waiting for the network, and bytes redirected here that wait for the
 *     first, each (SO_SNDBUF)
 */
public record Limits(int receiveBytes, int sendBytes) {
    /** What a loopback connection on Linux reads as SO_RCVBUF, and twice that for sending. */
    public static final Limits DEFAULT = new Limits(131072, 262144);

    /** The longest payload of a datagram over IPv4. */
    public static final int LONGEST_DATAGRAM = 65507;

    public Limits {
        if (receiveBytes <= 0 || sendBytes <= 0) {
            throw new IllegalArgumentException(
                    "a socket needs room: " + receiveBytes + ", " + sendBytes);
        }
    }
}
