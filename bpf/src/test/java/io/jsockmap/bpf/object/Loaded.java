package io.jsockmap.bpf.object;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import io.jsockmap.bpf.Engines;
import io.jsockmap.bpf.Fixtures;
import io.jsockmap.bpf.map.BpfMap;
import io.jsockmap.bpf.map.IndexKey;
import io.jsockmap.bpf.map.MapKinds;
import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.bpf.memory.ByteRegion;
import io.jsockmap.bpf.program.Environment;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** A committed object whose programs are of the plain type, loaded. */
record Loaded(LoadedObject object) {

    static Loaded of(String name) {
        return of(name, LoadOptions.DEFAULT);
    }

    static Loaded of(String name, LoadOptions options) {
        return new Loaded(loader().load(Fixtures.object(name), options));
    }

    /** Of all programs only these are taken for ours. */
    static Loaded of(String name, List<String> programs) {
        var loader =
                new ObjectLoader(
                        MapKinds.plain(),
                        p ->
                                programs.contains(p.name())
                                        ? Optional.of(Fixtures.PLAIN)
                                        : Optional.empty(),
                        new PinnedMaps());
        return new Loaded(loader.load(Fixtures.object(name), LoadOptions.DEFAULT));
    }

    static ObjectLoader loader() {
        return new ObjectLoader(
                MapKinds.plain(), _ -> Optional.of(Fixtures.PLAIN), new PinnedMaps());
    }

    /** What a program returns, on no context; an int of C. */
    int run(String program) {
        var context = ByteRegion.allocate("context", 0);
        return (int)
                Engines.tested()
                        .run(object.program(program), Environment.system(), context)
                        .value();
    }

    BpfMap map(String name) {
        return object.map(name);
    }

    long variable(String name) {
        return object.variable(name).value();
    }

    /** The element of an array or of a hash by number. */
    ByteBuffer value(String map, int key) {
        return ByteBuffer.wrap(map(map).lookup(IndexKey.of(key)).orElseThrow())
                .order(LITTLE_ENDIAN);
    }

    /** Some bytes of an element. */
    byte[] bytes(String map, int key, int from, int to) {
        return Arrays.copyOfRange(map(map).lookup(IndexKey.of(key)).orElseThrow(), from, to);
    }

    void set(String map, int key, ByteBuffer value) {
        var bytes = new byte[value.capacity()];
        value.get(0, bytes);
        map(map).update(IndexKey.of(key), bytes, UpdateFlag.ANY);
    }

    void setInt(String map, int key, int value) {
        set(map, key, ByteBuffer.allocate(4).order(LITTLE_ENDIAN).putInt(value));
    }
}
