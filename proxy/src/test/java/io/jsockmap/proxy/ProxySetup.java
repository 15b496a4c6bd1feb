package io.jsockmap.proxy;

import io.jsockmap.bpf.object.LoadOptions;
import io.jsockmap.bpf.object.ObjectReader;
import io.jsockmap.proxy.carry.Carriers;
import io.jsockmap.sockmap.UserEngine;
import io.jsockmap.sockmap.UserObject;
import io.jsockmap.sockmap.key.KeyNotation;
import io.jsockmap.sockmap.map.AttachType;
import io.jsockmap.sockmap.setup.Insertion;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * What a proxy under test is made of: the object, where it connects to, what goes into which map.
 */
final class ProxySetup {
    private static final Path ROOT = Path.of(System.getProperty("jsockmap.root", ".."));

    private record Place(String map, String key, String socket) {}

    private final UserEngine engine = Engines.open();
    private final UserObject object;
    private final List<SocketAddress> upstreams = new ArrayList<>();
    private final List<Place> places = new ArrayList<>();
    private SocketAddress listen = Loopback.anyPort();
    private Function<UserEngine, Carriers> carriers = Proxy::carriers;

    private ProxySetup(Path file, LoadOptions options) {
        object = engine.load(ObjectReader.read(file), options);
    }

    /** With one of the examples. */
    static ProxySetup example(String name) {
        return new ProxySetup(
                ROOT.resolve("examples/%s/%1$s.bpf.o".formatted(name)), LoadOptions.DEFAULT);
    }

    /** With one of the programs that the sockmap module has for its tests. */
    static ProxySetup program(String name, LoadOptions options) {
        var folder = ROOT.resolve("sockmap/src/test/resources/programs");
        return new ProxySetup(folder.resolve(name + ".bpf.o"), options);
    }

    /** The splice example, as its README says. */
    static ProxySetup splice(SocketAddress upstream) {
        return example("splice")
                .attach("splice", "peers", AttachType.SK_SKB_STREAM_VERDICT)
                .to(upstream)
                .insert("peers", "client.cookie", "upstream")
                .insert("peers", "upstream.cookie", "client");
    }

    /** The echo example, as its README says. */
    static ProxySetup echo() {
        return example("echo")
                .attach("echo", "sockets", AttachType.SK_SKB_STREAM_VERDICT)
                .insert("sockets", "cookie", "client");
    }

    /** An example that frames what clients send and chooses between two upstreams. */
    static ProxySetup chooser(String name, String verdict) {
        return example(name)
                .attach("parse", "clients", AttachType.SK_SKB_STREAM_PARSER)
                .attach(verdict, "clients", AttachType.SK_SKB_STREAM_VERDICT)
                .insert("clients", "cookie", "client")
                .insert("servers", "{client=client.cookie, choice=0}", "upstream")
                .insert("servers", "{client=client.cookie, choice=1}", "upstream2");
    }

    ProxySetup attach(String program, String map, AttachType type) {
        object.socketMap(map).attach(object.program(program), type);
        return this;
    }

    ProxySetup to(SocketAddress upstream) {
        upstreams.add(upstream);
        return this;
    }

    ProxySetup listen(SocketAddress listen) {
        this.listen = listen;
        return this;
    }

    ProxySetup insert(String map, String key, String socket) {
        places.add(new Place(map, key, socket));
        return this;
    }

    ProxySetup with(Function<UserEngine, Carriers> carriers) {
        this.carriers = carriers;
        return this;
    }

    /** Does to the object what has no method here. */
    ProxySetup prepare(Consumer<UserObject> preparation) {
        preparation.accept(object);
        return this;
    }

    /** Lets a program of the object hear of all connections. */
    ProxySetup sockOps(String program) {
        engine.attach(object.program(program));
        return this;
    }

    RunningProxy start() throws IOException {
        var insertions =
                places.stream()
                        .map(
                                place ->
                                        new Insertion(
                                                object.socketMap(place.map),
                                                object.spec().btf(),
                                                KeyNotation.parse(place.key),
                                                place.socket))
                        .toList();
        return new RunningProxy(engine, object, listen, upstreams, insertions, carriers);
    }
}
