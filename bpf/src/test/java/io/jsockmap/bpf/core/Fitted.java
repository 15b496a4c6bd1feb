package io.jsockmap.bpf.core;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import io.jsockmap.bpf.Engines;
import io.jsockmap.bpf.Fixtures;
import io.jsockmap.bpf.btf.Btf;
import io.jsockmap.bpf.map.IndexKey;
import io.jsockmap.bpf.map.MapKinds;
import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.bpf.memory.ByteRegion;
import io.jsockmap.bpf.object.LoadOptions;
import io.jsockmap.bpf.object.LoadedObject;
import io.jsockmap.bpf.object.ObjectLoader;
import io.jsockmap.bpf.object.PinnedMaps;
import io.jsockmap.bpf.program.Environment;

import java.nio.ByteBuffer;
import java.util.Optional;

/** The programs of core-fields, fitted to some types, on bytes that a test chooses. */
record Fitted(LoadedObject object, ByteBuffer bytes) {
    private static final int ELEMENT = 256;

    /** What the programs were made to meet. */
    static Btf target() {
        return TypesFile.read(Fixtures.path("core-target"));
    }

    static Fitted toTarget() {
        return of(LoadOptions.DEFAULT.withTargetTypes(target()));
    }

    static Fitted of(LoadOptions options) {
        var object = loader().load(Fixtures.object("core-fields"), options.unverified());
        return new Fitted(object, ByteBuffer.allocate(ELEMENT).order(LITTLE_ENDIAN));
    }

    static ObjectLoader loader() {
        return new ObjectLoader(
                MapKinds.plain(), _ -> Optional.of(Fixtures.PLAIN), new PinnedMaps());
    }

    Fitted put32(int at, int value) {
        bytes.putInt(at, value);
        return this;
    }

    Fitted put64(int at, long value) {
        bytes.putLong(at, value);
        return this;
    }

    /** Sets some bits, from one on, of the bytes seen as one little-endian number. */
    Fitted putBits(int from, int count, long value) {
        for (int i = 0; i < count; i++) {
            int at = (from + i) / Byte.SIZE;
            int mask = 1 << (from + i) % Byte.SIZE;
            boolean set = (value >> i & 1) == 1;
            bytes.put(at, (byte) (set ? bytes.get(at) | mask : bytes.get(at) & ~mask));
        }
        return this;
    }

    /** What a program returns on those bytes; an int of C. */
    int run(String program) {
        var value = new byte[ELEMENT];
        bytes.get(0, value);
        object.map("bytes").update(IndexKey.of(0), value, UpdateFlag.ANY);
        var context = ByteRegion.allocate("context", 0);
        return (int)
                Engines.tested()
                        .run(object.program(program), Environment.system(), context)
                        .value();
    }

    /** The bytes as programs left them. */
    ByteBuffer after() {
        return ByteBuffer.wrap(object.map("bytes").lookup(IndexKey.of(0)).orElseThrow())
                .order(LITTLE_ENDIAN);
    }
}
