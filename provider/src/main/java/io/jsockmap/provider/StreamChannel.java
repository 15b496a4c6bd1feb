package io.jsockmap.provider;

import io.jsockmap.bpf.BpfException;
import io.jsockmap.sockmap.socket.Addresses;
import io.jsockmap.sockmap.socket.Ingress;
import io.jsockmap.sockmap.socket.SocketKind;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SocketChannel;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A TCP connection or a UNIX stream. It comes under the engine when it is connected, if it is
 * admitted; else everything goes straight to the platform's channel beneath.
 */
final class StreamChannel extends SocketChannel implements Watched {
    private final SockmapSelectorProvider provider;
    private final SocketChannel platform;
    private final Engagement engagement;
    private final ReentrantLock reading = new ReentrantLock();
    private final ReentrantLock writing = new ReentrantLock();
    private final ChannelSocket adaptor;

    private volatile boolean inputShut;
    private volatile boolean outputShut;

    /** Whether a close is to reset the connection (SO_LINGER of 0). */
    private volatile boolean resetsOnClose;

    StreamChannel(SockmapSelectorProvider provider, SocketChannel platform) {
        super(provider);
        this.provider = provider;
        this.platform = platform;
        engagement = new Engagement(provider, this, platform);
        adaptor = isUnix(platform) ? null : ChannelSocket.of(this, platform);
    }

    private static boolean isUnix(SocketChannel platform) {
        return !platform.supportedOptions().contains(StandardSocketOptions.TCP_NODELAY);
    }

    /**
     * A connection that the platform accepted.
     *
     * @throws BpfException if a map refuses it
     */
    static StreamChannel accepted(SockmapSelectorProvider provider, SocketChannel platform)
            throws IOException {
        var channel = new StreamChannel(provider, platform);
        var admission = provider.admission();
        channel.engagement.begin(
                new StreamWire(platform),
                transport ->
                        channel.isTcp()
                                ? admission.accepted(channel.addresses(), transport)
                                : admission.opened(channel.addresses(), transport));
        return channel;
    }

    private void connected() throws IOException {
        var admission = provider.admission();
        engagement.beginOrClose(
                new StreamWire(platform),
                transport ->
                        isTcp()
                                ? admission.connected(addresses(), transport)
                                : admission.opened(addresses(), transport));
    }

    private boolean isTcp() {
        return adaptor != null;
    }

    private Addresses addresses() {
        try {
            return new Addresses(
                    isTcp() ? SocketKind.TCP : SocketKind.UNIX_STREAM,
                    platform.getLocalAddress(),
                    platform.getRemoteAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    // --- Selectors -------------------------------------------------------------------------------

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

    // --- Connecting ------------------------------------------------------------------------------

    @Override
    public SocketChannel bind(SocketAddress local) throws IOException {
        platform.bind(local);
        return this;
    }

    @Override
    public boolean connect(SocketAddress remote) throws IOException {
        return connecting(() -> platform.connect(remote));
    }

    @Override
    public boolean finishConnect() throws IOException {
        if (conduit() != null) return true;
        return connecting(platform::finishConnect);
    }

    /** Waits for so long at most, as the platform's own socket does. */
    void connect(SocketAddress remote, int millis, Socket socket) throws IOException {
        var _ =
                connecting(
                        () -> {
                            socket.connect(remote, millis);
                            return true;
                        });
    }

    private boolean connecting(Io<Boolean> attempt) throws IOException {
        boolean before = platform.isConnected();
        boolean now = engagement.past(attempt);
        if (now && !before) connected();
        return now;
    }

    @Override
    public boolean isConnected() {
        return platform.isConnected();
    }

    @Override
    public boolean isConnectionPending() {
        return platform.isConnectionPending();
    }

    @Override
    public SocketAddress getRemoteAddress() throws IOException {
        ensureOpen();
        return platform.getRemoteAddress();
    }

    @Override
    public SocketAddress getLocalAddress() throws IOException {
        ensureOpen();
        return platform.getLocalAddress();
    }

    private void ensureOpen() throws ClosedChannelException {
        if (!isOpen()) throw new ClosedChannelException();
    }

    // --- Reading ---------------------------------------------------------------------------------

    @Override
    public int read(ByteBuffer target) throws IOException {
        return read(target, 0);
    }

    /**
     * As {@link #read(ByteBuffer)}, waiting for so long at most.
     *
     * @param millis 0 for ever
     */
    int read(ByteBuffer target, int millis) throws IOException {
        if (target.isReadOnly()) throw new IllegalArgumentException("can't read into " + target);
        var under = conduit();
        if (under == null) return engagement.past(() -> readPast(target, millis));
        reading.lock();
        try {
            ensureOpen();
            if (inputShut) return -1;
            if (!target.hasRemaining()) return 0;
            return count(look(under, target, Waiting.of(millis)), under);
        } finally {
            reading.unlock();
        }
    }

    private int readPast(ByteBuffer target, int millis) throws IOException {
        if (millis == 0) return platform.read(target);
        // Only the platform's own socket has a timeout, which it was told.
        int length = Math.min(target.remaining(), target.array().length);
        int start = target.arrayOffset() + target.position();
        int count = platform.socket().getInputStream().read(target.array(), start, length);
        if (count > 0) target.position(target.position() + count);
        return count;
    }

    private Ingress look(Conduit under, ByteBuffer target, Waiting waiting) throws IOException {
        if (!isBlocking()) return under.read(target);
        boolean found = false;
        try {
            begin();
            var seen = under.await(() -> under.read(target), waiting);
            // The socket says that it was closed too, but in another way.
            found = seen instanceof Ingress.Bytes || isOpen();
            return seen;
        } finally {
            end(found);
        }
    }

    private static int count(Ingress seen, Conduit under) throws IOException {
        return switch (seen) {
            case Ingress.Bytes(var chunk) -> chunk.length();
            case Ingress.Nothing _ -> 0;
            case Ingress.End _ -> -1;
            case Ingress.Failed(int errno) -> throw Failures.of(errno, under.socket());
        };
    }

    @Override
    public long read(ByteBuffer[] targets, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, targets.length);
        if (conduit() == null) return engagement.past(() -> platform.read(targets, offset, length));
        long sum = 0;
        for (int i = offset; i < offset + length; i++) {
            if (!targets[i].hasRemaining()) continue;
            // Only the first may wait: behind it, what is there is taken.
            int count = sum == 0 ? read(targets[i]) : readMore(targets[i]);
            if (count <= 0) return sum == 0 ? count : sum;
            sum += count;
            if (targets[i].hasRemaining()) break;
        }
        return sum;
    }

    /** What an error or the end of stream gives stays for the next read. */
    private int readMore(ByteBuffer target) {
        var under = conduit();
        boolean there = under.look(socket -> socket.peek(1)) instanceof Ingress.Bytes;
        if (!there) return 0;
        return under.read(target) instanceof Ingress.Bytes(var chunk) ? chunk.length() : 0;
    }

    // --- Writing ---------------------------------------------------------------------------------

    @Override
    public int write(ByteBuffer source) throws IOException {
        if (conduit() == null) return engagement.past(() -> platform.write(source));
        return (int) write(new ByteBuffer[] {source}, 0, 1);
    }

    @Override
    public long write(ByteBuffer[] sources, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, sources.length);
        var under = conduit();
        if (under == null) return engagement.past(() -> platform.write(sources, offset, length));
        writing.lock();
        try {
            ensureOpen();
            if (outputShut) throw new ClosedChannelException();
            var parts = new Parts(sources, offset, length);
            return parts.remaining() == 0 ? 0 : write(under, parts);
        } finally {
            writing.unlock();
        }
    }

    private long write(Conduit under, Parts sources) throws IOException {
        if (!isBlocking()) return under.write(sources, false);
        long count = 0;
        try {
            begin();
            count = under.write(sources, true);
            return count;
        } finally {
            end(count > 0);
        }
    }

    // --- State -----------------------------------------------------------------------------------

    @Override
    public SocketChannel shutdownInput() throws IOException {
        var under = conduit();
        if (under == null) {
            platform.shutdownInput();
        } else {
            ensureOpen();
            under.shutdownInput();
        }
        inputShut = true;
        return this;
    }

    @Override
    public SocketChannel shutdownOutput() throws IOException {
        var under = conduit();
        if (under == null) {
            platform.shutdownOutput();
        } else {
            ensureOpen();
            under.shutdownOutput();
        }
        outputShut = true;
        return this;
    }

    boolean isInputShut() {
        return inputShut;
    }

    boolean isOutputShut() {
        return outputShut;
    }

    /** Bytes that can be read without waiting; where the platform has them, it tells. */
    int available() throws IOException {
        var under = conduit();
        if (under == null) return platform.socket().getInputStream().available();
        // What has come is looked at first, and so counts.
        var _ = under.look(socket -> socket.peek(1));
        return (int) Math.min(Integer.MAX_VALUE, under.socket().available());
    }

    @Override
    public Socket socket() {
        if (adaptor == null) {
            throw new UnsupportedOperationException("a UNIX stream has no java.net.Socket");
        }
        return adaptor;
    }

    @Override
    public <T> SocketChannel setOption(SocketOption<T> name, T value) throws IOException {
        ensureOpen();
        platform.setOption(name, value);
        if (name.equals(StandardSocketOptions.SO_LINGER)) lingers(value.equals(0));
        return this;
    }

    /**
     * @param not whether a close is not to wait, but to reset
     */
    void lingers(boolean not) {
        resetsOnClose = not;
    }

    @Override
    public <T> T getOption(SocketOption<T> name) throws IOException {
        ensureOpen();
        return platform.getOption(name);
    }

    @Override
    public Set<SocketOption<?>> supportedOptions() {
        return platform.supportedOptions();
    }

    @Override
    protected void implConfigureBlocking(boolean block) throws IOException {
        engagement.configureBlocking(block);
    }

    @Override
    protected void implCloseSelectableChannel() throws IOException {
        engagement.close(resetsOnClose);
    }

    @Override
    public String toString() {
        return engagement.toString();
    }
}
