package io.jsockmap.sockmap;

import io.jsockmap.bpf.BpfException;
import io.jsockmap.bpf.compiler.CompilingMachine;
import io.jsockmap.bpf.compiler.Rehearsal;
import io.jsockmap.bpf.core.TargetTypes;
import io.jsockmap.bpf.map.BpfMap;
import io.jsockmap.bpf.map.MapDefinition;
import io.jsockmap.bpf.map.MapKinds;
import io.jsockmap.bpf.map.MapType;
import io.jsockmap.bpf.object.LoadOptions;
import io.jsockmap.bpf.object.ObjectLoader;
import io.jsockmap.bpf.object.ObjectReader;
import io.jsockmap.bpf.object.ObjectSpec;
import io.jsockmap.bpf.object.PinnedMaps;
import io.jsockmap.bpf.program.Environment;
import io.jsockmap.bpf.program.Machine;
import io.jsockmap.bpf.program.Program;
import io.jsockmap.sockmap.map.UserSockHash;
import io.jsockmap.sockmap.map.UserSockMap;
import io.jsockmap.sockmap.program.ContextTypes;
import io.jsockmap.sockmap.program.SampleContexts;
import io.jsockmap.sockmap.program.SocketPrograms;
import io.jsockmap.sockmap.socket.Addresses;
import io.jsockmap.sockmap.socket.Delivery;
import io.jsockmap.sockmap.socket.Limits;
import io.jsockmap.sockmap.socket.Sock;
import io.jsockmap.sockmap.socket.SockListener;
import io.jsockmap.sockmap.socket.SockTable;
import io.jsockmap.sockmap.socket.Transport;

import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Sockmap in user space: loads objects, and runs their programs on the sockets that are opened in
 * it. It does no input or output and has no threads: transports bring both.
 *
 * <p>Maps that are pinned by name are shared by the objects of one engine. All methods may be
 * called from any thread.
 *
 * {@snippet class="io.jsockmap.sockmap.examples.EngineExamples" region="scope"}
 */
public final class UserEngine implements SockmapEngine {
    private static final MapKinds KINDS =
            MapKinds.plain()
                    .with(MapType.SOCKMAP, UserSockMap::new)
                    .with(MapType.SOCKHASH, UserSockHash::new);

    private final ObjectLoader loader;
    private final Machine machine;
    private final SockTable sockets;
    private final Scope root;

    private UserEngine(Settings settings) {
        machine = settings.machine();
        loader =
                new ObjectLoader(
                        KINDS,
                        program -> SocketPrograms.ofSection(program.section()),
                        new PinnedMaps(),
                        TargetTypes.ofEngine(ContextTypes.ALL));
        var events = new ConnectionEvents(machine, settings.environment(), settings.listener());
        sockets =
                new SockTable(
                        machine, settings.environment(), settings.limits(), settings.delivery());
        root = Scope.root(sockets, events);
    }

    /** The kinds of maps that objects may have. */
    public static MapKinds mapKinds() {
        return KINDS;
    }

    /** An engine with ordinary settings. */
    public static UserEngine open() {
        return open(Settings.DEFAULT);
    }

    /** An engine with settings of one's own. */
    public static UserEngine open(Settings settings) {
        return new UserEngine(settings);
    }

    /**
     * What an engine may be told. Immutable: each method gives a copy.
     *
     * @param machine what runs programs
     * @param environment what programs learn of the world
     * @param limits how much memory each socket may take
     * @param delivery how much of a message programs see at once
     * @param listener hears what happens to sockets
     */
    public record Settings(
            Machine machine,
            Environment environment,
            Limits limits,
            Delivery delivery,
            SockListener listener) {
        /**
         * Programs compiled, the machine's clock, usual limits, all bytes seen, nobody listening.
         */
        public static final Settings DEFAULT =
                new Settings(
                        new CompilingMachine(new Rehearsal(KINDS, new SampleContexts())),
                        Environment.system(),
                        Limits.DEFAULT,
                        Delivery.WHOLE,
                        SockListener.NONE);

        public Settings with(Machine machine) {
            return new Settings(machine, environment, limits, delivery, listener);
        }

        public Settings with(Limits limits) {
            return new Settings(machine, environment, limits, delivery, listener);
        }

        public Settings with(Environment environment) {
            return new Settings(machine, environment, limits, delivery, listener);
        }

        public Settings with(Delivery delivery) {
            return new Settings(machine, environment, limits, delivery, listener);
        }

        public Settings with(SockListener listener) {
            return new Settings(machine, environment, limits, delivery, listener);
        }
    }

    @Override
    public String name() {
        return "user";
    }

    @Override
    public Set<Capability> capabilities() {
        return EnumSet.of(
                Capability.VERDICTS,
                Capability.WATCHED_RUNS,
                Capability.FAULTS,
                Capability.BACK_PRESSURE);
    }

    @Override
    public UserObject load(Path file) {
        return load(ObjectReader.read(file), LoadOptions.DEFAULT);
    }

    @Override
    public UserObject load(ObjectSpec spec, LoadOptions options) {
        var object = new UserObject(loader.load(spec, options));
        for (var program : object.programs().values()) {
            // Programs run before it is done, only slower.
            var _ = machine.prepare(program);
        }
        return object;
    }

    @Override
    public BpfMap create(MapDefinition definition) {
        return KINDS.create(definition);
    }

    /** The scope around all others; what has no scope of its own is in it. */
    public Scope root() {
        return root;
    }

    /** The scope of that name within the root; made when it is first asked for. */
    public Scope scope(String name) {
        return root.scope(name);
    }

    /**
     * Lets a sock_ops program hear of all connections from now on, as {@link Scope#attach} of the
     * root.
     *
     * @return takes the program away again when closed
     * @throws BpfException EINVAL for a program of another type
     */
    @Override
    public Attachment attach(Program sockOps) {
        return root.attach(sockOps);
    }

    /** As {@link Scope#connecting} in the root. */
    public Sock connecting(Addresses addresses, Transport transport) {
        return root.connecting(addresses, transport);
    }

    /** As {@link Scope#connected} in the root. */
    public Sock connected(Addresses addresses, Transport transport) {
        return root.connected(addresses, transport);
    }

    /** As {@link Scope#accepted} in the root. */
    public Sock accepted(Addresses addresses, Transport transport) {
        return root.accepted(addresses, transport);
    }

    /** As {@link Scope#listening} in the root. */
    public Sock listening(Addresses addresses) {
        return root.listening(addresses);
    }

    /** As {@link Scope#opened} in the root. */
    public Sock opened(Addresses addresses, Transport transport) {
        return root.opened(addresses, transport);
    }

    /** Says that a socket's connection is closed: nothing more will come or go. */
    public void closed(Sock socket) {
        socket.detached();
        sockets.forget(socket);
    }

    /** The sockets there are now. */
    public List<Sock> sockets() {
        return sockets.all();
    }

    /** Resets all connections. */
    @Override
    public void close() {
        sockets().forEach(Sock::abort);
    }
}
