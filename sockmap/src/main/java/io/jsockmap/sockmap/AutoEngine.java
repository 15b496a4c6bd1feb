package io.jsockmap.sockmap;

import io.jsockmap.bpf.BpfException;
import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.map.BpfMap;
import io.jsockmap.bpf.map.MapDefinition;
import io.jsockmap.bpf.object.LoadOptions;
import io.jsockmap.bpf.object.ObjectSpec;
import io.jsockmap.bpf.program.Program;

import java.lang.System.Logger.Level;
import java.util.Set;
import java.util.function.Supplier;

/** Becomes one engine or the other with the first object, and stays it. */
final class AutoEngine implements SockmapEngine {
    private static final System.Logger LOG = System.getLogger("io.jsockmap.engine");

    private final Supplier<EngineProvider> kernel;
    private SockmapEngine chosen;

    AutoEngine(Supplier<EngineProvider> kernel) {
        this.kernel = kernel;
    }

    @Override
    public synchronized SockmapEngine chosen() {
        if (chosen != null) return chosen;
        throw new BpfException(
                Errno.EINVAL, "the engine is chosen with the first object: load one before");
    }

    @Override
    public String name() {
        return chosen().name();
    }

    @Override
    public Set<Capability> capabilities() {
        return chosen().capabilities();
    }

    @Override
    public synchronized SockmapObject load(ObjectSpec spec, LoadOptions options) {
        if (chosen != null) return chosen.load(spec, options);
        try {
            return loadInKernel(spec, options);
        } catch (BpfException e) {
            var user = UserEngine.open();
            var object = user.load(spec, options);
            chosen = user;
            LOG.log(
                    Level.INFO,
                    "engine user for {0}: the kernel''s is not used, {1}",
                    spec.name(),
                    e.getMessage());
            return object;
        }
    }

    private SockmapObject loadInKernel(ObjectSpec spec, LoadOptions options) {
        var engine = kernel.get().open();
        try {
            var object = engine.load(spec, options);
            chosen = engine;
            LOG.log(
                    Level.INFO,
                    "engine kernel for {0}: bpf(2) is permitted, and its programs load there",
                    spec.name());
            return object;
        } finally {
            if (chosen == null) engine.close();
        }
    }

    @Override
    public BpfMap create(MapDefinition definition) {
        return chosen().create(definition);
    }

    @Override
    public Attachment attach(Program sockOps) {
        return chosen().attach(sockOps);
    }

    @Override
    public synchronized void close() {
        if (chosen != null) chosen.close();
    }
}
