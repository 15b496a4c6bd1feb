package io.jsockmap.dashboard.state;

/**
 * A socket and what became of its bytes.
 *
 * @param connection the number of its connection
 * @param name which of the connection's sockets: {@code client}, {@code upstream} ...
 * @param cookie a number that no other socket of the process has
 * @param addresses its ends
 * @param state its state
 * @param programs the programs that judge its bytes
 * @param received bytes from the network
 * @param sent bytes offered for sending
 * @param bytesPerSecond bytes that came from the network or were written to it, since somebody
 *     looks
 */
public record SocketRow(
        int connection,
        String name,
        long cookie,
        String addresses,
        String state,
        String programs,
        FlowRow received,
        FlowRow sent,
        double bytesPerSecond) {
    /** How people call it. */
    public String label() {
        return name + " " + connection;
    }
}
