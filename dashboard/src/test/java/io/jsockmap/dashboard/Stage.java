package io.jsockmap.dashboard;

import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.dashboard.collect.Collector;
import io.jsockmap.dashboard.collect.Snapshots;
import io.jsockmap.dashboard.collect.Subject;
import io.jsockmap.proxy.ConnectionReport;
import io.jsockmap.sockmap.UserEngine;
import io.jsockmap.sockmap.UserObject;
import io.jsockmap.sockmap.key.KeyNotation;
import io.jsockmap.sockmap.key.NamedSockets;
import io.jsockmap.sockmap.map.AttachType;
import io.jsockmap.sockmap.socket.Account;
import io.jsockmap.sockmap.socket.Addresses;
import io.jsockmap.sockmap.socket.Chunk;
import io.jsockmap.sockmap.socket.Egress;
import io.jsockmap.sockmap.socket.Ingress;
import io.jsockmap.sockmap.socket.Sock;
import io.jsockmap.sockmap.socket.SockListener;
import io.jsockmap.sockmap.socket.SocketKind;
import io.jsockmap.sockmap.socket.Transport;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;

/**
 * The example of a policy for HTTP, with sockets that no network carries, and a clock that stands
 * still: what a client asks for is judged when it is asked.
 */
public final class Stage implements Subject, AutoCloseable {
    private static final Path ROOT = Path.of(System.getProperty("jsockmap.root", ".."));

    /** The moment at which all happens. */
    public static final Instant NOON = Instant.parse("2026-01-02T12:00:00Z");

    private final AtomicLong nanos = new AtomicLong();
    private final Collector collector;
    private final UserEngine engine;
    private final UserObject object;
    private final List<Map<String, Sock>> connections = new ArrayList<>();
    private boolean serving = true;

    /** The sockets are heard by the collector only. */
    public Stage() {
        this(listener -> listener);
    }

    /**
     * @param around puts another listener before the collector
     */
    public Stage(UnaryOperator<SockListener> around) {
        collector = new Collector(SockListener.NONE, InstantSource.fixed(NOON), nanos::get);
        engine = Engines.open(around.apply(collector));
        object = engine.load(ROOT.resolve("examples/http-policy/http-policy.bpf.o"));
        var clients = object.sockHash("clients");
        clients.attach(object.program("parse"), AttachType.SK_SKB_STREAM_PARSER);
        clients.attach(object.program("judge"), AttachType.SK_SKB_STREAM_VERDICT);
    }

    public Collector collector() {
        return collector;
    }

    /** The state at the clock's moments. */
    public Snapshots snapshots() {
        return new Snapshots(collector, this, InstantSource.fixed(NOON), nanos::get);
    }

    /** Lets the clock go on. */
    public void pass(double seconds) {
        nanos.addAndGet((long) (seconds * 1e9));
    }

    /** Lets a second pass, at the end of which the collector looks. */
    public void tick() {
        pass(1);
        collector.tick();
    }

    /** A client with an upstream that is asked first, and another for what is redirected. */
    public Sock connect() {
        int slot = connections.size();
        Map<String, Sock> sockets = new LinkedHashMap<>();
        sockets.put("client", open(80, 50_000 + slot));
        sockets.put("upstream", open(40_000 + slot, 8080));
        sockets.put("upstream2", open(41_000 + slot, 8081));
        connections.add(sockets);
        var connection = new NamedSockets(slot, sockets, "client");
        insert("servers", "{client=client.cookie, choice=0}", "upstream", connection);
        insert("servers", "{client=client.cookie, choice=1}", "upstream2", connection);
        insert("clients", "cookie", "client", connection);
        return sockets.get("client");
    }

    /** From now on no connection is accepted. */
    public void stopServing() {
        serving = false;
    }

    /** A socket of datagrams without a peer. */
    public Sock unconnected() {
        return engine.opened(new Addresses(SocketKind.UDP, address(1, 53), null), Transport.NONE);
    }

    private Sock open(int local, int remote) {
        var ends = new Addresses(address(1, local), address(2, remote));
        return engine.accepted(ends, Transport.NONE);
    }

    private static InetSocketAddress address(int host, int port) {
        try {
            var bytes = new byte[] {10, 0, 0, (byte) host};
            return new InetSocketAddress(InetAddress.getByAddress(bytes), port);
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }

    private void insert(String map, String key, String socket, NamedSockets connection) {
        var target = object.socketMap(map);
        var btf = object.spec().btf();
        target.update(
                KeyNotation.parse(key).key(target, btf, connection),
                connection.socket(socket),
                UpdateFlag.ANY);
    }

    /** A socket of the last connection. */
    public Sock socket(String name) {
        return connections.getLast().get(name);
    }

    /** A request comes, and is judged: DELETE is dropped, /admin redirected, others pass. */
    public void ask(Sock client, String method, String path) {
        var request = "%s %s HTTP/1.1\r\nHost: stage\r\n\r\n".formatted(method, path);
        client.received(Chunk.of(request.getBytes(StandardCharsets.US_ASCII)));
    }

    /** The peer of a socket takes all that waits for it. */
    public void drain(Sock socket) {
        while (socket.takeEgress() instanceof Egress.Bytes(var chunk)) {
            socket.written(chunk.length());
        }
    }

    /** Everybody takes all that waits for him, applications too. */
    public void drain() {
        for (var connection : connections) {
            for (var socket : connection.values()) {
                drain(socket);
                while (socket.read(Integer.MAX_VALUE) instanceof Ingress.Bytes(var chunk)
                        && chunk.length() > 0) {
                    chunk.drop();
                }
            }
        }
    }

    @Override
    public UserObject object() {
        return object;
    }

    @Override
    public List<ConnectionReport> connections() {
        List<ConnectionReport> all = new ArrayList<>();
        for (int slot = 0; slot < connections.size(); slot++) {
            Map<String, Account> accounts = new LinkedHashMap<>();
            connections.get(slot).forEach((name, socket) -> accounts.put(name, socket.account()));
            all.add(new ConnectionReport(slot, "", accounts));
        }
        return all;
    }

    @Override
    public int sockets() {
        return engine.sockets().size();
    }

    @Override
    public boolean isServing() {
        return serving;
    }

    @Override
    public String listening() {
        return "listening on a stage";
    }

    @Override
    public void close() {
        engine.close();
    }
}
