package io.jsockmap.kernel.engine;

import io.jsockmap.bpf.BpfException;
import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.program.Prepared;
import io.jsockmap.bpf.program.Program;
import io.jsockmap.kernel.call.Descriptor;
import io.jsockmap.kernel.inspect.ProgramInfo;

/** A program as the kernel has it. */
record KernelProgram(Program program, Descriptor descriptor, int id) implements Prepared {

    static KernelProgram of(Program program, Descriptor descriptor) {
        var loaded = new KernelProgram(program, descriptor, ProgramInfo.of(descriptor).id());
        program.prepared().set(loaded);
        return loaded;
    }

    /**
     * The descriptor of a program.
     *
     * @throws BpfException EBADF if it was loaded by another engine
     */
    static int descriptorOf(Program program) {
        if (program.prepared().get() instanceof KernelProgram loaded) {
            return loaded.descriptor.number();
        }
        throw new BpfException(
                Errno.EBADF,
                "program %s is not in the kernel: load its object by the kernel engine"
                        .formatted(program));
    }
}
