package io.jsockmap.testkit.stage;

import io.jsockmap.bpf.BpfException;
import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.interpreter.Interpreter;
import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.bpf.object.LoadOptions;
import io.jsockmap.bpf.object.ObjectSpec;
import io.jsockmap.bpf.program.Environment;
import io.jsockmap.bpf.program.RunWatcher;
import io.jsockmap.bpf.program.Task;
import io.jsockmap.sockmap.UserEngine;
import io.jsockmap.sockmap.UserObject;
import io.jsockmap.sockmap.key.KeyNotation;
import io.jsockmap.sockmap.key.NamedSockets;
import io.jsockmap.sockmap.network.Connection;
import io.jsockmap.sockmap.network.InMemoryNetwork;
import io.jsockmap.sockmap.setup.Element;
import io.jsockmap.sockmap.setup.ObjectSetup;
import io.jsockmap.sockmap.socket.Addresses;
import io.jsockmap.sockmap.socket.Delivery;
import io.jsockmap.sockmap.socket.Limits;
import io.jsockmap.sockmap.socket.Sock;
import io.jsockmap.sockmap.socket.SockListener;
import io.jsockmap.sockmap.socket.SocketKind;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * An object on a network in memory, with sockets that have names. Time stands still, chance has a
 * seed, and nothing moves by itself: the same calls have the same outcome, on any machine. For one
 * thread.
 *
 * {@snippet class="io.jsockmap.testkit.examples.StageExamples" region="stage"}
 */
public final class Stage implements AutoCloseable {
    private static final Task TASK = new Task(1, 1, 0, 0, "jsockmap", Task.PidNamespace.NONE);

    private final VirtualTime time = new VirtualTime();
    private final List<String> printed = new ArrayList<>();
    private final Map<String, Connection> sockets = new LinkedHashMap<>();
    private final Environment environment;
    private final InMemoryNetwork network;
    private final UserObject object;

    private Stage(Setting setting, Function<UserEngine, UserObject> load) {
        var chance = new Random(setting.seed());
        environment =
                new Environment(time::nanoTime, chance::nextInt, printed::add)
                        .withWallTime(time::wallTime)
                        .onBehalfOf(() -> TASK)
                        .withAlarms(time);
        network =
                new InMemoryNetwork(
                        UserEngine.Settings.DEFAULT
                                .with(new Interpreter().watchedBy(setting.watcher()))
                                .with(environment)
                                .with(setting.limits())
                                .with(setting.delivery())
                                .with(setting.listener()));
        object = load.apply(network.engine());
    }

    /**
     * What a stage is like.
     *
     * @param delivery how much of a message programs see at once
     * @param limits how many bytes each socket holds
     * @param watcher sees the runs from inside
     * @param listener hears what happens to sockets
     * @param seed of {@code bpf_get_prandom_u32}
     */
    public record Setting(
            Delivery delivery,
            Limits limits,
            RunWatcher watcher,
            SockListener listener,
            long seed) {
        /** As little of a message to be seen at once as is legal, nobody looking on. */
        public static final Setting HOSTILE =
                new Setting(
                        Delivery.HOSTILE, Limits.DEFAULT, RunWatcher.NONE, SockListener.NONE, 1);

        public Setting with(Delivery delivery) {
            return new Setting(delivery, limits, watcher, listener, seed);
        }

        public Setting with(RunWatcher watcher) {
            return new Setting(delivery, limits, watcher, listener, seed);
        }

        public Setting with(SockListener listener) {
            return new Setting(delivery, limits, watcher, listener, seed);
        }

        public Setting with(Limits limits) {
            return new Setting(delivery, limits, watcher, listener, seed);
        }
    }

    /**
     * Loads an object: its programs are verified and attached, its elements set.
     *
     * @throws BpfException if it is refused
     */
    public static Stage load(ObjectSpec spec, ObjectSetup setup, Setting setting) {
        return new Stage(setting, engine -> setup.load(engine, spec));
    }

    /** Loads an object once more, of which it is known that its programs are sound. */
    public static Stage reload(ObjectSpec spec, ObjectSetup setup, Setting setting) {
        return new Stage(setting, engine -> setup.reload(engine, spec));
    }

    /** Loads an object whose programs are attached to nothing, sound or not. */
    public static Stage loadOnly(ObjectSpec spec, LoadOptions options, Setting setting) {
        return new Stage(setting, engine -> engine.load(spec, options));
    }

    /** Where the bytes flow. */
    public InMemoryNetwork network() {
        return network;
    }

    /** What was loaded. */
    public UserObject object() {
        return object;
    }

    /** What programs take for time. */
    public VirtualTime time() {
        return time;
    }

    /** What programs learn of the world here. */
    public Environment environment() {
        return environment;
    }

    /** What programs printed so far, a line each. */
    public List<String> printed() {
        return List.copyOf(printed);
    }

    // --- Sockets ---------------------------------------------------------------------------------

    /**
     * Opens a socket; sock_ops programs hear of it.
     *
     * @throws BpfException EEXIST if there is one of that name
     */
    public Connection open(String name, SocketChoice choice) {
        if (sockets.containsKey(name)) {
            throw new BpfException(Errno.EEXIST, "there is a socket %s already".formatted(name));
        }
        var opened = open(choice);
        sockets.put(name, opened);
        return opened;
    }

    private Connection open(SocketChoice choice) {
        boolean isTcp = choice.kind() == SocketKind.TCP;
        if (choice.local().isPresent() && choice.remote().isPresent()) {
            var addresses =
                    new Addresses(choice.kind(), choice.local().get(), choice.remote().get());
            if (!isTcp) return network.opened(addresses);
            return choice.accepted() ? network.accepted(addresses) : network.connected(addresses);
        }
        if (!choice.connected()) return network.unconnected(choice.kind());
        if (isTcp && choice.accepted()) return network.accepted();
        return network.connected(choice.kind());
    }

    /**
     * The socket of that name.
     *
     * @throws BpfException ENOENT naming those there are
     */
    public Connection socket(String name) {
        var found = sockets.get(name);
        if (found != null) return found;
        throw new BpfException(
                Errno.ENOENT,
                "there is no socket %s (there are: %s)"
                        .formatted(
                                name,
                                sockets.isEmpty() ? "none" : String.join(", ", sockets.keySet())));
    }

    /** The sockets there are, by name, in the order they were opened. */
    public Map<String, Connection> sockets() {
        return new LinkedHashMap<>(sockets);
    }

    /** What a socket is called here; its cookie where it has no name. */
    public String nameOf(Sock socket) {
        return sockets.entrySet().stream()
                .filter(entry -> entry.getValue().socket().equals(socket))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElseGet(() -> "socket " + socket.cookie());
    }

    // --- Maps ------------------------------------------------------------------------------------

    /**
     * Puts a socket into a map: {@code MAP[KEY]=SOCKET}.
     *
     * @throws BpfException with the errno of the update
     */
    public void insert(Element element) {
        var map = object.socketMap(element.map());
        map.update(key(element, element.value()), socket(element.value()).socket(), UpdateFlag.ANY);
    }

    /**
     * Sets an element of another map: {@code MAP[KEY]=VALUE}; the attributes of sockets may be in
     * its key and value.
     */
    public void set(Element element) {
        element.set(object, naming(""));
    }

    /** Takes an element out of a map; its value says nothing. */
    public void delete(Element element) {
        object.map(element.map()).delete(key(element, ""));
    }

    private byte[] key(Element element, String inserted) {
        return KeyNotation.parse(element.key())
                .key(object.map(element.map()), object.spec().btf(), naming(inserted));
    }

    /** What names in keys stand for. */
    public NamedSockets naming(String inserted) {
        return new NamedSockets(
                0,
                sockets.entrySet().stream()
                        .collect(
                                Collectors.toMap(
                                        Map.Entry::getKey, entry -> entry.getValue().socket())),
                inserted);
    }

    @Override
    public void close() {
        network.close();
    }
}
