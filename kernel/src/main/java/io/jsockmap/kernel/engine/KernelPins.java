package io.jsockmap.kernel.engine;

import io.jsockmap.bpf.BpfException;
import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.map.BpfMap;
import io.jsockmap.bpf.map.MapDefinition;
import io.jsockmap.bpf.object.PinnedMaps;
import io.jsockmap.kernel.call.Attributes;
import io.jsockmap.kernel.call.Bpf;
import io.jsockmap.kernel.call.Bpf.Command;
import io.jsockmap.kernel.call.Descriptor;
import io.jsockmap.kernel.inspect.MapInfo;

import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.function.Function;

/** Maps that live on by a name in a BPF file system (bpffs), where other processes find them. */
final class KernelPins extends PinnedMaps {
    private static final int SIZE = 16;

    private final Path folder;
    private final Loaded loaded;
    private final KernelKinds kinds;

    KernelPins(Path folder, Loaded loaded, KernelKinds kinds) {
        this.folder = folder;
        this.loaded = loaded;
        this.kinds = kinds;
    }

    @Override
    protected BpfMap shared(MapDefinition definition, Function<MapDefinition, BpfMap> create) {
        var path = folder.resolve(definition.name());
        var found = get(path);
        if (found.is(Errno.ENOENT)) {
            var made = create.apply(definition);
            pin(((KernelMap) made).descriptor(), path);
            return made;
        }
        var descriptor = loaded.keep(Descriptor.of(found, "what is pinned at " + path));
        var there = MapInfo.of(descriptor).definition();
        if (there.isCompatibleWith(definition)) return kinds.of(definition, descriptor);
        throw definition.refused(
                Errno.EINVAL,
                "a map is pinned at %s already and differs: %s".formatted(path, there.summary()));
    }

    /** BPF_OBJ_GET. */
    static Bpf.Answer get(Path path) {
        try (var arena = Arena.ofConfined()) {
            return Bpf.call(Command.OBJ_GET, new Attributes(arena, SIZE).text(0, path.toString()));
        }
    }

    /**
     * BPF_OBJ_PIN.
     *
     * @throws BpfException EEXIST if something is there, EPERM where no bpffs is
     */
    static void pin(Descriptor object, Path path) {
        try (var arena = Arena.ofConfined()) {
            var attributes =
                    new Attributes(arena, SIZE).text(0, path.toString()).u32(8, object.number());
            Descriptor.check(
                    Bpf.call(Command.OBJ_PIN, attributes),
                    "to pin at %s; mount a bpffs there: mount -t bpf bpf /sys/fs/bpf"
                            .formatted(path));
        }
    }
}
