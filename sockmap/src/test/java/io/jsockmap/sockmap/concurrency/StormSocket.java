package io.jsockmap.sockmap.concurrency;

import io.jsockmap.sockmap.UserEngine;
import io.jsockmap.sockmap.network.Network;
import io.jsockmap.sockmap.socket.Chunk;
import io.jsockmap.sockmap.socket.Egress;
import io.jsockmap.sockmap.socket.Ingress;
import io.jsockmap.sockmap.socket.Sock;
import io.jsockmap.sockmap.socket.Transport;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** A socket of a storm: one thread is its network, another its application. */
final class StormSocket {
    private static final AtomicInteger PORTS = new AtomicInteger(20000);
    private static final String VERDICTS = "PDRI";

    private final UserEngine engine;
    private final List<Sock> all = new CopyOnWriteArrayList<>();
    private volatile Sock socket;

    StormSocket(UserEngine engine) {
        this.engine = engine;
        socket = open();
    }

    private Sock open() {
        var addresses = Network.addresses("127.0.0.1", PORTS.incrementAndGet(), "127.0.0.1", 443);
        var opened = engine.connected(addresses, Transport.NONE);
        all.add(opened);
        return opened;
    }

    /** Ends the connection, with a close or a reset, and begins a new one. */
    void reconnects(boolean abort) {
        var old = socket;
        socket = open();
        if (abort) old.abort();
        else old.close();
    }

    Sock socket() {
        return socket;
    }

    /** All its connections, one after the other. */
    List<Sock> connections() {
        return all;
    }

    /** What the network's thread does: brings bytes and takes bytes. */
    Void networkRuns(Random random, int rounds) {
        for (int i = 0; i < rounds; i++) {
            var frame = frame(random);
            if (socket.receiveRoom() >= frame.length) {
                // A frame that is cut may lose its head to the application, and framing its way.
                int cut = random.nextInt(10) == 0 ? random.nextInt(frame.length) : 0;
                receive(frame, 0, cut);
                receive(frame, cut, frame.length - cut);
            }
            takesEgress(socket);
        }
        return null;
    }

    private void receive(byte[] frame, int offset, int length) {
        if (length > 0) socket.received(new Chunk(frame.clone(), offset, length));
    }

    private static byte[] frame(Random random) {
        var text =
                VERDICTS.charAt(random.nextInt(VERDICTS.length()))
                        + "x".repeat(random.nextInt(200));
        int length = text.length() + 2;
        return ("\0" + (char) length + text).getBytes(StandardCharsets.ISO_8859_1);
    }

    /** What the application's thread does: sends and reads. */
    Void applicationRuns(Random random, int rounds) {
        for (int i = 0; i < rounds; i++) {
            var text =
                    VERDICTS.charAt(random.nextInt(VERDICTS.length()))
                            + "y".repeat(random.nextInt(200));
            socket.send(
                    ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1)),
                    random.nextBoolean(),
                    (_, _) -> {});
            reads(Integer.MAX_VALUE);
        }
        return null;
    }

    private boolean reads(int most) {
        return socket.read(most) instanceof Ingress.Bytes;
    }

    /** Takes one step of writing; whether there was anything to do. */
    private boolean takesEgress(Sock from) {
        switch (from.takeEgress()) {
            case Egress.Bytes(var chunk) -> from.written(chunk.length());
            case Egress.Close() -> engine.closed(from);
            case Egress.Abort() -> engine.closed(from);
            case Egress.End() -> {}
            case Egress.Nothing() -> {
                return false;
            }
        }
        return true;
    }

    /** Once the threads are done: reads and takes a step of everything; whether anything moved. */
    boolean drains() {
        boolean moved = reads(Integer.MAX_VALUE);
        for (var connection : all) moved |= takesEgress(connection);
        return moved;
    }
}
