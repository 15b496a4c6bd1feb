package io.jsockmap.kernel.engine;

import io.jsockmap.bpf.map.IndexKey;
import io.jsockmap.bpf.map.JumpTarget;
import io.jsockmap.bpf.map.MapDefinition;
import io.jsockmap.bpf.map.ProgramArray;
import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.bpf.program.Program;
import io.jsockmap.kernel.call.Descriptor;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** BPF_MAP_TYPE_PROG_ARRAY. */
final class KernelProgramArray extends KernelMap implements ProgramArray<Program> {
    KernelProgramArray(MapDefinition definition, Descriptor descriptor) {
        super(definition, descriptor);
    }

    @Override
    public void set(long index, Program program) {
        if (program == null) {
            delete(IndexKey.of(index));
            return;
        }
        update(IndexKey.of(index), value(KernelProgram.descriptorOf(program)), UpdateFlag.ANY);
    }

    /** A descriptor as the value of a map. */
    static byte[] value(int descriptor) {
        return ByteBuffer.allocate(Integer.BYTES)
                .order(ByteOrder.nativeOrder())
                .putInt(descriptor)
                .array();
    }

    /** The kernel has looked at that when the program was loaded. */
    @Override
    public void admit(JumpTarget program) {}
}
