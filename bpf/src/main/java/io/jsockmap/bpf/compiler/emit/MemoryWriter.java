package io.jsockmap.bpf.compiler.emit;

import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;
import static java.lang.constant.ConstantDescs.CD_void;

import io.jsockmap.bpf.insn.AtomicOp;
import io.jsockmap.bpf.insn.Instruction;
import io.jsockmap.bpf.insn.Operation.Atomic;
import io.jsockmap.bpf.insn.Operation.Load;
import io.jsockmap.bpf.insn.Operation.Store;
import io.jsockmap.bpf.insn.Source;
import io.jsockmap.bpf.program.Content;
import io.jsockmap.bpf.program.ContextField;
import io.jsockmap.bpf.program.ContextLayout;
import io.jsockmap.bpf.program.Target;

import java.lang.classfile.CodeBuilder;
import java.lang.constant.MethodTypeDesc;

/**
 * Loads and stores. Where it was proved what memory an instruction touches, it goes there directly:
 * the bounds that the JVM checks are those of that memory, so a wrong proof faults.
 */
final class MemoryWriter {
    private static final MethodTypeDesc LOAD = MethodTypeDesc.of(CD_long, CD_long, CD_int);
    private static final MethodTypeDesc STORE =
            MethodTypeDesc.of(CD_void, CD_long, CD_int, CD_long);
    private static final MethodTypeDesc FETCH_ADD =
            MethodTypeDesc.of(CD_long, CD_long, CD_int, CD_long);
    private static final MethodTypeDesc ATOMIC =
            MethodTypeDesc.of(CD_long, CD_long, CD_int, Names.ATOMIC, CD_long, CD_long);
    private static final MethodTypeDesc GET_FIELD =
            MethodTypeDesc.of(CD_long, Names.OBJECT, Names.MEMORY);
    private static final MethodTypeDesc SET_FIELD =
            MethodTypeDesc.of(CD_void, Names.OBJECT, CD_long);

    private final Method method;
    private final CodeBuilder code;
    private final PlaceWriter places;

    MemoryWriter(Method method) {
        this.method = method;
        code = method.code;
        places = new PlaceWriter(method);
    }

    // --- Loads -----------------------------------------------------------------------------------

    void load(int slot, Instruction i, Load load) {
        int size = load.size();
        switch (method.unit.target(slot)) {
            case Target.Stack(int offset) when method.frame.isLocal(offset) -> {
                loadLocal(offset, size, load.signed());
                method.set(slot, i.dst());
            }
            case Target.Context(int offset) -> loadContext(slot, i, offset, load);
            case Target.Structure(var structure, int offset) ->
                    loadStructure(slot, i, structure.layout(), offset, load);
            case Target.Any _ -> loadAnywhere(slot, i, load);
            case Target target -> {
                boolean looping = method.body.looping().get(slot);
                places.load(target, i.src(), i.offset(), size, load.signed(), looping);
                method.set(slot, i.dst());
            }
        }
    }

    private void loadAnywhere(int slot, Instruction i, Load load) {
        method.mayFault(slot);
        code.aload(Locals.MEMORY);
        pushAddress(i.src(), i.offset());
        code.loadConstant(load.size());
        code.invokevirtual(Names.MEMORY, "load", LOAD);
        if (load.signed()) extend(load.size());
        method.set(slot, i.dst());
    }

    private void extend(int size) {
        switch (size) {
            case 1 -> code.l2i().i2b().i2l();
            case 2 -> code.l2i().i2s().i2l();
            case 4 -> code.l2i().i2l();
            default -> {}
        }
    }

    // --- Contexts --------------------------------------------------------------------------------

    private void loadContext(int slot, Instruction i, int offset, Load load) {
        var field = method.program.type().context().field(offset).orElse(null);
        if (field == null || !field.mayLoad(offset, load.size())) {
            loadAnywhere(slot, i, load);
            return;
        }
        method.mayFault(slot);
        method.unit.bindings().push(code, field.getter(), Names.GETTER);
        code.aload(Locals.CONTEXT);
        loadField(slot, i, field, offset, load);
        boolean packet =
                field.content().equals(Content.PACKET)
                        || field.content().equals(Content.PACKET_END);
        if (packet) method.loadPacket();
    }

    private void loadStructure(
            int slot, Instruction i, ContextLayout<?> layout, int offset, Load load) {
        var field = layout.field(offset).orElse(null);
        if (field == null || !field.mayLoad(offset, load.size())) {
            loadAnywhere(slot, i, load);
            return;
        }
        method.mayFault(slot);
        method.unit.bindings().push(code, field.getter(), Names.GETTER);
        code.aload(Locals.X);
        method.get(i.src());
        method.callOnExecution("structure", MethodTypeDesc.of(Names.OBJECT, CD_long));
        loadField(slot, i, field, offset, load);
    }

    /** Getter and object are on the stack. */
    private void loadField(int slot, Instruction i, ContextField<?> field, int offset, Load load) {
        code.aload(Locals.MEMORY).invokeinterface(Names.GETTER, "get", GET_FIELD);
        if (load.size() < field.size()) {
            int shift = (offset - field.offset()) * Byte.SIZE;
            if (shift > 0) code.loadConstant(shift).lushr();
            method.push((1L << load.size() * Byte.SIZE) - 1);
            code.land();
        }
        if (load.signed()) extend(load.size());
        method.set(slot, i.dst());
    }

    private boolean storeContext(int slot, Instruction i, int offset, Store store) {
        var field = method.program.type().context().field(offset).orElse(null);
        if (field == null || !field.mayStore(offset, store.size())) return false;
        method.mayFault(slot);
        method.unit.bindings().push(code, field.setter(), Names.SETTER);
        code.aload(Locals.CONTEXT);
        method.operand(i, store.source());
        method.push(field.cut(-1));
        code.land();
        code.invokeinterface(Names.SETTER, "set", SET_FIELD);
        return true;
    }

    private void pushAddress(int register, int offset) {
        method.get(register);
        if (offset == 0) return;
        method.push(offset);
        code.ladd();
    }

    // --- Stores ----------------------------------------------------------------------------------

    void store(int slot, Instruction i, Store store) {
        int size = store.size();
        switch (method.unit.target(slot)) {
            case Target.Stack(int offset) when method.frame.isLocal(offset) -> {
                method.operand(i, store.source());
                storeLocal(offset, size);
            }
            case Target.Context(int offset) when storeContext(slot, i, offset, store) -> {}
            case Target.Context _, Target.Structure _, Target.Any _ ->
                    storeAnywhere(slot, i, store);
            case Target target -> {
                boolean register = store.source() == Source.REGISTER;
                long value = register ? i.src() : i.immediate();
                places.store(target, i.dst(), i.offset(), size, store.source(), value);
            }
        }
    }

    private void storeAnywhere(int slot, Instruction i, Store store) {
        method.mayFault(slot);
        code.aload(Locals.MEMORY);
        pushAddress(i.dst(), i.offset());
        code.loadConstant(store.size());
        method.operand(i, store.source());
        code.invokevirtual(Names.MEMORY, "store", STORE);
    }

    // --- Parts of the stack that are locals ------------------------------------------------------

    private void loadLocal(int offset, int size, boolean signed) {
        int at = method.frame.localOf(offset);
        code.lload(at);
        if (size == Long.BYTES) return;
        int low = Math.floorMod(offset, Long.BYTES) * Byte.SIZE;
        int unused = Long.SIZE - size * Byte.SIZE;
        if (low < unused) code.loadConstant(unused - low).lshl();
        code.loadConstant(unused);
        if (signed) code.lshr();
        else code.lushr();
    }

    /** The value is on the stack. */
    private void storeLocal(int offset, int size) {
        int at = method.frame.localOf(offset);
        if (size < Long.BYTES) {
            int low = Math.floorMod(offset, Long.BYTES) * Byte.SIZE;
            long mask = (1L << size * Byte.SIZE) - 1;
            method.push(mask);
            code.land();
            if (low > 0) code.loadConstant(low).lshl();
            code.lload(at);
            method.push(~(mask << low));
            code.land().lor();
        }
        code.lstore(at);
    }

    // --- Atomic operations -----------------------------------------------------------------------

    void atomic(int slot, Instruction i, Atomic atomic) {
        if (atomic.op() == AtomicOp.ADD || atomic.op() == AtomicOp.FETCH_ADD) {
            add(slot, i, atomic);
            return;
        }
        boolean load = atomic.op() == AtomicOp.LOAD_ACQUIRE;
        method.mayFault(slot);
        code.aload(Locals.MEMORY);
        pushAddress(load ? i.src() : i.dst(), i.offset());
        code.loadConstant(atomic.size());
        code.getstatic(Names.ATOMIC, atomic.op().name(), Names.ATOMIC);
        if (load) code.lconst_0();
        else method.get(i.src());
        method.get(0);
        code.invokevirtual(Names.MEMORY, "atomic", ATOMIC);
        if (load) method.set(slot, i.dst());
        else if (atomic.op() == AtomicOp.CMPXCHG) method.set(slot, 0);
        else if (atomic.op().fetches()) method.set(slot, i.src());
        else code.pop2();
    }

    private void add(int slot, Instruction i, Atomic atomic) {
        method.mayFault(slot);
        code.aload(Locals.MEMORY);
        pushAddress(i.dst(), i.offset());
        code.loadConstant(atomic.size());
        method.get(i.src());
        code.invokevirtual(Names.MEMORY, "fetchAdd", FETCH_ADD);
        if (atomic.op().fetches()) method.set(slot, i.src());
        else code.pop2();
    }
}
