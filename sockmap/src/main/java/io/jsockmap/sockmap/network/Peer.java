package io.jsockmap.sockmap.network;

import io.jsockmap.bpf.Errno;
import io.jsockmap.sockmap.socket.Chunk;
import io.jsockmap.sockmap.socket.Egress;

import java.io.ByteArrayOutputStream;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The far end of a connection, which does what the test says, and the wire to it.
 *
 * {@snippet class="io.jsockmap.sockmap.examples.TrafficExamples" region="network"}
 */
public final class Peer {
    private final InMemoryNetwork network;
    private final Connection connection;

    /** Pieces on the wire that the socket had no room for yet. */
    private final Deque<Chunk> onTheWire = new ArrayDeque<>();

    /** What the socket gave away and this end did not read yet. */
    private Chunk unread;

    private boolean ends;
    private boolean endDelivered;
    private boolean sawEnd;
    private boolean sawReset;
    private boolean isClosed;
    private long delivered;
    private long taken;

    Peer(InMemoryNetwork network, Connection connection) {
        this.network = network;
        this.connection = connection;
    }

    /** Sends a piece, which the socket receives as far as it has room; the rest follows later. */
    public void sends(String text) {
        sends(Bytes.of(text));
    }

    /** {@link #sends(String)} of bytes. */
    public void sends(byte[] bytes) {
        if (bytes.length > 0) onTheWire.add(new Chunk(bytes.clone(), 0, bytes.length));
        network.settle();
    }

    /** Sends a datagram, which may be empty. */
    public void sendsDatagram(String text) {
        onTheWire.add(Chunk.of(Bytes.of(text)));
        network.settle();
    }

    /** Reads the next datagram; null if there is none. */
    public String receivesDatagram() {
        if (!look()) return null;
        var datagram = Bytes.text(unread.copy());
        taken += unread.length();
        connection.socket().written(unread.length());
        unread = null;
        network.settle();
        return datagram;
    }

    /** Sends in pieces of some size, each received on its own. */
    public void sendsInPieces(String text, int size) {
        for (int i = 0; i < text.length(); i += size) {
            sends(text.substring(i, Math.min(text.length(), i + size)));
        }
    }

    /** Sends the end of stream, after what it sent before. */
    public void closes() {
        ends = true;
        network.settle();
    }

    /** Resets the connection; what is on the wire is lost. */
    public void resets() {
        onTheWire.clear();
        connection.socket().failed(Errno.ECONNRESET);
        network.settle();
    }

    /** Reads all that has been sent to it. */
    public String received() {
        return receives(Integer.MAX_VALUE);
    }

    /** Reads at most so many bytes. */
    public String receives(int most) {
        return Bytes.text(takes(most));
    }

    byte[] takes(int most) {
        var all = new ByteArrayOutputStream();
        while (all.size() < most && look()) {
            int count = Math.min(unread.length(), most - all.size());
            all.write(unread.array(), unread.offset(), count);
            unread = unread.length() == count ? null : unread.from(count);
            taken += count;
            connection.socket().written(count);
            network.settle();
        }
        return all.toByteArray();
    }

    /** Whether the end of stream, or the close, has reached it, behind all bytes. */
    public boolean sawEnd() {
        look();
        return sawEnd;
    }

    /** Whether the connection was reset by the socket. */
    public boolean sawReset() {
        look();
        return sawReset;
    }

    /** Takes what comes next off the socket's hands; whether there are bytes to read. */
    private boolean look() {
        while (unread == null) {
            switch (connection.socket().takeEgress()) {
                case Egress.Bytes(var chunk) -> unread = chunk;
                case Egress.End() -> sawEnd = true;
                case Egress.Close() -> {
                    sawEnd = true;
                    goAway();
                }
                case Egress.Abort() -> {
                    sawReset = true;
                    goAway();
                }
                case Egress.Nothing() -> {
                    return false;
                }
            }
        }
        return true;
    }

    private void goAway() {
        isClosed = true;
        network.engine().closed(connection.socket());
    }

    /** Bytes that it sent and the socket has not received. */
    public long stuck() {
        return onTheWire.stream().mapToLong(Chunk::length).sum();
    }

    /** Lets the socket receive what it has room for; whether anything moved. */
    boolean deliver() {
        var next = onTheWire.peek();
        var socket = connection.socket();
        if (next != null) {
            int room = socket.receiveRoom();
            if (room == 0) return false;
            onTheWire.poll();
            // Where there is any room a datagram comes whole.
            int count =
                    socket.kind().keepsMessages() ? next.length() : Math.min(room, next.length());
            if (count < next.length()) onTheWire.addFirst(next.from(count));
            delivered += count;
            socket.received(next.first(count));
            return true;
        }
        if (!ends || endDelivered) return false;
        endDelivered = true;
        socket.receivedEnd();
        return true;
    }

    boolean isClosed() {
        return isClosed;
    }

    long bytesDelivered() {
        return delivered;
    }

    long bytesTaken() {
        return taken;
    }
}
