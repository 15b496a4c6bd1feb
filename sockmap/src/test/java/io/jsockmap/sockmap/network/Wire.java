package io.jsockmap.sockmap.network;

/** A connection whose two ends are both sockets of the engine, as over loopback. */
public final class Wire {
    private final Connection client;
    private final Connection server;

    Wire(Connection client, Connection server) {
        this.client = client;
        this.server = server;
    }

    /** The end that connected. */
    public Connection client() {
        return client;
    }

    /** The end that accepted. */
    public Connection server() {
        return server;
    }

    /** Moves everything that is on the way, in both directions; how many bytes that was. */
    public int deliver() {
        return deliver(Integer.MAX_VALUE);
    }

    /** Moves at most so many bytes in each direction. */
    public int deliver(int most) {
        return carry(client, server, most) + carry(server, client, most);
    }

    private static int carry(Connection from, Connection to, int most) {
        var bytes = from.peer().takes(most);
        to.peer().sends(bytes);
        if (from.peer().sawReset()) to.peer().resets();
        else if (from.peer().sawEnd()) to.peer().closes();
        return bytes.length;
    }
}
