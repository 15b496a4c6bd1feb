package io.jsockmap.bpf.compiler.emit;

import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;
import static java.lang.constant.ConstantDescs.CD_void;

import io.jsockmap.bpf.insn.Code;
import io.jsockmap.bpf.program.StackUse;
import io.jsockmap.bpf.program.Target;

import java.lang.classfile.CodeBuilder;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.ArrayList;
import java.util.List;

/** Loads and stores at places of which it is known what memory they are in. */
final class PlaceWriter {
    private final Method method;
    private final CodeBuilder code;

    PlaceWriter(Method method) {
        this.method = method;
        code = method.code;
    }

    /** Pushes the number of so many bytes that a register and an offset point to. */
    void load(Target target, int register, int offset, int size) {
        push(target, register, offset);
        code.invokestatic(cells(target), "load" + size, type(target, CD_long));
    }

    /** Pushes the place where a store goes, for {@link #store}. */
    void push(Target target, int register, int offset) {
        switch (target) {
            case Target.Stack(int at) -> {
                code.aload(Locals.STACK);
                Bindings.pushInt(code, StackUse.SIZE + at);
            }
            case Target.Frame _ -> {
                code.aload(Locals.STACK).lload(Locals.register(Code.FRAME_POINTER));
                method.get(register);
                code.loadConstant(offset);
            }
            case Target.Packet _ -> {
                code.aload(Locals.PACKET).lload(Locals.PACKET_ADDRESS);
                method.get(register);
                code.loadConstant(offset);
            }
            default -> {
                code.aload(Locals.MEMORY);
                method.get(register);
                code.loadConstant(offset);
            }
        }
    }

    /** Pops a place and a value. */
    void store(Target target, int size) {
        code.invokestatic(cells(target), "store" + size, type(target, CD_void, CD_long));
    }

    private static ClassDesc cells(Target target) {
        return switch (target) {
            case Target.Stack _ -> Names.STACK_CELLS;
            case Target.Frame _ -> Names.FRAME_CELLS;
            case Target.Packet _ -> Names.PACKET_CELLS;
            default -> Names.PLAIN_CELLS;
        };
    }

    private static MethodTypeDesc type(Target target, ClassDesc result, ClassDesc... more) {
        List<ClassDesc> types =
                new ArrayList<>(
                        switch (target) {
                            case Target.Stack _ -> List.of(Names.SEGMENT, CD_int);
                            case Target.Packet _, Target.Frame _ ->
                                    List.of(Names.SEGMENT, CD_long, CD_long, CD_int);
                            default -> List.of(Names.MEMORY, CD_long, CD_int);
                        });
        types.addAll(List.of(more));
        return MethodTypeDesc.of(result, types);
    }
}
