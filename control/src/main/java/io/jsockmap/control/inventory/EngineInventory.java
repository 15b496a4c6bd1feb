package io.jsockmap.control.inventory;

import io.jsockmap.bpf.BpfException;
import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.btf.Btf;
import io.jsockmap.bpf.map.BpfMap;
import io.jsockmap.bpf.program.Program;
import io.jsockmap.sockmap.UserEngine;
import io.jsockmap.sockmap.UserObject;
import io.jsockmap.sockmap.map.AttachType;
import io.jsockmap.sockmap.map.UserSocketMap;
import io.jsockmap.sockmap.socket.Sock;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * What an engine in this process has.
 *
 * {@snippet class="io.jsockmap.control.examples.InventoryExamples" region="engine"}
 */
public final class EngineInventory implements Inventory {
    private final UserEngine engine;
    private final List<UserObject> objects;
    private final List<Owned<Program>> programs = new ArrayList<>();
    private final List<Owned<BpfMap>> maps = new ArrayList<>();
    private final List<UserObject> typed = new ArrayList<>();
    private final LinkNumbers numbers = new LinkNumbers();

    /** A thing, and the object that brought it first. */
    private record Owned<T>(T thing, UserObject object) {}

    /**
     * @param engine whose sockets and scopes count
     * @param objects what was loaded in it, in this order
     */
    public EngineInventory(UserEngine engine, List<UserObject> objects) {
        this.engine = engine;
        this.objects = List.copyOf(objects);
        for (var object : objects) {
            object.programs().values().forEach(p -> programs.add(new Owned<>(p, object)));
            // A map that is shared by name is one map.
            object.maps().values().stream()
                    .filter(map -> idOf(map) == 0)
                    .forEach(map -> maps.add(new Owned<>(map, object)));
            if (object.spec().btf().isPresent()) typed.add(object);
        }
    }

    @Override
    public String name() {
        return String.join(", ", objects.stream().map(o -> o.spec().name()).toList());
    }

    // --- Lists -----------------------------------------------------------------------------------

    @Override
    public List<ProgramInfo> programs() {
        return IntStream.range(0, programs.size()).mapToObj(this::programInfo).toList();
    }

    private ProgramInfo programInfo(int index) {
        var program = programs.get(index).thing;
        return new ProgramInfo(
                index + 1,
                program.type().name(),
                program.name(),
                ProgramCode.tagOf(program.code()),
                program.debug().isGplCompatible(),
                program.code().encode().length,
                program.maps().stream().map(this::idOf).filter(id -> id != 0).distinct().toList(),
                typesId(programs.get(index).object));
    }

    @Override
    public List<MapInfo> maps() {
        return IntStream.range(0, maps.size()).mapToObj(this::mapInfo).toList();
    }

    private MapInfo mapInfo(int index) {
        var map = maps.get(index).thing;
        var definition = map.definition();
        return new MapInfo(
                index + 1,
                definition.typeName(),
                map.name(),
                definition.flags(),
                map.keySize(),
                map.valueSize(),
                map.maxEntries(),
                map.isFrozen(),
                typesId(maps.get(index).object));
    }

    @Override
    public List<LinkInfo> links() {
        List<LinkInfo> links = new ArrayList<>();
        for (int index = 0; index < maps.size(); index++) {
            if (!(maps.get(index).thing instanceof UserSocketMap map)) continue;
            int mapId = index + 1;
            var attached = map.programs();
            link(links, attached.msg(), AttachType.SK_MSG_VERDICT, mapId);
            link(links, attached.parser(), AttachType.SK_SKB_STREAM_PARSER, mapId);
            link(links, attached.streamVerdict(), AttachType.SK_SKB_STREAM_VERDICT, mapId);
            link(links, attached.skbVerdict(), AttachType.SK_SKB_VERDICT, mapId);
        }
        new ScopeWalk(engine.root())
                .forEach(
                        (scope, program) ->
                                links.add(
                                        numbers.of(
                                                idOf(program),
                                                AttachType.SOCK_OPS,
                                                0,
                                                Optional.of(scope))));
        numbers.keepOnly(links);
        return links;
    }

    private void link(List<LinkInfo> links, Program program, AttachType type, int mapId) {
        if (program == null) return;
        links.add(numbers.of(idOf(program), type, mapId, Optional.empty()));
    }

    // --- Types -----------------------------------------------------------------------------------

    @Override
    public List<TypesInfo> types() {
        return IntStream.range(0, typed.size()).mapToObj(this::typesInfo).toList();
    }

    private TypesInfo typesInfo(int index) {
        int id = index + 1;
        var object = typed.get(index);
        return new TypesInfo(
                id,
                object.spec().name(),
                types(id).section().length,
                programs().stream().filter(p -> p.typesId() == id).map(ProgramInfo::id).toList(),
                maps().stream().filter(m -> m.typesId() == id).map(MapInfo::id).toList());
    }

    @Override
    public Btf types(int id) {
        return numbered("types", id, typed).spec().btf().orElseThrow();
    }

    private int typesId(UserObject object) {
        return typed.indexOf(object) + 1;
    }

    // --- One of them -----------------------------------------------------------------------------

    @Override
    public ProgramCode code(int program) {
        return ProgramCode.of(numbered("program", program, programs).thing);
    }

    @Override
    public MapContent content(int map) {
        var owned = numbered("map", map, maps);
        return new EngineContent(this, owned.thing, owned.object.spec());
    }

    @Override
    public void attach(int program, AttachType type, int map) {
        socketMap(map).attach(program(program), type);
    }

    @Override
    public void detach(int program, AttachType type, int map) {
        socketMap(map).detach(program(program), type);
    }

    private UserSocketMap socketMap(int id) {
        if (map(id) instanceof UserSocketMap map) return map;
        throw new BpfException(
                Errno.EINVAL,
                "map %s is no map of sockets: programs are attached to those only"
                        .formatted(map(id)));
    }

    Program program(int id) {
        return numbered("program", id, programs).thing;
    }

    BpfMap map(int id) {
        return numbered("map", id, maps).thing;
    }

    /** The number of a program, or 0. */
    int idOf(Program program) {
        for (int index = 0; index < programs.size(); index++) {
            if (programs.get(index).thing.id() == program.id()) return index + 1;
        }
        return 0;
    }

    /** The number of a map, or 0. */
    int idOf(BpfMap map) {
        for (int index = 0; index < maps.size(); index++) {
            if (maps.get(index).thing.id() == map.id()) return index + 1;
        }
        return 0;
    }

    /**
     * A socket of the engine.
     *
     * @throws BpfException EBADF if there is none of that cookie
     */
    Sock socket(long cookie) {
        return engine.sockets().stream()
                .filter(socket -> socket.cookie() == cookie)
                .findFirst()
                .orElseThrow(
                        () ->
                                new BpfException(
                                        Errno.EBADF,
                                        "no socket has the cookie %s: map dump shows those of a map"
                                                .formatted(Long.toUnsignedString(cookie))));
    }

    private static <T> T numbered(String kind, int id, List<T> all) {
        if (id >= 1 && id <= all.size()) return all.get(id - 1);
        throw new BpfException(
                Errno.ENOENT,
                "there is no %s with id %d (ids are 1 to %d)".formatted(kind, id, all.size()));
    }
}
