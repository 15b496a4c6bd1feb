package io.jsockmap.provider;

import io.jsockmap.sockmap.socket.Addresses;
import io.jsockmap.sockmap.socket.Chunk;
import io.jsockmap.sockmap.socket.Ingress;
import io.jsockmap.sockmap.socket.SocketKind;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.nio.ByteBuffer;
import java.nio.channels.AlreadyConnectedException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.MembershipKey;
import java.nio.channels.NotYetConnectedException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A UDP socket. It comes under the engine when it is bound, if it is admitted, and anew when it is
 * connected or disconnected, as another socket then: what the old one had received is gone, as is
 * with the platform what comes from others than the peer.
 *
 * <p>What an unconnected socket sends to an address goes past the engine.
 */
final class PacketChannel extends DatagramChannel implements Watched {
    /** Who sent what another socket redirected here. */
    private static final SocketAddress NOBODY = new InetSocketAddress(0);

    private final SockmapSelectorProvider provider;
    private final DatagramChannel platform;
    private final Engagement engagement;
    private final ReentrantLock reading = new ReentrantLock();
    private final ReentrantLock writing = new ReentrantLock();
    private final ReentrantLock opening = new ReentrantLock();
    private final DatagramSocket adaptor;

    PacketChannel(SockmapSelectorProvider provider, DatagramChannel platform) throws IOException {
        super(provider);
        this.provider = provider;
        this.platform = platform;
        engagement = new Engagement(provider, this, platform);
        adaptor = new ChannelDatagramSocket(this, platform.socket());
    }

    @Override
    public SelectableChannel platform() {
        return platform;
    }

    @Override
    public Watchers watchers() {
        return engagement.watchers();
    }

    @Override
    public Conduit conduit() {
        return engagement.conduit();
    }

    // --- Coming under the engine -----------------------------------------------------------------

    /** Changes an end of the socket, which is another one for the engine then. */
    private DatagramChannel change(Io<?> change) throws IOException {
        opening.lock();
        try {
            var _ = change.run();
            engagement.end();
            engage();
            return this;
        } finally {
            opening.unlock();
        }
    }

    private void engage() throws IOException {
        var local = platform.getLocalAddress();
        if (local == null) return;
        var addresses = new Addresses(SocketKind.UDP, local, platform.getRemoteAddress());
        engagement.beginOrClose(
                new DatagramWire(platform),
                transport -> provider.admission().opened(addresses, transport));
        if (conduit() == null) platform.configureBlocking(isBlocking());
    }

    private void ensureBound() throws IOException {
        if (platform.getLocalAddress() == null) bind(null);
    }

    @Override
    public DatagramChannel bind(SocketAddress local) throws IOException {
        return change(() -> platform.bind(local));
    }

    @Override
    public DatagramChannel connect(SocketAddress remote) throws IOException {
        return change(() -> platform.connect(remote));
    }

    @Override
    public DatagramChannel disconnect() throws IOException {
        return platform.isConnected() ? change(platform::disconnect) : this;
    }

    @Override
    public boolean isConnected() {
        return platform.isConnected();
    }

    @Override
    public SocketAddress getRemoteAddress() throws IOException {
        return platform.getRemoteAddress();
    }

    @Override
    public SocketAddress getLocalAddress() throws IOException {
        return platform.getLocalAddress();
    }

    // --- Receiving -------------------------------------------------------------------------------

    @Override
    public SocketAddress receive(ByteBuffer target) throws IOException {
        return receive(target, 0);
    }

    /**
     * As {@link #receive(ByteBuffer)}, waiting for so long at most.
     *
     * @param millis 0 for ever; only if the socket is under the engine
     */
    SocketAddress receive(ByteBuffer target, int millis) throws IOException {
        if (target.isReadOnly()) throw new IllegalArgumentException("can't read into " + target);
        ensureBound();
        var under = conduit();
        if (under == null) return engagement.past(() -> platform.receive(target));
        var chunk = take(under, target, millis);
        return chunk == null ? null : sender(under, chunk);
    }

    private SocketAddress sender(Conduit under, Chunk chunk) throws IOException {
        var sender = under.senderOf(chunk.array());
        if (sender.isPresent()) return sender.get();
        var peer = platform.getRemoteAddress();
        return peer == null ? NOBODY : peer;
    }

    /** A datagram, as much of it as there is room for; or null. */
    private Chunk take(Conduit under, ByteBuffer target, int millis) throws IOException {
        reading.lock();
        try {
            if (!isOpen()) throw new ClosedChannelException();
            return taken(look(under, Math.max(1, target.remaining()), millis), target, under);
        } finally {
            reading.unlock();
        }
    }

    private Ingress look(Conduit under, int most, int millis) throws IOException {
        if (!isBlocking()) return under.look(socket -> socket.read(most));
        boolean found = false;
        try {
            begin();
            var seen =
                    under.await(() -> under.look(socket -> socket.read(most)), Waiting.of(millis));
            found = seen instanceof Ingress.Bytes || isOpen();
            return seen;
        } finally {
            end(found);
        }
    }

    private static Chunk taken(Ingress seen, ByteBuffer target, Conduit under) throws IOException {
        return switch (seen) {
            case Ingress.Bytes(var chunk) -> {
                target.put(chunk.first(Math.min(chunk.length(), target.remaining())).buffer());
                yield chunk;
            }
            case Ingress.Nothing _, Ingress.End _ -> null;
            case Ingress.Failed(int errno) -> throw Failures.of(errno, under.socket());
        };
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
        if (!isConnected()) throw new NotYetConnectedException();
        var under = conduit();
        if (under == null) return engagement.past(() -> platform.read(target));
        int before = target.position();
        var _ = take(under, target, 0);
        return target.position() - before;
    }

    @Override
    public long read(ByteBuffer[] targets, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, targets.length);
        if (conduit() == null) return platform.read(targets, offset, length);
        var room = new Parts(targets, offset, length).remaining();
        var all = ByteBuffer.allocate((int) Math.min(1 << 16, room));
        int count = read(all);
        all.flip();
        for (int i = offset; all.hasRemaining(); i++) {
            int part = Math.min(all.remaining(), targets[i].remaining());
            targets[i].put(all.slice(all.position(), part));
            all.position(all.position() + part);
        }
        return count;
    }

    // --- Sending ---------------------------------------------------------------------------------

    @Override
    public int send(ByteBuffer source, SocketAddress target) throws IOException {
        ensureBound();
        var peer = platform.getRemoteAddress();
        if (peer == null || conduit() == null) return sendPast(source, target);
        if (!peer.equals(target)) throw new AlreadyConnectedException();
        return write(source);
    }

    private int sendPast(ByteBuffer source, SocketAddress target) throws IOException {
        return engagement.past(
                () -> {
                    int sent = platform.send(source, target);
                    while (isBlocking() && source.hasRemaining() && sent == 0) {
                        awaitRoom();
                        sent = platform.send(source, target);
                    }
                    return sent;
                });
    }

    /** The platform's channel does not block under the engine, but this one may have to. */
    private void awaitRoom() throws IOException {
        try (var selector = platform.provider().openSelector()) {
            platform.register(selector, SelectionKey.OP_WRITE);
            selector.select();
        }
    }

    @Override
    public int write(ByteBuffer source) throws IOException {
        return (int) write(new ByteBuffer[] {source}, 0, 1);
    }

    @Override
    public long write(ByteBuffer[] sources, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, sources.length);
        if (!isOpen()) throw new ClosedChannelException();
        if (!isConnected()) throw new NotYetConnectedException();
        var under = conduit();
        if (under == null) return platform.write(sources, offset, length);
        var parts = new Parts(sources, offset, length);
        if (parts.remaining() == 0) return 0;
        writing.lock();
        try {
            return under.write(parts, isBlocking());
        } finally {
            writing.unlock();
        }
    }

    // --- State -----------------------------------------------------------------------------------

    @Override
    public DatagramSocket socket() {
        return adaptor;
    }

    @Override
    public <T> DatagramChannel setOption(SocketOption<T> name, T value) throws IOException {
        platform.setOption(name, value);
        return this;
    }

    @Override
    public <T> T getOption(SocketOption<T> name) throws IOException {
        return platform.getOption(name);
    }

    @Override
    public Set<SocketOption<?>> supportedOptions() {
        return platform.supportedOptions();
    }

    @Override
    public MembershipKey join(InetAddress group, NetworkInterface on) throws IOException {
        return platform.join(group, on);
    }

    @Override
    public MembershipKey join(InetAddress group, NetworkInterface on, InetAddress source)
            throws IOException {
        return platform.join(group, on, source);
    }

    @Override
    protected void implConfigureBlocking(boolean block) throws IOException {
        engagement.configureBlocking(block);
    }

    @Override
    protected void implCloseSelectableChannel() throws IOException {
        engagement.close(false);
    }

    @Override
    public String toString() {
        return engagement.toString();
    }
}
