package io.jsockmap.sockmap.socket;

/**
 * States of a TCP socket, by the numbers that programs see.
 *
 * {@snippet class="io.jsockmap.sockmap.examples.TrafficExamples" region="ends"}
 */
public enum TcpState {
    ESTABLISHED(1),
    SYN_SENT(2),
    SYN_RECV(3),
    FIN_WAIT1(4),
    FIN_WAIT2(5),
    TIME_WAIT(6),
    CLOSE(7),
    CLOSE_WAIT(8),
    LAST_ACK(9),
    LISTEN(10),
    /** Both sides closed at once; user space can't tell, so no socket here has it. */
    CLOSING(11),
    /** A connection that is being accepted and is no socket of its own yet. */
    NEW_SYN_RECV(12);

    private final int number;

    TcpState(int number) {
        this.number = number;
    }

    public int number() {
        return number;
    }
}
