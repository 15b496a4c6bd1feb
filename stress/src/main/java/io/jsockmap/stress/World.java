package io.jsockmap.stress;

import io.jsockmap.bpf.BpfException;
import io.jsockmap.bpf.insn.Assembler;
import io.jsockmap.bpf.map.MapDefinition;
import io.jsockmap.bpf.map.MapType;
import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.bpf.program.Program;
import io.jsockmap.bpf.program.ProgramType;
import io.jsockmap.sockmap.UserEngine;
import io.jsockmap.sockmap.map.UserSockHash;
import io.jsockmap.sockmap.map.UserSockMap;
import io.jsockmap.sockmap.map.UserSocketMap;
import io.jsockmap.sockmap.program.SocketPrograms;
import io.jsockmap.sockmap.socket.Addresses;
import io.jsockmap.sockmap.socket.Chunk;
import io.jsockmap.sockmap.socket.Delivery;
import io.jsockmap.sockmap.socket.Egress;
import io.jsockmap.sockmap.socket.Sock;
import io.jsockmap.sockmap.socket.Transport;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;

/** What the races share: an engine, programs, and sockets without a network. */
final class World {
    static final UserEngine ENGINE = UserEngine.open();

    /** Lets everything pass that is received. */
    static final Program PASS = program("pass", SocketPrograms.SK_SKB, "r0 = 1\nexit");

    /** Holds what is sent until it is longer than anything that is sent here. */
    static final Program CORK =
            program("cork", SocketPrograms.SK_MSG, "r2 = 1000\ncall 62\nr0 = 1\nexit");

    /** An engine in which every message has more than one piece. */
    static final UserEngine IN_PIECES =
            UserEngine.open(UserEngine.Settings.DEFAULT.with(Delivery.HOSTILE));

    private static final Program BY_FIRST_BYTE =
            IN_PIECES.load(fixture("msg-verdict")).program("judge");

    private static final Program RELAY = ENGINE.load(fixture("pair")).program("relay");

    private World() {}

    private static Program program(String name, ProgramType type, String code) {
        return Program.of(name, type, Assembler.assemble(code));
    }

    /** Redirects what is received to the socket that a map of one's own has for its source. */
    static Program relay(UserSockHash targets) {
        return with(RELAY, targets);
    }

    /** Redirects what is sent to the egress of a map's socket 0, if it begins with an R. */
    static Program redirect(UserSockMap targets) {
        return with(BY_FIRST_BYTE, targets);
    }

    /** The same program with another map of that kind. */
    private static Program with(Program program, UserSocketMap map) {
        var maps =
                program.maps().stream()
                        .map(old -> old.getClass() == map.getClass() ? map : old)
                        .toList();
        return new Program(program.name(), program.type(), program.code(), maps, new TreeMap<>());
    }

    static UserSockHash hash() {
        return new UserSockHash(MapDefinition.of("hash", MapType.SOCKHASH, 8, 8, 2));
    }

    private static Path fixture(String name) {
        return Path.of(System.getProperty("jsockmap.root"))
                .resolve("sockmap/src/test/resources/programs")
                .resolve(name + ".bpf.o");
    }

    static Sock open() {
        return open(ENGINE);
    }

    static Sock open(UserEngine engine) {
        var here = new InetSocketAddress("127.0.0.1", 1);
        return engine.accepted(new Addresses(here, here), Transport.NONE);
    }

    static UserSockMap map() {
        return new UserSockMap(MapDefinition.of("map", MapType.SOCKMAP, 4, 8, 2));
    }

    static byte[] key(long number) {
        return ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(number).array();
    }

    static Chunk bytes(int count) {
        return Chunk.of(new byte[count]);
    }

    /** The errno of an update, 0 if it succeeds. */
    static int insert(UserSockMap map, Sock socket) {
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

    /** All that is to be written, as text. */
    static String text(Sock socket) {
        var all = new StringBuilder();
        while (socket.takeEgress() instanceof Egress.Bytes(var chunk)) {
            all.append(new String(chunk.copy(), StandardCharsets.ISO_8859_1));
            socket.written(chunk.length());
        }
        return all.toString();
    }

    /** Whether all accounts of a socket balance and no queue has bytes too many or too few. */
    static boolean balances(Sock socket) {
        var account = socket.account();
        return account.balances()
                && account.ingress().waiting() >= 0
                && account.egress().waiting() >= 0;
    }

    static void end(Sock... sockets) {
        end(ENGINE, sockets);
    }

    static void end(UserEngine engine, Sock... sockets) {
        for (var socket : sockets) {
            socket.abort();
            engine.closed(socket);
        }
    }
}
