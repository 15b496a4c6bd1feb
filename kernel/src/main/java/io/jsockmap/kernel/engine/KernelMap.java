package io.jsockmap.kernel.engine;

import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.map.Batch;
import io.jsockmap.bpf.map.BpfMap;
import io.jsockmap.bpf.map.Key;
import io.jsockmap.bpf.map.MapDefinition;
import io.jsockmap.bpf.map.MapException;
import io.jsockmap.bpf.map.MapType;
import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.bpf.memory.Region;
import io.jsockmap.kernel.call.Bpf;
import io.jsockmap.kernel.call.Cpus;
import io.jsockmap.kernel.call.Descriptor;
import io.jsockmap.kernel.call.MapCalls;
import io.jsockmap.kernel.inspect.MapInfo;

import java.util.HexFormat;
import java.util.Optional;

/** A map in the kernel. What it allows, the kernel says; here is nothing looked at twice. */
class KernelMap extends BpfMap {
    private final Descriptor descriptor;
    private volatile boolean frozen;

    KernelMap(MapDefinition definition, Descriptor descriptor) {
        super(definition, MapInfo.of(descriptor).id());
        this.descriptor = descriptor;
    }

    final Descriptor descriptor() {
        return descriptor;
    }

    @Override
    public final int userValueSize() {
        var kind = definition().kind().orElse(MapType.ARRAY);
        if (holdsDescriptors(kind)) return Integer.BYTES;
        return kind.isPerCpu() ? definition().stride() * Cpus.possible() : valueSize();
    }

    private static boolean holdsDescriptors(MapType kind) {
        return kind.holdsMaps() || kind == MapType.PROG_ARRAY || kind == MapType.PERF_EVENT_ARRAY;
    }

    @Override
    public final boolean isFrozen() {
        return frozen;
    }

    @Override
    public final void freeze() {
        check(MapCalls.freeze(descriptor), "to freeze it");
        frozen = true;
    }

    @Override
    protected final void checkReadable() {}

    @Override
    protected final void checkWritable() {}

    @Override
    protected Optional<byte[]> find(byte[] key) {
        return found(MapCalls.lookup(descriptor, key, userValueSize(), false), key);
    }

    @Override
    public final byte[] lookupAndDelete(byte[] key) {
        var given = MapCalls.lookup(descriptor, key, userValueSize(), true);
        return found(given, key).orElseThrow(() -> missing(key));
    }

    private Optional<byte[]> found(MapCalls.Given given, byte[] key) {
        if (given.answer().is(Errno.ENOENT)) return Optional.empty();
        check(given.answer(), "to look up key " + HexFormat.of().formatHex(key));
        return Optional.of(given.bytes());
    }

    @Override
    protected void put(byte[] key, byte[] value, UpdateFlag flag) {
        check(
                MapCalls.update(descriptor, key, value, flag.number()),
                "to update key " + HexFormat.of().formatHex(key));
    }

    @Override
    protected final void remove(byte[] key) {
        check(MapCalls.delete(descriptor, key), "to delete key " + HexFormat.of().formatHex(key));
    }

    @Override
    protected final Optional<byte[]> following(byte[] key) {
        var given = MapCalls.next(descriptor, key, keySize());
        if (given.answer().is(Errno.ENOENT)) return Optional.empty();
        check(given.answer(), "to go on behind a key");
        return Optional.of(given.bytes());
    }

    @Override
    public final Batch batch() {
        return new KernelBatch(this);
    }

    @Override
    public final Region lookupFromProgram(Key key) {
        throw failure(Errno.ENOTSUPP, "it is in the kernel, where no program of ours runs");
    }

    /** What failed, with the map's name. */
    final void check(Bpf.Answer answer, String what) {
        if (answer.isSuccess()) return;
        throw refused(Descriptor.errno(answer), what);
    }

    final MapException refused(Errno errno, String what) {
        return failure(errno, "the kernel refuses %s: %s".formatted(what, errno));
    }
}
