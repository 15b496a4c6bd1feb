package io.jsockmap.sockmap;

import io.jsockmap.bpf.BpfException;
import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.map.BpfMap;
import io.jsockmap.bpf.object.LoadedObject;
import io.jsockmap.bpf.object.MapSpec;
import io.jsockmap.bpf.object.ObjectSpec;
import io.jsockmap.bpf.object.ProgramSpec;
import io.jsockmap.bpf.object.Variable;
import io.jsockmap.bpf.program.Program;
import io.jsockmap.sockmap.map.AttachType;
import io.jsockmap.sockmap.map.Section;
import io.jsockmap.sockmap.map.SockHash;
import io.jsockmap.sockmap.map.SockMap;
import io.jsockmap.sockmap.map.SocketMap;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A loaded object: its maps, programs and variables by name.
 *
 * {@snippet class="io.jsockmap.sockmap.examples.EngineExamples" region="load"}
 */
public abstract class SockmapObject implements AutoCloseable {
    private final LoadedObject object;

    protected SockmapObject(LoadedObject object) {
        this.object = object;
    }

    /** The file as it was read. */
    public ObjectSpec spec() {
        return object.spec();
    }

    /** The programs by name, in the file's order. */
    public Map<String, Program> programs() {
        return object.programs();
    }

    /** The programs that were not loaded, and why. */
    public Map<String, String> skipped() {
        return object.skipped();
    }

    /** All maps by name, data sections among them. */
    public Map<String, BpfMap> maps() {
        return object.maps();
    }

    /** The maps of sockets, in the file's order. */
    public List<? extends SocketMap> socketMaps() {
        return object.maps().values().stream()
                .filter(SocketMap.class::isInstance)
                .map(SocketMap.class::cast)
                .toList();
    }

    /**
     * The program of that name.
     *
     * @throws BpfException ENOENT if there is none
     */
    public Program program(String name) {
        return object.program(name);
    }

    /**
     * The map of that name.
     *
     * @throws BpfException ENOENT if there is none
     */
    public BpfMap map(String name) {
        return object.map(name);
    }

    /**
     * The global variable of that name.
     *
     * @throws BpfException ENOENT if there is none
     */
    public Variable variable(String name) {
        return object.variable(name);
    }

    /**
     * The SOCKMAP of that name.
     *
     * @throws BpfException ENOENT if there is none, EINVAL if the map is of another kind
     */
    public SockMap sockMap(String name) {
        return as(SockMap.class, "sockmap", name);
    }

    /**
     * The SOCKHASH of that name.
     *
     * @throws BpfException ENOENT if there is none, EINVAL if the map is of another kind
     */
    public SockHash sockHash(String name) {
        return as(SockHash.class, "sockhash", name);
    }

    /**
     * The map of sockets of that name.
     *
     * @throws BpfException ENOENT if there is none, EINVAL if the map is of another kind
     */
    public SocketMap socketMap(String name) {
        return as(SocketMap.class, "map of sockets", name);
    }

    protected final <M> M as(Class<M> kind, String name, String map) {
        var found = object.map(map);
        if (kind.isInstance(found)) return kind.cast(found);
        throw new BpfException(Errno.EINVAL, "map %s is not a %s".formatted(found, name));
    }

    /** Where the program's section says that it goes, if it does. */
    public Optional<AttachType> attachType(String program) {
        return section(program).flatMap(Section::attachType);
    }

    /** The map that the program's section says it goes to, if it does. */
    public Optional<? extends SocketMap> attachMap(String program) {
        return mapOf(program).map(this::socketMap);
    }

    /** The name of the map that the program's section says it goes to, if it does. */
    protected final Optional<String> mapOf(String program) {
        return section(program)
                .flatMap(Section::map)
                .flatMap(
                        section ->
                                spec().maps().stream()
                                        .filter(map -> map.section().equals(section))
                                        .findFirst())
                .map(MapSpec::name);
    }

    private Optional<Section> section(String program) {
        return spec().programs().stream()
                .filter(p -> p.name().equals(program))
                .map(ProgramSpec::section)
                .findFirst()
                .flatMap(Section::of);
    }

    /** Gives the object up, but for maps that are shared by name. */
    @Override
    public abstract void close();
}
