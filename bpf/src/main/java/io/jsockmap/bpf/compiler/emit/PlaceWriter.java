package io.jsockmap.bpf.compiler.emit;

import static java.lang.constant.ConstantDescs.CD_boolean;
import static java.lang.constant.ConstantDescs.CD_long;

import io.jsockmap.bpf.program.StackUse;
import io.jsockmap.bpf.program.Target;

import java.lang.classfile.CodeBuilder;
import java.lang.constant.MethodTypeDesc;

/** Pushes the memory that a pointer names, and where in it that points to. */
final class PlaceWriter {
    private static final MethodTypeDesc PLAIN =
            MethodTypeDesc.of(Names.SEGMENT, CD_long, CD_boolean);

    /** What an offset has in the lower half of an address. */
    private static final long BIAS = 1L << 31;

    private static final long LOW = 0xffff_ffffL;

    private final Method method;
    private final CodeBuilder code;

    PlaceWriter(Method method) {
        this.method = method;
        code = method.code;
    }

    void pushSegment(Target target, int register, int offset, boolean write) {
        switch (target) {
            case Target.Stack _ -> code.aload(Locals.STACK);
            case Target.Packet _ -> code.aload(Locals.PACKET);
            default -> {
                code.aload(Locals.MEMORY);
                pushAddress(register, offset);
                code.loadConstant(write ? 1 : 0);
                code.invokevirtual(Names.MEMORY, "plain", PLAIN);
            }
        }
    }

    void pushOffset(Target target, int register, int offset) {
        switch (target) {
            case Target.Stack(int at) -> method.push(StackUse.SIZE + at);
            case Target.Packet _ -> {
                // All of the address counts: one of another region is far outside.
                method.get(register);
                code.lload(Locals.PACKET_ADDRESS).lsub();
                if (offset != 0) {
                    method.push(offset);
                    code.ladd();
                }
            }
            default -> {
                pushAddress(register, offset);
                method.push(LOW);
                code.land();
                method.push(BIAS);
                code.lsub();
            }
        }
    }

    void pushAddress(int register, int offset) {
        method.get(register);
        if (offset == 0) return;
        method.push(offset);
        code.ladd();
    }
}
