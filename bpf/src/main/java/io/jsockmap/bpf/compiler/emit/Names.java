package io.jsockmap.bpf.compiler.emit;

import static java.lang.constant.ConstantDescs.CD_boolean;
import static java.lang.constant.ConstantDescs.CD_byte;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;
import static java.lang.constant.ConstantDescs.CD_void;

import io.jsockmap.bpf.compiler.runtime.Cells;
import io.jsockmap.bpf.compiler.runtime.CompiledCode;
import io.jsockmap.bpf.compiler.runtime.Execution;
import io.jsockmap.bpf.insn.AtomicOp;
import io.jsockmap.bpf.insn.Division;
import io.jsockmap.bpf.map.BpfMap;
import io.jsockmap.bpf.map.Key;
import io.jsockmap.bpf.memory.ByteRegion;
import io.jsockmap.bpf.memory.Memory;
import io.jsockmap.bpf.memory.Region;
import io.jsockmap.bpf.program.ContextField;
import io.jsockmap.bpf.program.HelperFunction;
import io.jsockmap.bpf.program.Program;
import io.jsockmap.bpf.program.Run;

import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.foreign.MemorySegment;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;

/** The classes and signatures that compiled code refers to. */
final class Names {
    static final ClassDesc CODE = of(CompiledCode.class);
    static final ClassDesc EXECUTION = of(Execution.class);
    static final ClassDesc DIVISION = of(Division.class);
    static final ClassDesc CELLS = of(Cells.class);
    static final ClassDesc MEMORY = of(Memory.class);
    static final ClassDesc BYTE_REGION = of(ByteRegion.class);
    static final ClassDesc REGION = of(Region.class);
    static final ClassDesc SEGMENT = of(MemorySegment.class);
    static final ClassDesc MAP = of(BpfMap.class);
    static final ClassDesc KEY = of(Key.class);
    static final ClassDesc GETTER = of(ContextField.Getter.class);
    static final ClassDesc SETTER = of(ContextField.Setter.class);
    static final ClassDesc HELPER = of(HelperFunction.class);
    static final ClassDesc RUN = of(Run.class);
    static final ClassDesc PROGRAM = of(Program.class);
    static final ClassDesc ATOMIC = of(AtomicOp.class);
    static final ClassDesc OBJECT = ConstantDescs.CD_Object;
    static final ClassDesc LONGS = CD_long.arrayType();
    static final ClassDesc BYTES = CD_byte.arrayType();
    static final ClassDesc VIEW = ConstantDescs.CD_VarHandle;
    static final ClassDesc THROWABLE = ConstantDescs.CD_Throwable;

    static final MethodTypeDesc NOTHING = MethodTypeDesc.of(CD_void);
    static final MethodTypeDesc GIVES_LONG = MethodTypeDesc.of(CD_long);
    static final MethodTypeDesc GIVES_INT = MethodTypeDesc.of(CD_int);
    static final MethodTypeDesc TAKES_INT = MethodTypeDesc.of(CD_void, CD_int);
    static final MethodTypeDesc TAKES_LONGS = MethodTypeDesc.of(CD_void, LONGS);
    static final MethodTypeDesc GIVES_LONGS = MethodTypeDesc.of(LONGS);
    static final MethodTypeDesc GIVES_SEGMENT = MethodTypeDesc.of(SEGMENT);
    static final MethodTypeDesc GIVES_BYTES = MethodTypeDesc.of(BYTES);
    static final MethodTypeDesc ENTER_FRAME = MethodTypeDesc.of(BYTES, CD_int);
    static final MethodTypeDesc INT_TO_BOOLEAN = MethodTypeDesc.of(CD_boolean, CD_int);

    /** A function of the program: the execution, R1 to R5, and R0. */
    static final MethodTypeDesc FUNCTION =
            MethodTypeDesc.of(
                    CD_long,
                    Stream.concat(Stream.of(EXECUTION), Collections.nCopies(5, CD_long).stream())
                            .toList());

    /** A piece of one: the execution, all registers, where to go on; and where to go on then. */
    static final MethodTypeDesc PIECE = MethodTypeDesc.of(CD_int, EXECUTION, LONGS, CD_int);

    static final MethodTypeDesc MAIN =
            MethodTypeDesc.of(CD_long, List.of(EXECUTION, CD_long, CD_long));

    static final MethodTypeDesc BY_START =
            MethodTypeDesc.of(
                    CD_long,
                    Stream.concat(
                                    Stream.of(CD_int, EXECUTION),
                                    Collections.nCopies(5, CD_long).stream())
                            .toList());

    private Names() {}

    static ClassDesc of(Class<?> some) {
        return some.describeConstable().orElseThrow();
    }
}
