package io.jsockmap.bpf.program;

import io.jsockmap.bpf.map.BpfMap;
import io.jsockmap.bpf.memory.Memory;
import io.jsockmap.bpf.memory.ObjectRegion;
import io.jsockmap.bpf.memory.SpinLock;

/**
 * A program's run, as helpers see it. Valid only while the helper that was given it is running.
 *
 * {@snippet class="io.jsockmap.bpf.examples.RunExamples" region="watched"}
 */
public interface Run {

    /** What the run can reach. */
    Memory memory();

    /** Time, chance and traces. */
    Environment environment();

    /** The program that is running; after a tail call, the one that was jumped to. */
    Program program();

    /**
     * The object behind a context or socket pointer.
     *
     * @throws io.jsockmap.bpf.memory.MemoryFault if the pointer is another one
     */
    default <C> C context(long address, Class<C> kind) {
        var region = memory().regionAt(address, ContextRegion.class, "a context");
        if (kind.isInstance(region.context())) return kind.cast(region.context());
        throw region.fault(0, 0, "is not what the helper expects");
    }

    /**
     * The map that a pointer names.
     *
     * @throws io.jsockmap.bpf.memory.MemoryFault if the pointer is another one
     */
    default BpfMap map(long address) {
        var region = memory().regionAt(address, ObjectRegion.class, "a map");
        if (region.object() instanceof BpfMap map) return map;
        throw region.fault(0, 0, "is not a map");
    }

    /** Calls a function of the program, such as a callback, and gives its R0. */
    long call(long function, long... arguments);

    /**
     * A function of the program to call after the run.
     *
     * @throws io.jsockmap.bpf.memory.MemoryFault if the pointer is not one to a function
     */
    Callback callback(long function);

    /** The one spin lock that the run may hold; it is released when the run ends. */
    SpinLock lock();

    /** Whether the run made fewer tail calls than this so far. */
    boolean mayTailCall(int limit);

    /** Leaves the running program for another, as soon as the helper returns. */
    void tailCall(Program target);
}
