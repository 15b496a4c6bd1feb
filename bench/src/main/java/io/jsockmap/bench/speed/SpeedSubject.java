package io.jsockmap.bench.speed;

import io.jsockmap.bpf.map.BpfMap;
import io.jsockmap.bpf.map.MapKinds;
import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.bpf.object.LoadOptions;
import io.jsockmap.bpf.object.ObjectLoader;
import io.jsockmap.bpf.object.ObjectReader;
import io.jsockmap.bpf.object.PinnedMaps;
import io.jsockmap.bpf.program.Program;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;

/**
 * A program, a packet, and what the program says to it.
 *
 * @param object the name of its object, without an ending
 * @param function the program's name
 * @param packet what it is run on
 * @param expected what it returns
 * @param elements what its maps hold
 */
record SpeedSubject(
        String object, String function, byte[] packet, int expected, List<Element> elements) {

    /** What any run takes. */
    static final SpeedSubject EMPTY = of("empty", "empty", Packets.SEGMENT, 0);

    private static final long COOKIE = 1;

    private static final byte[] ANY = Packets.u64(7);

    /** All of them, the empty program first. */
    static final List<SpeedSubject> ALL =
            List.of(
                    EMPTY,
                    of("http", "http", Packets.REQUEST, 1),
                    of(
                            "tuple",
                            "tuple",
                            Packets.SEGMENT,
                            12,
                            new Element("connections", Packets.TUPLE, Packets.u64(0))),
                    of("bytesum", "bytesum", Packets.BYTES, 1024 / 256 * (255 * 256 / 2)),
                    // FNV-1a of shop.example.org, without its last bit.
                    of("sni", "sni", Packets.CLIENT_HELLO, 1_165_044_344),
                    of(
                            "sk-echo",
                            "echo",
                            Packets.REQUEST,
                            1,
                            new Element("sockets", Packets.u64(COOKIE), ANY)),
                    of(
                            "sk-port-policy",
                            "port_policy",
                            Packets.SEGMENT,
                            1,
                            new Element(
                                    "allowed_ports",
                                    Packets.u32(Integer.reverseBytes(Packets.SEGMENT.length)),
                                    Packets.u32(1))),
                    of("sk-http-policy", "parse", Packets.REQUEST, Packets.REQUEST.length),
                    of("sk-http-policy", "judge", Packets.REQUEST, 1),
                    of("sk-sni-router", "parse", Packets.CLIENT_HELLO, Packets.CLIENT_HELLO.length),
                    of(
                            "sk-sni-router",
                            "choose",
                            Packets.CLIENT_HELLO,
                            1,
                            new Element(
                                    "names",
                                    Packets.padded("shop.example.org", 64),
                                    Packets.u32(3)),
                            new Element("servers", Packets.route(COOKIE, 3), ANY)));

    /** An element of a map. */
    record Element(String map, byte[] key, byte[] value) {}

    private static SpeedSubject of(
            String object, String function, byte[] packet, int expected, Element... elements) {
        return new SpeedSubject(object, function, packet, expected, List.of(elements));
    }

    /** The subject of that name. */
    static SpeedSubject named(String name) {
        return ALL.stream().filter(s -> s.name().equals(name)).findFirst().orElseThrow();
    }

    /** Has no spaces. */
    String name() {
        return object.equals(function) ? object : object + "/" + function;
    }

    /** The object file. */
    byte[] file() {
        return resource(object);
    }

    /** The object file for uBPF. */
    byte[] fileForUbpf() {
        return resource("ubpf/" + object);
    }

    private static byte[] resource(String name) {
        try (var in = SpeedSubject.class.getResourceAsStream("/programs/" + name + ".bpf.o")) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Reads, loads and verifies the object, and fills the maps. */
    Program load(byte[] file) {
        return load(file, LoadOptions.DEFAULT);
    }

    /** The same for uBPF, whose context our verifier does not know. */
    Program loadForUbpf() {
        return load(fileForUbpf(), LoadOptions.DEFAULT.unverified());
    }

    private Program load(byte[] file, LoadOptions options) {
        var loader =
                new ObjectLoader(
                        MapKinds.plain(), _ -> Optional.of(TrafficControl.TYPE), new PinnedMaps());
        var object = loader.load(ObjectReader.read(object(), file), options);
        for (var element : elements) {
            object.map(element.map).update(element.key, element.value, UpdateFlag.ANY);
        }
        return object.program(function);
    }

    /** What is in a map. */
    List<Element> elementsOf(BpfMap map) {
        return elements.stream().filter(element -> element.map.equals(map.name())).toList();
    }

    /**
     * Looks at what a run returned.
     *
     * @throws IllegalStateException if it is something else than it should be
     */
    void check(String engine, long result) {
        if ((int) result == expected) return;
        throw new IllegalStateException(
                "%s returns %d by %s, expected %d"
                        .formatted(name(), (int) result, engine, expected));
    }

    @Override
    public String toString() {
        return name();
    }
}
