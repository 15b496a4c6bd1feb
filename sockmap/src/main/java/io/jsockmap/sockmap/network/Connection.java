package io.jsockmap.sockmap.network;

import io.jsockmap.sockmap.socket.Account;
import io.jsockmap.sockmap.socket.Addresses;
import io.jsockmap.sockmap.socket.Ingress;
import io.jsockmap.sockmap.socket.Sock;
import io.jsockmap.sockmap.socket.Transport;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A socket of the engine with its application, and the {@link Peer} at the other end.
 *
 * {@snippet class="io.jsockmap.sockmap.examples.TrafficExamples" region="network"}
 */
public final class Connection {
    private final InMemoryNetwork network;
    private final Signals signals = new Signals();
    private final Sock socket;
    private final Peer peer;
    private long read;

    Connection(InMemoryNetwork network, Function<Transport, Sock> open) {
        this.network = network;
        socket = open.apply(signals);
        peer = new Peer(network, this);
    }

    /** What the socket asked of its transport, counted. */
    private static final class Signals implements Transport {
        private int egress;
        private int receive;
        private int read;
        private int send;

        @Override
        public void egressReady() {
            egress++;
        }

        @Override
        public void receiveReady() {
            receive++;
        }

        @Override
        public void readReady() {
            read++;
        }

        @Override
        public void sendReady() {
            send++;
        }
    }

    public Sock socket() {
        return socket;
    }

    public Peer peer() {
        return peer;
    }

    public long cookie() {
        return socket.cookie();
    }

    public Addresses addresses() {
        return socket.addresses();
    }

    public Account account() {
        return socket.account();
    }

    // --- What the application does ---------------------------------------------------------------

    /** Sends without waiting, as a non-blocking socket does. */
    public Sending sends(String text) {
        return send(Bytes.of(text), false);
    }

    /** Sends as a blocking socket does; the call may be over only later. */
    public Sending sendsAndWaits(String text) {
        return send(Bytes.of(text), true);
    }

    /** Sends what remains in some buffers by one call, without waiting (writev). */
    public Sending sends(ByteBuffer... parts) {
        return send(parts, false);
    }

    private Sending send(byte[] bytes, boolean mayWait) {
        return send(new ByteBuffer[] {ByteBuffer.wrap(bytes)}, mayWait);
    }

    private Sending send(ByteBuffer[] parts, boolean mayWait) {
        var sending = new Sending();
        socket.send(parts, 0, parts.length, mayWait, sending::done);
        network.settle();
        return sending;
    }

    /** All bytes that can be read now. */
    public String reads() {
        var all = new ByteArrayOutputStream();
        while (read(Integer.MAX_VALUE) instanceof Ingress.Bytes(var chunk)) {
            all.write(chunk.array(), chunk.offset(), chunk.length());
        }
        return Bytes.text(all.toByteArray());
    }

    /** What one recv of at most so many bytes gives, as text; empty if it gives no bytes. */
    public String reads(int most) {
        return recv(most) instanceof Ingress.Bytes(var chunk) ? Bytes.text(chunk.copy()) : "";
    }

    /** What one recv gives: bytes over the limits of messages, or one datagram. */
    public Ingress recv(int most) {
        return fills(ByteBuffer.allocate(most));
    }

    /** What a recv of at most so many bytes would give, as text. */
    public String peeks(int most) {
        return socket.peek(most) instanceof Ingress.Bytes(var chunk)
                ? Bytes.text(chunk.copy())
                : "";
    }

    /** What one read gives: bytes of one message. */
    public Ingress read(int most) {
        return read(() -> socket.read(most));
    }

    /** What one read into a buffer gives. */
    public Ingress fills(ByteBuffer buffer) {
        return read(() -> socket.read(buffer));
    }

    private Ingress read(Supplier<Ingress> call) {
        network.settle();
        var result = call.get();
        if (result instanceof Ingress.Bytes(var chunk)) read += chunk.length();
        lastRead = result;
        network.settle();
        return result;
    }

    private Ingress lastRead = new Ingress.Nothing();

    /** What the last read gave that gave no bytes: nothing yet, an error, or the end. */
    public Ingress outcome() {
        return lastRead;
    }

    public void shutsOutput() {
        socket.shutdownOutput();
        network.settle();
    }

    public void closes() {
        socket.close();
        network.settle();
    }

    public void aborts() {
        socket.abort();
        network.settle();
    }

    // --- What the transport was told -------------------------------------------------------------

    /** How often readers were woken so far. */
    public int readSignals() {
        return signals.read;
    }

    /** How often senders that may not wait were woken so far. */
    public int sendSignals() {
        return signals.send;
    }

    /** How often the transport was told that there is something to write. */
    public int egressSignals() {
        return signals.egress;
    }

    /** How often the transport was told that there is room again. */
    public int receiveSignals() {
        return signals.receive;
    }

    long bytesRead() {
        return read;
    }

    @Override
    public String toString() {
        return socket.toString();
    }
}
