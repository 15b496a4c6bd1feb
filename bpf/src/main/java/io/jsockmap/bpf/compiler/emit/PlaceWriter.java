package io.jsockmap.bpf.compiler.emit;

import static java.lang.constant.ConstantDescs.CD_boolean;
import static java.lang.constant.ConstantDescs.CD_byte;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;
import static java.lang.constant.ConstantDescs.CD_short;
import static java.lang.constant.ConstantDescs.CD_void;

import io.jsockmap.bpf.insn.Code;
import io.jsockmap.bpf.insn.Source;
import io.jsockmap.bpf.program.StackUse;
import io.jsockmap.bpf.program.Target;

import java.lang.classfile.CodeBuilder;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.foreign.ValueLayout;
import java.util.Objects;

/**
 * Loads and stores at places of which it is known what memory they are in. Written out each time:
 * the JVM's compiler inlines a segment's methods wherever they are called, but ours only in a
 * method that is short.
 */
final class PlaceWriter {
    private static final MethodTypeDesc PLAIN =
            MethodTypeDesc.of(Names.SEGMENT, CD_long, CD_boolean);
    private static final MethodTypeDesc OFFSET = MethodTypeDesc.of(CD_long, CD_long);
    private static final MethodTypeDesc CHECK_INDEX = MethodTypeDesc.of(CD_long, CD_long, CD_long);
    private static final long LOW = 0xffff_ffffL;

    private final Method method;
    private final CodeBuilder code;

    PlaceWriter(Method method) {
        this.method = method;
        code = method.code;
    }

    /**
     * How the JVM has numbers of a size.
     *
     * @param layout the constant that tells how they lie in a segment
     * @param view the one by which an array of bytes has them
     */
    private record Cell(String layout, ClassDesc layoutType, String view, ClassDesc type) {
        static Cell of(int size) {
            return switch (size) {
                case 1 -> new Cell("BYTE", Names.of(ValueLayout.OfByte.class), "", CD_byte);
                case 2 ->
                        new Cell("SHORT", Names.of(ValueLayout.OfShort.class), "SHORTS", CD_short);
                case 4 -> new Cell("INT", Names.of(ValueLayout.OfInt.class), "INTS", CD_int);
                default -> new Cell("LONG", Names.of(ValueLayout.OfLong.class), "LONGS", CD_long);
            };
        }
    }

    /** Pushes the number of so many bytes that a register and an offset point to. */
    void load(Target target, int register, int offset, int size, boolean signed) {
        var cell = Cell.of(size);
        push(target, register, offset, cell, false);
        if (isOnStack(target)) loadFromArray(cell);
        else {
            var type = MethodTypeDesc.of(cell.type, cell.layoutType, CD_long);
            code.invokeinterface(Names.SEGMENT, "get", type);
        }
        if (size < Long.BYTES) widen(size, signed);
    }

    private static boolean isOnStack(Target target) {
        return target instanceof Target.Stack || target instanceof Target.Frame;
    }

    private void loadFromArray(Cell cell) {
        if (cell.view.isEmpty()) code.baload();
        else {
            var type = MethodTypeDesc.of(cell.type, Names.BYTES, CD_int);
            code.invokevirtual(Names.VIEW, "get", type);
        }
    }

    private void storeInArray(Cell cell) {
        if (cell.view.isEmpty()) code.bastore();
        else {
            var type = MethodTypeDesc.of(CD_void, Names.BYTES, CD_int, cell.type);
            code.invokevirtual(Names.VIEW, "set", type);
        }
    }

    private void widen(int size, boolean signed) {
        if (!signed && size < Integer.BYTES) code.loadConstant(size == 1 ? 0xff : 0xffff).iand();
        code.i2l();
        if (signed || size < Integer.BYTES) return;
        method.push(LOW);
        code.land();
    }

    /** Stores the low bytes of a register, or a number, where a register and an offset point to. */
    void store(Target target, int register, int offset, int size, Source source, long value) {
        var cell = Cell.of(size);
        push(target, register, offset, cell, true);
        if (size == Long.BYTES) {
            if (source == Source.REGISTER) method.get((int) value);
            else method.push(value);
        } else {
            if (source == Source.REGISTER) method.getInt((int) value);
            else Bindings.pushInt(code, (int) value);
            if (size == 1) code.i2b();
            if (size == 2) code.i2s();
        }
        if (isOnStack(target)) storeInArray(cell);
        else {
            var type = MethodTypeDesc.of(CD_void, cell.layoutType, CD_long, cell.type);
            code.invokeinterface(Names.SEGMENT, "set", type);
        }
    }

    /**
     * Pushes a segment, how numbers lie in it, and an offset in it; of the stack, how an array has
     * numbers, the array, and an index.
     */
    private void push(Target target, int register, int offset, Cell cell, boolean write) {
        switch (target) {
            case Target.Stack(int at) -> {
                pushStack(cell);
                Bindings.pushInt(code, StackUse.SIZE + at);
            }
            case Target.Frame _ -> {
                pushStack(cell);
                int frame = Locals.register(Code.FRAME_POINTER);
                pushDistance(register, frame, offset + StackUse.SIZE);
                method.push(StackUse.SIZE);
                code.invokestatic(Names.of(Objects.class), "checkIndex", CHECK_INDEX).l2i();
            }
            case Target.Packet _ -> {
                code.aload(Locals.PACKET).getstatic(Names.CELLS, cell.layout, cell.layoutType);
                pushDistance(register, Locals.PACKET_ADDRESS, offset);
            }
            default -> {
                code.aload(Locals.MEMORY);
                method.get(register);
                code.loadConstant(write ? 1 : 0);
                code.invokevirtual(Names.MEMORY, "plain", PLAIN);
                code.getstatic(Names.CELLS, cell.layout, cell.layoutType);
                method.get(register);
                code.invokestatic(Names.CELLS, "offset", OFFSET);
                add(offset);
            }
        }
    }

    private void pushStack(Cell cell) {
        if (!cell.view.isEmpty()) code.getstatic(Names.CELLS, cell.view, Names.VIEW);
        code.aload(Locals.STACK);
    }

    /** All of the address counts: one of another region is far outside. */
    private void pushDistance(int register, int from, int offset) {
        method.get(register);
        code.lload(from).lsub();
        add(offset);
    }

    private void add(int offset) {
        if (offset == 0) return;
        method.push(offset);
        code.ladd();
    }
}
