package io.jsockmap.sockmap.socket;

import io.jsockmap.bpf.BpfException;
import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.map.LocalStorage;
import io.jsockmap.bpf.map.StorageOwner;
import io.jsockmap.bpf.memory.Region;
import io.jsockmap.bpf.program.ContextRegion;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A socket under the engine: what the kernel keeps in {@code struct sock} and its psock. It does no
 * input or output of its own; a {@link Transport} carries its bytes.
 *
 * <p>All methods may be called from any thread. Those that give a result wait for their turn in the
 * socket's own order, which is short, and must not be called from a signal or listener.
 *
 * {@snippet class="io.jsockmap.sockmap.examples.TrafficExamples" region="ends"}
 */
public final class Sock implements StorageOwner, SockmapSocket {
    private final SockTable table;
    private final long cookie;
    private final Addresses addresses;
    private final Transport transport;
    private final SockListener listener;
    private final Tap tap;
    private final Psock psock;
    private final SocketOptions options = new SocketOptions(this);
    private final Region region = new ContextRegion<>("socket", SockFields.LAYOUT, this);

    /** Made when a program first asks: few sockets have any. */
    private final AtomicReference<LocalStorage> storage = new AtomicReference<>();

    private final AtomicLong bytesReceived = new AtomicLong();
    private final AtomicLong bytesWritten = new AtomicLong();

    private volatile int callbackFlags;

    Sock(
            SockTable table,
            long cookie,
            Addresses addresses,
            TcpState state,
            Transport transport,
            Judge judge) {
        this.table = table;
        this.cookie = cookie;
        this.addresses = addresses;
        this.transport = transport;
        this.listener = judge.listener();
        tap = Tap.of(this, listener.wire());
        psock = new Psock(this, state, transport, judge, table.limits(), table.delivery());
    }

    // --- Who it is -------------------------------------------------------------------------------

    @Override
    public long cookie() {
        return cookie;
    }

    @Override
    public Addresses addresses() {
        return addresses;
    }

    public SocketKind kind() {
        return addresses.kind();
    }

    public TcpState state() {
        return psock.life().state();
    }

    /** What a program's pointer to it points to: {@code struct bpf_sock}; always the same. */
    public Region region() {
        return region;
    }

    /** The values that programs keep for it (SK_STORAGE), until the connection is closed. */
    @Override
    public LocalStorage storage() {
        if (storage.get() == null) storage.compareAndSet(null, new LocalStorage());
        return storage.get();
    }

    /** What setsockopt and getsockopt of programs reach. */
    public SocketOptions options() {
        return options;
    }

    /** Bytes that came from the network so far. */
    public long bytesReceived() {
        return bytesReceived.get();
    }

    /** Bytes that the transport has written so far; whether the peer has them it can't tell. */
    public long bytesWritten() {
        return bytesWritten.get();
    }

    /**
     * Bytes that were ever given to the transport to be written. Asked for where a {@link
     * SendResult} is told, it says behind which byte the send's last one goes.
     */
    public long bytesToWrite() {
        return psock.egressQueue().entered();
    }

    /** Whether any byte came from the network, or was given to be written to it. */
    public boolean isUsed() {
        return bytesReceived() > 0 || bytesToWrite() > 0;
    }

    /**
     * A socket of the same engine by its ends, as {@link SockTable#find}.
     *
     * @param kind TCP or UDP
     */
    public Optional<Sock> find(SocketKind kind, InetSocketAddress local, InetSocketAddress remote) {
        return table.find(kind, local, remote);
    }

    Transport transport() {
        return transport;
    }

    Limits limits() {
        return table.limits();
    }

    /** Whether there is a peer: datagrams have one only by connect(2). */
    public boolean isConnected() {
        return addresses.remote() != null && state() != TcpState.LISTEN;
    }

    /** The programs that run on it. */
    public Inherited programs() {
        return psock.programs();
    }

    /** Whether it is in any map. */
    public boolean isMapped() {
        return !psock.links().isEmpty();
    }

    /** The flags by which sock_ops programs ask for more callbacks. */
    public int callbackFlags() {
        return callbackFlags;
    }

    public void setCallbackFlags(int flags) {
        callbackFlags = flags;
    }

    /** What became of its bytes, at one moment. */
    public Account account() {
        return psock.account();
    }

    // --- Maps ------------------------------------------------------------------------------------

    /**
     * Takes an entry in a map, with the programs it brings. Runs nothing: {@link #programsChanged}
     * does, once no lock is held.
     *
     * @throws BpfException EBADF if the socket is closed, EOPNOTSUPP if its state does not allow
     *     it, EBUSY if it has a program of a kind that the entry brings
     */
    public void link(PsockLink link) {
        psock.links().add(link);
    }

    /** Lets the programs that run now look at the bytes that are here already. */
    public void programsChanged() {
        psock.programsChanged();
    }

    /**
     * Whether the socket may be inserted at all, by its state.
     *
     * @throws BpfException EBADF or EOPNOTSUPP, as {@link #link}
     */
    public void checkState(PsockLink link) {
        psock.links().checkState(link);
    }

    /**
     * Whether the socket has no program of a kind that the entry brings.
     *
     * @throws BpfException EBUSY, as {@link #link}
     */
    public void checkConflicts(PsockLink link) {
        psock.links().checkConflicts(link);
    }

    /**
     * Whether {@link #exchange} can be done.
     *
     * @throws BpfException EBUSY if an entry that comes brings a program of a kind that one which
     *     stays brought, EOPNOTSUPP if it brings a parser to a socket that is not of TCP
     */
    public void checkExchange(
            Collection<? extends PsockLink> leaving, Collection<? extends PsockLink> coming) {
        psock.links().checkExchange(leaving, coming);
    }

    /**
     * Puts entries in the place of others, all at once: at no moment are there the programs of
     * some, or of none. {@link #programsChanged} is to be called when no lock is held: a message
     * that was begun is finished by the programs that began it, or judged from its first byte.
     *
     * @return false, and nothing was done, if the socket is closed, or has left one of those that
     *     are to leave
     */
    public boolean exchange(
            Collection<? extends PsockLink> leaving, Collection<? extends PsockLink> coming) {
        return psock.links().exchange(leaving, coming);
    }

    /** Gives an entry up, and with it exactly what it had brought. */
    public void unlink(PsockLink link) {
        if (!psock.links().remove(link)) return;
        if (!link.inherited().isEmpty()) programsChanged();
        // Whoever waits to redirect here learns that nothing will come of it.
        if (!isMapped()) psock.wakeAll();
    }

    /** Tells the listener that a program could not insert the socket. */
    public void insertionRefused(BpfException refusal) {
        listener.refused(this, refusal);
    }

    // --- The application -------------------------------------------------------------------------

    /**
     * Reads: first what was passed or redirected in, then, where no verdict runs, the socket's own
     * bytes; then an error, once; then the end of stream. Gives bytes of one message at a time, and
     * of a datagram only what is asked for: the rest of it is gone.
     *
     * @param most how many bytes at the most, at least 1
     */
    public Ingress read(int most) {
        return psock.call(() -> psock.reader().read(most));
    }

    /**
     * Reads as {@link #read(int)} all that came as one piece, for those who give it on: its bytes
     * may be elsewhere ({@link Chunk#source}), and are to be sent, looked at or dropped.
     */
    public Ingress take() {
        return take(Integer.MAX_VALUE);
    }

    /**
     * As {@link #take()}, of a longer piece only its first bytes.
     *
     * @param most how many bytes at the most, at least 1
     */
    public Ingress take(int most) {
        return psock.call(() -> psock.reader().take(most));
    }

    /**
     * Fills a buffer, over the limits of messages (recv); of datagrams takes one. Bytes that were
     * passed or redirected in and bytes that no program judged never come by one call.
     *
     * @return as {@link #read(int)}, with the bytes that were put into the buffer, for as long as
     *     they are there; none if it has no room
     */
    public Ingress read(ByteBuffer target) {
        if (!target.hasRemaining()) return new Ingress.Bytes(Chunk.NONE);
        return psock.call(() -> psock.reader().fill(target));
    }

    /**
     * What a read of so many bytes would give; it stays (MSG_PEEK). An error is not reported.
     *
     * @param most how many bytes at the most, at least 1
     */
    public Ingress peek(int most) {
        return psock.call(() -> psock.reader().peek(most));
    }

    /** Bytes that can be read without waiting; of datagrams, those of the first (FIONREAD). */
    public long available() {
        return psock.call(psock.reader()::available);
    }

    /**
     * Sends the bytes that remain in a buffer, by way of the sk_msg program if there is one.
     *
     * <p>The kernel's MSG_MORE and MSG_EOR have no counterpart: they are hints for the wire, and
     * the program runs once for each send with them or without. MSG_ZEROCOPY has none either: bytes
     * are always copied, so a program's writes never reach the caller's buffer.
     *
     * @param source must not change until the result is there; its position stays
     * @param mayWait whether to wait for room, or to fail with EAGAIN
     * @param result hears how it ended
     */
    public void send(ByteBuffer source, boolean mayWait, SendResult result) {
        send(Gather.of(source), mayWait, result);
    }

    /**
     * Sends the bytes that remain in some buffers as one message (writev); otherwise as {@link
     * #send(ByteBuffer, boolean, SendResult)}.
     *
     * @param sources as for one buffer; the array must not change either
     * @param offset the first buffer to send
     * @param length how many buffers to send
     */
    public void send(
            ByteBuffer[] sources, int offset, int length, boolean mayWait, SendResult result) {
        Objects.checkFromIndexSize(offset, length, sources.length);
        send(new Gather(sources, offset, length), mayWait, result);
    }

    /**
     * Sends bytes that are given away, waiting for room; otherwise as {@link #send(ByteBuffer,
     * boolean, SendResult)}.
     *
     * @param bytes nobody else has or changes them from now on
     */
    public void send(Chunk bytes, SendResult result) {
        psock.execute(() -> psock.send().give(bytes, true, result));
    }

    /**
     * Sends bytes that are given away as one message.
     *
     * @param pieces as {@link #send(Chunk, SendResult)}; what nobody has looked at and is not
     *     longer than {@link #longestUnseen} stays where it is until a program asks for it
     * @param mayWait whether to wait for room, or to fail with EAGAIN
     * @param result hears how it ended
     */
    public void send(List<Chunk> pieces, boolean mayWait, SendResult result) {
        send(Gather.of(pieces), mayWait, result);
    }

    private void send(Gather source, boolean mayWait, SendResult result) {
        var sending = Outgoing.Send.of(source, mayWait, result);
        sending.isEmptyDatagram = kind().keepsMessages() && source.remaining() == 0;
        psock.execute(() -> psock.send().send(sending));
    }

    /** Sends the end of stream after the last byte that was given to send. */
    public void shutdownOutput() {
        psock.execute(psock.send()::shutdown);
    }

    /** Later reads find what is queued, and then the end of stream. */
    public void shutdownInput() {
        psock.life().shutInput();
        psock.readReady();
    }

    /**
     * A message that was begun is not complete although its time is over (SO_RCVTIMEO): framing
     * ends with ETIMEDOUT, and the bytes of the message are gone. Where no message is being
     * gathered nothing happens. The socket has no clock, so whoever has one calls this.
     */
    public void receiveTimedOut() {
        psock.execute(psock.receive()::timedOut);
    }

    /**
     * Closes: the socket leaves all maps at once; bytes that have got past its sk_msg program are
     * sent, what other sockets redirected here and still waits for it is thrown away. Twice is
     * harmless.
     */
    public void close() {
        leaveMaps();
        psock.execute(psock::close);
    }

    /** Closes with a reset: bytes that wait are thrown away, and the peer is told. */
    public void abort() {
        leaveMaps();
        psock.execute(psock::abort);
    }

    /** From now on nothing is inserted, so nothing can be forgotten. */
    private void leaveMaps() {
        psock.links().close().forEach(PsockLink::remove);
    }

    // --- The transport ---------------------------------------------------------------------------

    /** Bytes that may still be received. A transport stops reading at 0. */
    public int receiveRoom() {
        return psock.receive().room();
    }

    /**
     * Whether it may be that nobody looks at what comes, as parsers and {@link WireListener}s do:
     * bytes may be left where they are until then ({@link Chunk#of(Chunk.Source, int)}).
     */
    public boolean mayStayUnseen() {
        return !tap.isOn() && !programs().isFramed();
    }

    /**
     * {@link #mayStayUnseen} for what is sent: how long a piece may be at most of which nothing is
     * copied before an sk_msg program looks at it; 0 if somebody looks at all.
     */
    public int longestUnseen() {
        if (tap.isOn()) return 0;
        return programs().msg() == null ? Integer.MAX_VALUE : psock.send().longestUnseen();
    }

    /** Bytes came from the network; the array is the socket's from now on. */
    public void received(Chunk bytes) {
        if (bytes.length() == 0 && !kind().keepsMessages()) return;
        bytesReceived.addAndGet(bytes.length());
        tap.received(bytes);
        psock.receive().announce(bytes.length());
        psock.execute(() -> psock.receive().arrived(bytes));
    }

    /**
     * As {@link #received}, of a stream, for a transport whose application reads just now: gives
     * what it may read of the bytes at once, if nothing stands before them. Otherwise {@link
     * Transport#readReady} tells.
     */
    public Ingress receiveAndTake(Chunk bytes) {
        if (!psock.tryBegin()) {
            received(bytes);
            return new Ingress.Nothing();
        }
        try {
            bytesReceived.addAndGet(bytes.length());
            tap.received(bytes);
            var own = psock.receive().pass(bytes);
            return own == null ? new Ingress.Nothing() : new Ingress.Bytes(own);
        } catch (RuntimeException | Error e) {
            psock.failed(e);
            return new Ingress.Nothing();
        } finally {
            psock.end();
        }
    }

    /**
     * As {@link #send(Chunk, SendResult)}, for the transport's own thread. Where nothing stands
     * before the bytes and they pass in one piece, gives that to be written, as {@link #takeEgress}
     * does, and the result is not told: all was accepted.
     *
     * @param mayWait whether to wait for room, or to fail with EAGAIN
     */
    public Egress sendAndTake(Chunk bytes, boolean mayWait, SendResult result) {
        if (!psock.tryBegin()) {
            psock.execute(() -> psock.send().give(bytes, mayWait, result));
            return new Egress.Nothing();
        }
        try {
            var own = psock.send().pass(bytes, mayWait, result);
            return own == null ? new Egress.Nothing() : tap.take(new Egress.Bytes(own));
        } catch (RuntimeException | Error e) {
            psock.failed(e);
            return new Egress.Nothing();
        } finally {
            psock.end();
        }
    }

    /** The connection is there: a socket that waited for it is established from now on. */
    public void established() {
        psock.life().established();
        tap.opened();
    }

    /** The connection was there before the socket, so that nobody says that it is established. */
    void opened() {
        tap.opened();
    }

    /** The end of stream came from the network. */
    public void receivedEnd() {
        tap.inputEnded();
        psock.execute(
                () -> {
                    psock.life().inputEnds();
                    psock.receive().ended();
                });
    }

    /** The connection broke. What was received before can still be read. */
    public void failed(Errno errno) {
        psock.execute(
                () -> {
                    if (psock.life().isBroken()) return;
                    tap.broke(errno);
                    psock.fail(errno);
                });
    }

    /**
     * The network reported an error that the socket survives, such as that nobody listens where a
     * datagram went. The next read or send reports it, once.
     */
    public void receivedError(Errno errno) {
        psock.execute(() -> psock.raise(errno.number()));
    }

    /** Whether the connection shall be reset, whatever waits to be written; on any thread. */
    public boolean isAborting() {
        return psock.outlet().isAborting();
    }

    /**
     * Whether the connection shall be closed behind all that waits to be written; on any thread.
     */
    public boolean isClosing() {
        return psock.outlet().isClosing();
    }

    /** What to write next; for the transport's own thread only. */
    public Egress takeEgress() {
        return tap.take(psock.outlet().next());
    }

    /** Bytes that {@link #takeEgress} gave were written. */
    public void written(int bytes) {
        bytesWritten.addAndGet(bytes);
        tap.written(bytes);
        psock.egressQueue().left(bytes);
    }

    /** Bytes that {@link #takeEgress} gave can't be written. */
    public void lost(int bytes) {
        tap.lost(bytes);
        psock.egressQueue().lost(bytes);
    }

    /** The connection is closed: nothing more will come or go. */
    public void detached() {
        psock.execute(
                () -> {
                    psock.life().detach();
                    tap.closed(isAborting());
                    // Nothing is kept from now on.
                    var kept = storage.getAndSet(LocalStorage.closed());
                    if (kept != null) kept.close();
                    psock.detach();
                });
    }

    // --- Other parts of the engine ---------------------------------------------------------------

    Psock psock() {
        return psock;
    }

    @Override
    public String toString() {
        return "%d (%s)".formatted(cookie, addresses);
    }
}
