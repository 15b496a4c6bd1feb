package io.jsockmap.sockmap.socket;

/** States of a TCP socket, by the numbers that programs see. */
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
    LISTEN(10);

    private final int number;

    TcpState(int number) {
        this.number = number;
    }

    public int number() {
        return number;
    }
}
