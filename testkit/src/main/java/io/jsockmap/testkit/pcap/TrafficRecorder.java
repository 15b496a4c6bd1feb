package io.jsockmap.testkit.pcap;

import io.jsockmap.bpf.Errno;
import io.jsockmap.sockmap.socket.Chunk;
import io.jsockmap.sockmap.socket.Judgement;
import io.jsockmap.sockmap.socket.Redirect;
import io.jsockmap.sockmap.socket.Sock;
import io.jsockmap.sockmap.socket.Verdict;
import io.jsockmap.sockmap.socket.WireListener;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/**
 * Records what the sockets of an engine receive and send into a capture, with the verdicts as
 * comments. Give it to the engine as {@link io.jsockmap.sockmap.socket.SockListener#wire}, and pass
 * verdicts on to {@link #judged}. If the file can't be written, or has reached its limit, recording
 * stops and the sockets go on.
 *
 * <p>May be called from any thread; while one writes, others wait. So that they never wait for a
 * disk, let the writer write to a {@link Spool}.
 *
 * {@snippet class="io.jsockmap.testkit.examples.CaptureExamples" region="record"}
 */
public final class TrafficRecorder implements WireListener, Closeable {
    private final CaptureWriter writer;
    private final InstantSource clock;
    private final Consumer<String> whenStopped;
    private final Map<Sock, WrittenConnection> connections = new HashMap<>();

    /** Held while the file is closed, which may last; who carries bytes never takes it. */
    private final Object closing = new Object();

    private volatile boolean stopped;
    private final AtomicReference<String> untold = new AtomicReference<>();

    /**
     * @param writer where to; closed with the recorder
     * @param clock tells when packets came
     * @param whenStopped hears why recording stopped by itself, once, when the file is closed: by
     *     the next {@link #flush}, or at the end
     */
    public TrafficRecorder(
            CaptureWriter writer, InstantSource clock, Consumer<String> whenStopped) {
        this.writer = writer;
        this.clock = clock;
        this.whenStopped = whenStopped;
    }

    /** Something that is written. */
    private interface Writing {
        void write(Instant now) throws IOException;
    }

    private void write(Writing writing) {
        if (stopped) return;
        synchronized (this) {
            if (stopped) return;
            try {
                writing.write(clock.instant());
            } catch (IOException e) {
                stop("can't be written: " + e.getMessage());
            }
            if (writer.isFull()) stop("the capture has reached its limit");
        }
    }

    private void stop(String why) {
        if (stopped) return;
        untold.set(why);
        stop();
    }

    private synchronized void stop() {
        stopped = true;
        connections.clear();
    }

    /** Closes the file of a recording that stopped by itself, and says why it did. */
    private void tell() {
        var why = untold.getAndSet(null);
        if (why == null) return;
        try {
            closeFile();
        } catch (IOException _) {
            // What could be written is written, and why no more is said now.
        }
        whenStopped.accept(why);
    }

    private void closeFile() throws IOException {
        synchronized (closing) {
            writer.close();
        }
    }

    /** The side of the connection that is not in this process asked for it, unless ours did. */
    private static boolean isClient(Sock socket) {
        return socket.addresses().connecting();
    }

    private void open(Sock socket, Instant now) throws IOException {
        if (connections.containsKey(socket)) return;
        var addresses = socket.addresses();
        var opened =
                isClient(socket)
                        ? writer.open(addresses.local(), addresses.remote(), now)
                        : writer.open(addresses.remote(), addresses.local(), now);
        connections.put(socket, opened);
    }

    @Override
    public void opened(Sock socket) {
        if (!socket.kind().keepsMessages()) write(now -> open(socket, now));
    }

    @Override
    public void received(Sock socket, Chunk bytes) {
        write(now -> move(socket, bytes.buffer(), true, now));
    }

    @Override
    public void written(Sock socket, Chunk bytes) {
        write(now -> move(socket, bytes.buffer(), false, now));
    }

    private void move(Sock socket, ByteBuffer bytes, boolean inwards, Instant now)
            throws IOException {
        if (socket.kind().keepsMessages()) {
            datagram(socket, bytes, inwards, now);
            return;
        }
        var connection = connections.get(socket);
        // What comes behind its end is no connection of its own.
        if (connection == null) return;
        boolean fromClient = isClient(socket) != inwards;
        if (!connection.isEnded(fromClient)) connection.sent(fromClient, bytes, now);
    }

    private void datagram(Sock socket, ByteBuffer bytes, boolean inwards, Instant now)
            throws IOException {
        var local = socket.addresses().local();
        var remote = socket.addresses().remote();
        // Without a peer nobody knows whose it is.
        if (remote == null) return;
        if (inwards) writer.datagram(remote, local, bytes, now, List.of());
        else writer.datagram(local, remote, bytes, now, List.of());
    }

    @Override
    public void inputEnded(Sock socket) {
        if (!socket.kind().keepsMessages()) write(now -> end(socket, !isClient(socket), now));
    }

    @Override
    public void outputEnded(Sock socket) {
        if (!socket.kind().keepsMessages()) write(now -> end(socket, isClient(socket), now));
    }

    private void end(Sock socket, boolean ofClient, Instant now) throws IOException {
        var connection = connections.get(socket);
        if (connection != null && !connection.isEnded(ofClient)) connection.ended(ofClient, now);
    }

    @Override
    public void broke(Sock socket, Errno errno) {
        write(
                now -> {
                    var connection = connections.get(socket);
                    if (connection == null) return;
                    boolean ofClient = !isClient(socket);
                    connection.remarkNext(ofClient, "the connection broke: " + errno);
                    connection.reset(ofClient, now);
                });
    }

    @Override
    public void closed(Sock socket, boolean reset) {
        write(
                now -> {
                    var connection = connections.remove(socket);
                    if (connection == null) return;
                    boolean over = connection.isEnded(true) && connection.isEnded(false);
                    if (reset && !over) connection.reset(isClient(socket), now);
                    connection.finish(now);
                });
    }

    /**
     * A program gave its verdict, which becomes a comment: of the message, or where that is not
     * possible any more of a packet behind it.
     */
    public void judged(Judgement judgement) {
        write(now -> remark(judgement, now));
    }

    private void remark(Judgement judgement, Instant now) throws IOException {
        var text = describe(judgement);
        var socket = judgement.socket();
        if (socket.kind().keepsMessages()) {
            boolean _ = writer.remarkDatagram(text);
            return;
        }
        var connection = connections.get(socket);
        if (connection == null) return;
        boolean local = isClient(socket);
        if (judgement.received()) connection.remark(!local, text, now);
        else if (judgement.verdict() == Verdict.PASS) connection.remarkNext(local, text);
        // What is not sent is in no packet.
        else connection.remarkByAnswer(local, text, now);
    }

    private static String describe(Judgement judgement) {
        return "%s: %s of %d bytes%s%s"
                .formatted(
                        judgement.program().name(),
                        judgement.verdict(),
                        judgement.message().length(),
                        judgement.redirect().map(TrafficRecorder::target).orElse(""),
                        judgement.line().map(line -> ", " + line).orElse(""));
    }

    private static String target(Redirect redirect) {
        return " to %s of socket %s"
                .formatted(redirect.ingress() ? "ingress" : "egress", redirect.target());
    }

    /** Has all in the file that was recorded; for a thread that carries no bytes. */
    public void flush() {
        write(_ -> writer.flush());
        tell();
    }

    /** Ends the recording; the file is whole. Twice is harmless. */
    @Override
    public void close() throws IOException {
        stop();
        tell();
        closeFile();
    }
}
