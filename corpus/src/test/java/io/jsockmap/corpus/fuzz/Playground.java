package io.jsockmap.corpus.fuzz;

import io.jsockmap.bpf.insn.Assembler;
import io.jsockmap.bpf.insn.Code;
import io.jsockmap.bpf.interpreter.Interpreter;
import io.jsockmap.bpf.map.MapDefinition;
import io.jsockmap.bpf.map.MapType;
import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.bpf.memory.Region;
import io.jsockmap.bpf.program.ContextLayout;
import io.jsockmap.bpf.program.ContextRegion;
import io.jsockmap.bpf.program.Environment;
import io.jsockmap.bpf.program.Machine;
import io.jsockmap.bpf.program.Program;
import io.jsockmap.bpf.program.ProgramFault;
import io.jsockmap.bpf.program.ProgramType;
import io.jsockmap.bpf.program.RunResult;
import io.jsockmap.sockmap.UserEngine;
import io.jsockmap.sockmap.map.AttachType;
import io.jsockmap.sockmap.map.UserSockMap;
import io.jsockmap.sockmap.program.SockOps;
import io.jsockmap.sockmap.program.SocketPrograms;
import io.jsockmap.sockmap.socket.Addresses;
import io.jsockmap.sockmap.socket.Chunk;
import io.jsockmap.sockmap.socket.Delivery;
import io.jsockmap.sockmap.socket.Limits;
import io.jsockmap.sockmap.socket.SkBuff;
import io.jsockmap.sockmap.socket.SkMsg;
import io.jsockmap.sockmap.socket.Sock;
import io.jsockmap.sockmap.socket.SockListener;
import io.jsockmap.sockmap.socket.TcpState;
import io.jsockmap.sockmap.socket.Transport;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * Runs programs on real messages of an engine without I/O. Its machine runs the program that is to
 * be tried in place of one that is attached, and drops the message. For one thread.
 */
final class Playground implements Machine {

    /** More than nearly all generated programs need; what may run on and on ends at half of it. */
    private static final long LIMIT = 1 << 16;

    /** As many instructions as a verifier looks at, and some: more is endless. */
    private static final long PATIENCE = 1 << 22;

    private static final Code ZERO = Assembler.assemble("r0 = 0\nexit");
    private static final int LONGEST = 300;

    private final Interpreter quick = new Interpreter(LIMIT);
    private final Interpreter patient = new Interpreter(PATIENCE);
    private final UserSockMap messages = watching("messages");
    private final UserSockMap buffers = watching("buffers");
    private final UserEngine engine;
    private int port = 1024;
    private Optional<Scene> scene = Optional.empty();
    private Sock played;
    private RuntimeException fault;

    /** What the program that runs elsewhere has for its context. */
    private Region context;

    Playground(Delivery delivery) {
        var settings =
                new UserEngine.Settings(
                        this, Environment.system(), Limits.DEFAULT, delivery, SockListener.NONE);
        engine = UserEngine.open(settings);
        messages.attach(carrier(SocketPrograms.SK_MSG), AttachType.SK_MSG_VERDICT);
        buffers.attach(carrier(SocketPrograms.SK_SKB), AttachType.SK_SKB_STREAM_VERDICT);
    }

    /**
     * How a run went.
     *
     * @param value R0
     * @param bytes the message afterwards; empty for an event
     */
    record Outcome(long value, byte[] bytes) {}

    /** What is done with a message or event, once. */
    interface Scene {
        /**
         * Does it.
         *
         * @param socket which sends or has received it
         * @param context what a program that runs is given
         */
        void play(Sock socket, Region context, long second);
    }

    private static UserSockMap watching(String name) {
        return new UserSockMap(MapDefinition.of(name, MapType.SOCKMAP, 4, 4, 1));
    }

    private static Program carrier(ProgramType type) {
        return Program.of("carrier", type, ZERO);
    }

    /**
     * Runs a program once.
     *
     * @param seed decides what it is run on
     * @throws ProgramFault if it does what no program may
     */
    Outcome run(Program program, long seed) {
        try {
            return run(program, quick, new SplittableRandom(seed));
        } catch (ProgramFault fault) {
            if (!fault.getMessage().contains("ran for more")) throw fault;
            return run(program, patient, new SplittableRandom(seed));
        }
    }

    /** The same with all memory at other addresses. */
    Outcome runElsewhere(Program program, long seed) {
        var around = Elsewhere.around(program, () -> context);
        return run(
                around,
                (other, environment, given, second) -> {
                    context = given;
                    return quick.run(other, environment, Elsewhere.NOWHERE, second);
                },
                new SplittableRandom(seed));
    }

    private Outcome run(Program program, Machine machine, RandomGenerator random) {
        var dice =
                new Environment(
                        () -> Chance.number(random), () -> (int) Chance.number(random), _ -> {});
        var outcome = new Outcome[1];
        play(
                program.type().name(),
                random,
                (_, given, second) -> {
                    var result = machine.run(program, dice, given, second);
                    outcome[0] = new Outcome(result.value(), bytes(given));
                });
        return outcome[0];
    }

    /**
     * Makes a message or an event and has it played.
     *
     * @param type what it is for: the name of a type of programs
     * @param random decides what it is
     */
    void play(String type, RandomGenerator random, Scene wanted) {
        scene = Optional.of(wanted);
        fault = null;
        var bytes = new byte[random.nextInt(random.nextInt(10) == 0 ? LONGEST : 40) + 1];
        random.nextBytes(bytes);
        if (random.nextBoolean()) Arrays.fill(bytes, (byte) random.nextInt(-1, 2));
        var socket = engine.connected(addresses(), Transport.NONE);
        played = socket;
        try {
            switch (type) {
                case "sk_msg" -> send(socket, bytes);
                case "sk_skb" -> receive(socket, bytes);
                default -> event(socket, random);
            }
            if (scene.isPresent()) throw new IllegalStateException("the program did not run");
        } finally {
            scene = Optional.empty();
            engine.closed(socket);
        }
        if (fault != null) throw fault;
    }

    private void send(Sock socket, byte[] bytes) {
        messages.update(0, socket, UpdateFlag.ANY);
        socket.send(ByteBuffer.wrap(bytes), false, (_, _) -> {});
        messages.delete(0);
    }

    private void receive(Sock socket, byte[] bytes) {
        buffers.update(0, socket, UpdateFlag.ANY);
        socket.received(Chunk.of(bytes));
        buffers.delete(0);
    }

    private void event(Sock socket, RandomGenerator random) {
        @SuppressWarnings("unchecked")
        var layout = (ContextLayout<SockOps>) SocketPrograms.SOCK_OPS.context();
        var event =
                switch (random.nextInt(3)) {
                    case 0 -> SockOps.of(socket, SockOps.ACTIVE_ESTABLISHED);
                    case 1 -> SockOps.ofRequest(socket, SockOps.CONNECT);
                    default ->
                            SockOps.stateChange(socket, TcpState.ESTABLISHED, TcpState.CLOSE_WAIT);
                };
        run(carrier(SocketPrograms.SOCK_OPS), null, new ContextRegion<>("event", layout, event), 0);
    }

    @Override
    public RunResult run(Program attached, Environment environment, Region context, long second) {
        if (scene.isPresent()) {
            var once = scene.get();
            // Once: a hostile delivery comes in many pieces.
            scene = Optional.empty();
            try {
                once.play(played, context, second);
            } catch (RuntimeException e) {
                fault = e;
            }
        }
        return new RunResult(0, 1, Optional.empty());
    }

    /** The message's bytes; none for an event. */
    static byte[] bytes(Region context) {
        if (!(context instanceof ContextRegion<?> region)) return new byte[0];
        return switch (region.context()) {
            case SkMsg message -> {
                // It shall not wait for more.
                message.setCorkBytes(0);
                yield message.copy();
            }
            case SkBuff buffer -> buffer.copy();
            default -> new byte[0];
        };
    }

    private Addresses addresses() {
        port = port == 65535 ? 1024 : port + 1;
        return new Addresses(address("10.0.0.1", port), address("10.0.0.2", 80));
    }

    private static InetSocketAddress address(String literal, int port) {
        try {
            return new InetSocketAddress(InetAddress.getByName(literal), port);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
