package io.jsockmap.testkit.scenario;

/**
 * One of the two who use a socket.
 *
 * @param socket the socket's name
 * @param peer whether it is the far end of the connection ({@code client.peer}), or else the
 *     application that has the socket ({@code client})
 */
record Endpoint(String socket, boolean peer) {
    private static final String PEER = ".peer";

    static Endpoint parse(String text) {
        return text.endsWith(PEER)
                ? new Endpoint(text.substring(0, text.length() - PEER.length()), true)
                : new Endpoint(text, false);
    }

    @Override
    public String toString() {
        return peer ? socket + PEER : socket;
    }
}
