package io.jsockmap.sockmap;

import io.jsockmap.bpf.BpfException;
import io.jsockmap.bpf.map.BpfMap;
import io.jsockmap.bpf.map.MapDefinition;
import io.jsockmap.bpf.object.LoadOptions;
import io.jsockmap.bpf.object.ObjectReader;
import io.jsockmap.bpf.object.ObjectSpec;
import io.jsockmap.bpf.program.Program;

import java.nio.file.Path;
import java.util.Set;

/**
 * Runs the programs of compiled objects on sockets: here in user space, or the kernel's own
 * sockmap. Both have this interface, the same errors, and pass the same tests but for what {@link
 * #capabilities} tells.
 *
 * <p>All methods may be called from any thread.
 *
 * {@snippet class="io.jsockmap.sockmap.examples.EngineExamples" region="load"}
 */
public interface SockmapEngine extends AutoCloseable {

    /** The engine in user space: no permission needed, any operating system. */
    static UserEngine user() {
        return UserEngine.open();
    }

    /** The engine in user space with settings of one's own. */
    static UserEngine user(UserEngine.Settings settings) {
        return UserEngine.open(settings);
    }

    /**
     * The kernel's sockmap by bpf(2). Needs Linux, root or CAP_BPF and CAP_NET_ADMIN, and the
     * module {@code io.jsockmap.kernel}.
     *
     * @throws BpfException EPERM naming what to grant, ENOSYS where there is no bpf(2), ENODEV
     *     without the module
     */
    static SockmapEngine kernel() {
        return EngineProvider.kernel().open();
    }

    /**
     * The kernel's where it is permitted, and the first object loads there; otherwise the one in
     * user space. Which, and why, is logged with that object; later ones go the same way.
     */
    static SockmapEngine auto() {
        return new AutoEngine(EngineProvider::kernel);
    }

    /**
     * Itself, or what {@link #auto} has become.
     *
     * @throws BpfException EINVAL before the first object
     */
    default SockmapEngine chosen() {
        return this;
    }

    /** {@code user} or {@code kernel}. */
    String name();

    /** What it can do of that which not every engine can. */
    Set<Capability> capabilities();

    /**
     * Loads an object file: its maps exist from now on, its programs can be attached.
     *
     * @throws BpfException if it can't be read, is damaged, or refers to what is not there
     * @throws io.jsockmap.bpf.verifier.VerifierException if a program is refused
     */
    default SockmapObject load(Path file) {
        return load(ObjectReader.read(file), LoadOptions.DEFAULT);
    }

    /** {@link #load(Path)} of what was read, with changes. */
    SockmapObject load(ObjectSpec spec, LoadOptions options);

    /**
     * BPF_MAP_CREATE: a map that belongs to no object. It lives as long as the engine.
     *
     * @throws io.jsockmap.bpf.map.MapException EINVAL, E2BIG, ENOMEM as the kind of map has them
     */
    BpfMap create(MapDefinition definition);

    /**
     * Lets a sock_ops program hear of connections from now on: of all that are opened in the engine
     * in user space, or of those of the cgroup that the kernel's was opened for.
     *
     * @return takes the program away again when closed
     * @throws BpfException EINVAL for a program of another type
     */
    Attachment attach(Program sockOps);

    /** Gives up what the engine holds: connections in user space, descriptors in the kernel. */
    @Override
    void close();
}
