package io.jsockmap.bench.sockets;

import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.bpf.object.LoadOptions;
import io.jsockmap.bpf.object.ObjectReader;
import io.jsockmap.sockmap.UserEngine;
import io.jsockmap.sockmap.map.AttachType;
import io.jsockmap.sockmap.socket.Addresses;
import io.jsockmap.sockmap.socket.Chunk;
import io.jsockmap.sockmap.socket.Egress;
import io.jsockmap.sockmap.socket.Sock;
import io.jsockmap.sockmap.socket.SocketKind;
import io.jsockmap.sockmap.socket.Transport;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Sockets in memory, in pairs that the splice example joins: what one receives the other sends. */
final class Pairs implements AutoCloseable {
    private static final int BYTES = 64;
    private static final int PORTS = 20_000;

    private final UserEngine engine;
    private final List<Sock> from = new ArrayList<>();
    private final List<Sock> to = new ArrayList<>();
    private final byte[] message = new byte[BYTES];
    private int next;

    Pairs(UserEngine.Settings settings, int sockets) {
        engine = UserEngine.open(settings);
        var root = Path.of(System.getProperty("jsockmap.root", "."));
        var file = ObjectReader.read(root.resolve("examples/splice/splice.bpf.o"));
        var object = engine.load(file, LoadOptions.DEFAULT.withMaxEntries("peers", sockets));
        var peers = object.socketMap("peers");
        peers.attach(object.program("splice"), AttachType.SK_SKB_STREAM_VERDICT);
        // Nobody has to be told: whoever moves the bytes knows.
        var still = Transport.NONE;
        for (int k = 0; k < sockets / 2; k++) {
            from.add(engine.accepted(addresses(2 * k), still));
            to.add(engine.connected(addresses(2 * k + 1), still));
            peers.update(key(from.getLast()), to.getLast(), UpdateFlag.ANY);
            peers.update(key(to.getLast()), from.getLast(), UpdateFlag.ANY);
        }
    }

    /** Every socket has two ends of its own, as on a server with many clients. */
    private static Addresses addresses(int number) {
        var loopback = InetAddress.getLoopbackAddress();
        return new Addresses(
                SocketKind.TCP,
                new InetSocketAddress(loopback, 1024 + number % PORTS),
                new InetSocketAddress(loopback, 1024 + PORTS + number / PORTS));
    }

    private static byte[] key(Sock socket) {
        var key = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        return key.putLong(socket.cookie()).array();
    }

    /**
     * Moves messages, of each of the first pairs in turn.
     *
     * @param pairs how many of the pairs take part
     * @throws IllegalStateException if one of them does not come out where it should
     */
    void move(int messages, int pairs) {
        for (int k = 0; k < messages; k++) {
            next = next + 1 < pairs ? next + 1 : 0;
            from.get(next).received(new Chunk(message, 0, BYTES));
            var target = to.get(next);
            if (!(target.takeEgress() instanceof Egress.Bytes(var chunk))
                    || chunk.length() != BYTES) {
                throw new IllegalStateException("nothing came out at " + target);
            }
            target.written(BYTES);
        }
    }

    int count() {
        return from.size();
    }

    @Override
    public void close() {
        engine.close();
    }
}
