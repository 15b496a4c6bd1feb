package io.jsockmap.kernel.engine;

import io.jsockmap.bpf.program.Program;
import io.jsockmap.kernel.call.Descriptor;
import io.jsockmap.kernel.call.Held;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** What one object has in the kernel, and gives back when it is closed. */
final class Loaded implements Held {
    private final List<Held> opened = new ArrayList<>();
    private final Map<Integer, KernelMap> maps = new ConcurrentHashMap<>();
    private final Map<Integer, Program> programs;
    private final List<Integer> mine = new ArrayList<>();
    private boolean closed;

    /**
     * @param programs those of all objects of the engine, by id
     */
    Loaded(Map<Integer, Program> programs) {
        this.programs = programs;
    }

    /** A descriptor to be closed with the object. */
    synchronized Descriptor keep(Descriptor descriptor) {
        opened.add(descriptor);
        return descriptor;
    }

    <M extends KernelMap> M add(M map) {
        maps.put(map.id(), map);
        if (map instanceof Held more) {
            synchronized (this) {
                opened.add(more);
            }
        }
        return map;
    }

    synchronized void add(KernelProgram program) {
        mine.add(program.id());
        programs.put(program.id(), program.program());
    }

    Optional<KernelMap> map(int id) {
        return Optional.ofNullable(maps.get(id));
    }

    Optional<Program> program(int id) {
        return Optional.ofNullable(programs.get(id));
    }

    /** The newest first, so that nothing is mapped whose descriptor is closed. */
    @Override
    public synchronized void close() {
        if (closed) return;
        closed = true;
        mine.forEach(programs::remove);
        opened.reversed().forEach(Held::close);
    }
}
