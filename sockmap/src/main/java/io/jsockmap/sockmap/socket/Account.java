package io.jsockmap.sockmap.socket;

/**
 * What became of a socket's bytes.
 *
 * {@snippet class="io.jsockmap.sockmap.examples.TrafficExamples" region="account"}
 *
 * @param cookie the socket's cookie
 * @param addresses its ends
 * @param state its state
 * @param programs which programs judge its bytes, or that none does
 * @param receive bytes from the network
 * @param send bytes offered for sending: by the application, or by redirects that its own program
 *     judges once more
 * @param ingress bytes for the application: passed, and redirected in
 * @param egress bytes for the network: passed, and redirected in
 * @param delivered bytes that receive verdicts of other sockets redirected here to be sent; they
 *     are among those of {@code send}
 * @param corked bytes that were sent and that a program holds until more are there
 */
public record Account(
        long cookie,
        Addresses addresses,
        TcpState state,
        String programs,
        Flow receive,
        Flow send,
        Queue ingress,
        Queue egress,
        long delivered,
        long corked) {

    /**
     * One direction's judgement.
     *
     * @param in bytes that came
     * @param edited bytes that programs put in, less those that they took out
     * @param passed bytes that went their ordinary way
     * @param redirected bytes given to another socket
     * @param dropped bytes thrown away: by verdict, for a target that is gone, as the rest of an
     *     incomplete message, or cut off a datagram by a read that asked for fewer
     * @param held bytes that are there: those that wait: for more of their message, or for room at
     *     their target
     */
    public record Flow(
            long in, long edited, long passed, long redirected, long dropped, long held) {
        /** Whether no byte is missing and none was made up. */
        public boolean balances() {
            return in + edited == passed + redirected + dropped + held;
        }
    }

    /**
     * A queue's coming and going.
     *
     * @param entered bytes that were put on it
     * @param left bytes that reached whom they were for
     * @param discarded bytes thrown away at a close or a reset, or cut off a datagram by a read
     *     that asked for fewer
     */
    public record Queue(long entered, long left, long discarded) {
        /** Bytes that are still on it. */
        public long waiting() {
            return entered - left - discarded;
        }
    }

    /** Whether both directions balance. */
    public boolean balances() {
        return receive.balances() && send.balances();
    }
}
