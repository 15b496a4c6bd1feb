package io.jsockmap.cli.bpftool;

import io.jsockmap.bpf.BpfException;
import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.btf.Btf;
import io.jsockmap.bpf.map.MapType;
import io.jsockmap.control.inventory.Inventory;
import io.jsockmap.control.inventory.MapContent;
import io.jsockmap.control.inventory.ProgramCode;
import io.jsockmap.kernel.engine.KernelEngine;
import io.jsockmap.kernel.inspect.KernelObjects;
import io.jsockmap.sockmap.map.AttachType;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** What the running kernel has, whoever made it, to be looked at. */
final class KernelInventory implements Inventory {
    private final KernelEngine engine;

    KernelInventory(KernelEngine engine) {
        this.engine = engine;
    }

    @Override
    public String name() {
        return "the kernel";
    }

    @Override
    public List<ProgramInfo> programs() {
        return KernelObjects.programs().stream()
                .map(
                        program ->
                                new ProgramInfo(
                                        program.id(),
                                        program.typeName(),
                                        program.name(),
                                        program.tag(),
                                        program.gplCompatible(),
                                        program.instructions(),
                                        List.of(),
                                        0))
                .toList();
    }

    @Override
    public List<MapInfo> maps() {
        return KernelObjects.maps().stream().map(KernelInventory::described).toList();
    }

    private static MapInfo described(io.jsockmap.kernel.inspect.MapInfo map) {
        var definition = map.definition();
        return new MapInfo(
                map.id(),
                definition.typeName(),
                definition.name(),
                definition.flags(),
                definition.keySize(),
                definition.valueSize(),
                definition.maxEntries(),
                false,
                0);
    }

    /** Those to maps of sockets. */
    @Override
    public List<LinkInfo> links() {
        return KernelObjects.links().stream()
                .filter(link -> link.map().isPresent())
                .flatMap(
                        link ->
                                attachType(link.attachType()).stream()
                                        .map(
                                                type ->
                                                        new LinkInfo(
                                                                link.id(),
                                                                link.program(),
                                                                type,
                                                                link.map().getAsInt(),
                                                                Optional.empty())))
                .toList();
    }

    private static Optional<AttachType> attachType(OptionalInt number) {
        return Arrays.stream(AttachType.values())
                .filter(type -> number.isPresent() && type.number() == number.getAsInt())
                .findFirst();
    }

    @Override
    public List<TypesInfo> types() {
        return List.of();
    }

    @Override
    public Btf types(int id) {
        throw new BpfException(Errno.ENOENT, "the kernel is not asked for types: bpftool btf");
    }

    @Override
    public ProgramCode code(int program) {
        throw onlyLookedAt("instructions of program " + program, "bpftool prog dump xlated");
    }

    @Override
    public MapContent content(int map) {
        var opened = engine.map(map);
        var type = MapType.of(opened.definition().type());
        return new KernelContent(opened, type.orElse(MapType.ARRAY));
    }

    @Override
    public void attach(int program, AttachType type, int map) {
        throw onlyLookedAt("a program attached to map " + map, "bpftool prog attach");
    }

    @Override
    public void detach(int program, AttachType type, int map) {
        throw onlyLookedAt("a program detached from map " + map, "bpftool prog detach");
    }

    static BpfException onlyLookedAt(String what, String instead) {
        return new BpfException(
                Errno.EOPNOTSUPP,
                "the kernel's objects are only looked at, no %s: use %s".formatted(what, instead));
    }
}
