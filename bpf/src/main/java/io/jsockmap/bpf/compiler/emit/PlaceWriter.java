package io.jsockmap.bpf.compiler.emit;

import static java.lang.constant.ConstantDescs.CD_boolean;
import static java.lang.constant.ConstantDescs.CD_byte;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;
import static java.lang.constant.ConstantDescs.CD_short;
import static java.lang.constant.ConstantDescs.CD_void;

import io.jsockmap.bpf.insn.Code;
import io.jsockmap.bpf.insn.Source;
import io.jsockmap.bpf.program.MachineLimits;
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
 *
 * <p>Of the stack and the packet it takes the array: the JVM's first compiler, which gives up on a
 * method with some forty accesses through segments, has little to do then, and its second one
 * checks an index once. A wrong proof reaches no more than other bytes of that array.
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

    /**
     * Pushes the number of so many bytes that a register and an offset point to.
     *
     * @param looping whether that is in a short loop. There the JVM's second compiler takes the
     *     check of a segment's long offset out of the loop, but not that of an index made of it.
     */
    void load(Target target, int register, int offset, int size, boolean signed, boolean looping) {
        var cell = Cell.of(size);
        if (target instanceof Target.Packet && !looping) {
            pushPacket(register, offset, cell);
            loadFromArray(cell);
        } else if (isOnStack(target)) {
            pushStack(target, register, offset, cell);
            loadFromArray(cell);
        } else {
            pushSegment(target, register, offset, cell, false);
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
        if (isOnStack(target)) {
            pushStack(target, register, offset, cell);
            pushValue(size, source, value);
            storeInArray(cell);
        } else {
            pushSegment(target, register, offset, cell, true);
            pushValue(size, source, value);
            var type = MethodTypeDesc.of(CD_void, cell.layoutType, CD_long, cell.type);
            code.invokeinterface(Names.SEGMENT, "set", type);
        }
    }

    private void pushValue(int size, Source source, long value) {
        if (size == Long.BYTES) {
            if (source == Source.REGISTER) method.get((int) value);
            else method.push(value);
            return;
        }
        if (source == Source.REGISTER) method.getInt((int) value);
        else Bindings.pushInt(code, (int) value);
        if (size == 1) code.i2b();
        if (size == 2) code.i2s();
    }

    private void storeInArray(Cell cell) {
        if (cell.view.isEmpty()) code.bastore();
        else {
            var type = MethodTypeDesc.of(CD_void, Names.BYTES, CD_int, cell.type);
            code.invokevirtual(Names.VIEW, "set", type);
        }
    }

    /** Pushes how an array has such numbers, the array of the frame, and an index in it. */
    private void pushStack(Target target, int register, int offset, Cell cell) {
        pushArray(Locals.STACK, cell);
        if (target instanceof Target.Stack(int at)) {
            Bindings.pushInt(code, MachineLimits.STACK + at);
            return;
        }
        pushDistance(register, Locals.register(Code.FRAME_POINTER), offset + MachineLimits.STACK);
        // All of the address counts: one of another region is far outside.
        method.push(MachineLimits.STACK);
        code.invokestatic(Names.of(Objects.class), "checkIndex", CHECK_INDEX).l2i();
    }

    /**
     * The same for a packet, of whose addresses the low half counts: another check would cost a
     * program that parses a third of its time.
     */
    private void pushPacket(int register, int offset, Cell cell) {
        pushArray(Locals.PACKET_ARRAY, cell);
        pushDistance(register, Locals.PACKET_ADDRESS, offset);
        code.l2i().iload(Locals.PACKET_START).iadd();
    }

    private void pushArray(int local, Cell cell) {
        if (!cell.view.isEmpty()) code.getstatic(Names.CELLS, cell.view, Names.VIEW);
        code.aload(local);
    }

    /** Pushes a segment, how numbers lie in it, and an offset in it. */
    private void pushSegment(Target target, int register, int offset, Cell cell, boolean write) {
        if (target instanceof Target.Packet) {
            code.aload(Locals.PACKET).getstatic(Names.CELLS, cell.layout, cell.layoutType);
            pushDistance(register, Locals.PACKET_ADDRESS, offset);
            return;
        }
        code.aload(Locals.MEMORY);
        method.get(register);
        code.loadConstant(write ? 1 : 0);
        code.invokevirtual(Names.MEMORY, "plain", PLAIN);
        code.getstatic(Names.CELLS, cell.layout, cell.layoutType);
        method.get(register);
        code.invokestatic(Names.CELLS, "offset", OFFSET);
        add(offset);
    }

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
