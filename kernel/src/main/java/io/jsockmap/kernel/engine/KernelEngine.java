package io.jsockmap.kernel.engine;

import io.jsockmap.bpf.BpfException;
import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.map.BpfMap;
import io.jsockmap.bpf.map.MapDefinition;
import io.jsockmap.bpf.map.MapKinds;
import io.jsockmap.bpf.object.Host;
import io.jsockmap.bpf.object.LoadOptions;
import io.jsockmap.bpf.object.ObjectLoader;
import io.jsockmap.bpf.object.ObjectSpec;
import io.jsockmap.bpf.program.Program;
import io.jsockmap.bpf.verifier.Options;
import io.jsockmap.bpf.verifier.Verifier;
import io.jsockmap.bpf.verifier.VerifierException;
import io.jsockmap.kernel.KernelAnswer;
import io.jsockmap.kernel.KernelVerifier;
import io.jsockmap.kernel.call.Attributes;
import io.jsockmap.kernel.call.Bpf;
import io.jsockmap.kernel.call.Bpf.Command;
import io.jsockmap.kernel.call.Descriptor;
import io.jsockmap.kernel.call.Libc;
import io.jsockmap.kernel.inspect.KernelObjects;
import io.jsockmap.kernel.inspect.MapInfo;
import io.jsockmap.kernel.load.ProgramLoad;
import io.jsockmap.sockmap.Attachment;
import io.jsockmap.sockmap.Capability;
import io.jsockmap.sockmap.SockmapEngine;
import io.jsockmap.sockmap.SockmapObject;
import io.jsockmap.sockmap.map.AttachType;
import io.jsockmap.sockmap.program.SocketPrograms;

import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The running kernel's sockmap.
 *
 * {@snippet class="io.jsockmap.kernel.examples.KernelExamples" region="engine"}
 */
public final class KernelEngine implements SockmapEngine {
    private static final int O_DIRECTORY_CLOEXEC = 0x10000 | 0x80000;

    private final Settings settings;
    private final Map<Integer, Program> programs = new ConcurrentHashMap<>();
    private final Loaded maps = new Loaded(programs);
    private final Set<CgroupLink> links = ConcurrentHashMap.newKeySet();
    private final Set<Loaded> objects = ConcurrentHashMap.newKeySet();

    private KernelEngine(Settings settings) {
        this.settings = settings;
    }

    /**
     * What an engine may be told. Immutable.
     *
     * @param cgroup the cgroup (version 2) of whose connections sock_ops programs hear
     * @param pins the folder, in a bpffs, where maps are shared by name
     */
    public record Settings(Path cgroup, Path pins) {
        /** This process's own cgroup, and the usual bpffs. */
        public static final Settings DEFAULT = new Settings(Cgroups.own(), Path.of("/sys/fs/bpf"));
    }

    /** An engine with ordinary settings. */
    public static KernelEngine open() {
        return open(Settings.DEFAULT);
    }

    /**
     * An engine with settings of one's own.
     *
     * @throws BpfException ENOSYS where there is no bpf(2), EPERM where it is not permitted; the
     *     message names what to grant
     */
    public static KernelEngine open(Settings settings) {
        var availability = KernelVerifier.availability();
        if (availability.usable()) return new KernelEngine(settings);
        var errno = Bpf.number().isEmpty() ? Errno.ENOSYS : Errno.EPERM;
        throw new BpfException(errno, "no kernel engine on this machine: " + availability.reason());
    }

    @Override
    public String name() {
        return "kernel";
    }

    @Override
    public Set<Capability> capabilities() {
        return EnumSet.of(
                Capability.OFFLOAD,
                Capability.PINS,
                Capability.ALL_PROCESSES,
                Capability.TCP_STATES);
    }

    /**
     * {@inheritDoc}
     *
     * @throws BpfException EINVAL for programs that shall not be verified: the kernel runs none
     */
    @Override
    public SockmapObject load(ObjectSpec spec, LoadOptions options) {
        if (!options.verified()) {
            throw new BpfException(
                    Errno.EINVAL,
                    "%s: the kernel runs only what it has verified".formatted(spec.name()));
        }
        var loaded = new Loaded(programs);
        try {
            var object = loader(loaded, spec).load(spec, options);
            objects.add(loaded);
            return new KernelObject(object, () -> giveBack(loaded));
        } catch (RuntimeException e) {
            loaded.close();
            throw e;
        }
    }

    private void giveBack(Loaded loaded) {
        objects.remove(loaded);
        loaded.close();
    }

    private ObjectLoader loader(Loaded loaded, ObjectSpec spec) {
        var kinds = new KernelKinds(loaded);
        var host =
                new Host(
                        MapKinds.all(kinds::create),
                        KernelTypes.forObject(spec),
                        KernelTypes.version(),
                        program -> admit(program, loaded));
        return new ObjectLoader(
                host,
                program -> SocketPrograms.ofSection(program.section()),
                new KernelPins(settings.pins, loaded, kinds));
    }

    private static Program admit(Program program, Loaded loaded) {
        var attempt =
                new ProgramLoad(program, 0)
                        .load(
                                place ->
                                        ((KernelMap) program.maps().get(place))
                                                .descriptor()
                                                .number());
        if (!attempt.answer().isSuccess()) {
            throw VerifierException.ofKernel(
                    Descriptor.errno(attempt.answer()),
                    KernelAnswer.reason(attempt.log()),
                    attempt.log(),
                    Verifier.verify(program, Options.DEFAULT));
        }
        var descriptor = loaded.keep(new Descriptor(attempt.answer().value()));
        loaded.add(KernelProgram.of(program, descriptor));
        return program;
    }

    @Override
    public BpfMap create(MapDefinition definition) {
        return new KernelKinds(maps).create(definition);
    }

    /**
     * A map that the kernel has, whoever made it; open for as long as the engine.
     *
     * @throws BpfException ENOENT if there is none of that id, EPERM without CAP_SYS_ADMIN
     */
    public BpfMap map(int id) {
        var descriptor = maps.keep(KernelObjects.map(id));
        return maps.add(new KernelMap(MapInfo.of(descriptor).definition(), descriptor));
    }

    /** By a link (Linux 5.7), which goes with this process however it ends. */
    @Override
    public Attachment attach(Program sockOps) {
        var path = settings.cgroup.toString();
        var opened = Libc.open(path, O_DIRECTORY_CLOEXEC);
        Descriptor.check(new Bpf.Answer(0, opened.errno()), "to open the cgroup " + path);
        try (var cgroup = new Descriptor((int) opened.value());
                var arena = Arena.ofConfined()) {
            var attributes =
                    new Attributes(arena, 16)
                            .u32(0, KernelProgram.descriptorOf(sockOps))
                            .u32(4, cgroup.number())
                            .u32(8, AttachType.SOCK_OPS.number());
            var answer = Bpf.call(Command.LINK_CREATE, attributes);
            var link =
                    Descriptor.of(
                            answer,
                            "to attach %s to %s, which must be a cgroup of version 2"
                                    .formatted(sockOps, path));
            var attached = new CgroupLink(link);
            links.add(attached);
            return attached;
        }
    }

    /** Closing twice must not close a number that somebody else has by then. */
    private static final class CgroupLink implements Attachment {
        private final Descriptor link;
        private boolean closed;

        CgroupLink(Descriptor link) {
            this.link = link;
        }

        @Override
        public synchronized void close() {
            if (!closed) link.close();
            closed = true;
        }
    }

    @Override
    public void close() {
        links.forEach(CgroupLink::close);
        objects.forEach(Loaded::close);
        maps.close();
    }
}
