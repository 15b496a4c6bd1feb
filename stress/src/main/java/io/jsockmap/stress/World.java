package io.jsockmap.stress;

import io.jsockmap.bpf.BpfException;
import io.jsockmap.bpf.insn.Assembler;
import io.jsockmap.bpf.map.MapDefinition;
import io.jsockmap.bpf.map.MapType;
import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.bpf.program.Program;
import io.jsockmap.bpf.program.ProgramType;
import io.jsockmap.sockmap.SockmapEngine;
import io.jsockmap.sockmap.SockmapObject;
import io.jsockmap.sockmap.map.SockHash;
import io.jsockmap.sockmap.map.SockMap;
import io.jsockmap.sockmap.program.SocketPrograms;
import io.jsockmap.sockmap.socket.Addresses;
import io.jsockmap.sockmap.socket.Chunk;
import io.jsockmap.sockmap.socket.Egress;
import io.jsockmap.sockmap.socket.Sock;
import io.jsockmap.sockmap.socket.Transport;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;

/** What the races share: an engine, programs, and sockets without a network. */
final class World {
    static final SockmapEngine ENGINE = SockmapEngine.user();

    /** Lets everything pass that is received. */
    static final Program PASS = program("pass", SocketPrograms.SK_SKB, "r0 = 1\nexit");

    /** Holds what is sent until it is longer than anything that is sent here. */
    static final Program CORK =
            program("cork", SocketPrograms.SK_MSG, "r2 = 1000\ncall 62\nr0 = 1\nexit");

    private static final SockmapObject PAIR =
            ENGINE.load(
                    Path.of(System.getProperty("jsockmap.root"))
                            .resolve("sockmap/src/test/resources/programs/pair.bpf.o"));

    /** Redirects what is received to the socket that {@link #TARGETS} has for its source. */
    static final Program RELAY = PAIR.program("relay");

    static final SockHash TARGETS = PAIR.sockHash("targets");

    private World() {}

    private static Program program(String name, ProgramType type, String code) {
        return Program.of(name, type, Assembler.assemble(code));
    }

    static Sock open() {
        var here = new InetSocketAddress("127.0.0.1", 1);
        return ENGINE.accepted(new Addresses(here, here), new Silent());
    }

    static SockMap map() {
        return new SockMap(MapDefinition.of("map", MapType.SOCKMAP, 4, 8, 2));
    }

    static byte[] key(long number) {
        return ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(number).array();
    }

    static Chunk bytes(int count) {
        return Chunk.of(new byte[count]);
    }

    /** The errno of an update, 0 if it succeeds. */
    static int insert(SockMap map, Sock socket) {
        return errno(() -> map.update(0, socket, UpdateFlag.NOEXIST));
    }

    static int errno(Runnable operation) {
        try {
            operation.run();
            return 0;
        } catch (BpfException e) {
            return e.errno().number();
        }
    }

    /**
     * Sends bytes. The result holds how many were accepted, or the errno, negative: once the send
     * is over, which may be on another thread.
     */
    static AtomicInteger send(Sock socket, int count) {
        var result = new AtomicInteger(Integer.MIN_VALUE);
        socket.send(
                ByteBuffer.allocate(count),
                true,
                (accepted, errno) -> result.set(accepted > 0 ? (int) accepted : -errno));
        return result;
    }

    /**
     * Takes all that is to be written; how many bytes, and 1000 more if the end came behind them.
     */
    static int written(Sock socket) {
        int all = 0;
        while (true) {
            switch (socket.takeEgress()) {
                case Egress.Bytes(var chunk) -> {
                    // Nothing may come behind the end.
                    all += all >= 1000 ? 1_000_000 : chunk.length();
                    socket.written(chunk.length());
                }
                case Egress.Nothing _ -> {
                    return all;
                }
                default -> all += 1000;
            }
        }
    }

    /** Whether all accounts of a socket balance and no queue has bytes too many or too few. */
    static boolean balances(Sock socket) {
        var account = socket.account();
        return account.balances()
                && account.ingress().waiting() >= 0
                && account.egress().waiting() >= 0;
    }

    static void end(Sock... sockets) {
        for (var socket : sockets) {
            socket.abort();
            ENGINE.closed(socket);
        }
    }

    private static final class Silent implements Transport {
        @Override
        public void egressReady() {}

        @Override
        public void receiveReady() {}

        @Override
        public void readReady() {}
    }
}
