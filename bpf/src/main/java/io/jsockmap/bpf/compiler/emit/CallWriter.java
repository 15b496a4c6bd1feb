package io.jsockmap.bpf.compiler.emit;

import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;

import io.jsockmap.bpf.insn.Instruction;
import io.jsockmap.bpf.insn.Operation.Call;
import io.jsockmap.bpf.map.ArrayMap;
import io.jsockmap.bpf.map.BpfMap;
import io.jsockmap.bpf.map.ProgArrayMap;
import io.jsockmap.bpf.program.CallTrait;
import io.jsockmap.bpf.program.Helper;
import io.jsockmap.bpf.program.HelperFunction;
import io.jsockmap.bpf.program.MachineLimits;
import io.jsockmap.bpf.program.Target;

import java.lang.classfile.CodeBuilder;
import java.lang.constant.MethodTypeDesc;
import java.lang.reflect.Modifier;
import java.util.OptionalInt;

/** Calls of helpers, of the kernel's functions and of the program's own. */
final class CallWriter {

    private static final MethodTypeDesc HELPER = MethodTypeDesc.of(CD_long, Names.RUN, Names.LONGS);
    private static final MethodTypeDesc BY_NUMBER = MethodTypeDesc.of(CD_long, CD_int, Names.LONGS);
    private static final MethodTypeDesc FILL = MethodTypeDesc.of(Names.KEY, CD_int, CD_long);
    private static final MethodTypeDesc ADDRESS = MethodTypeDesc.of(CD_long, Names.REGION);

    private final Method method;
    private final Unit unit;
    private final CodeBuilder code;

    CallWriter(Method method) {
        this.method = method;
        unit = method.unit;
        code = method.code;
    }

    void write(int slot, Instruction i, Call call) {
        switch (call.callee()) {
            case HELPER -> helper(slot, (int) i.immediate());
            case REGISTER -> byRegister(slot, i.dst());
            case LOCAL -> local(slot, i);
            case KFUNC -> kfunc(slot, i);
        }
    }

    // --- Helpers ---------------------------------------------------------------------------------

    private void helper(int slot, int number) {
        var helper = unit.program().type().helper(number);
        if (helper.isEmpty()) {
            method.refuse(slot);
            return;
        }
        method.mayFault(slot);
        if (!helper.get().has(CallTrait.LOOKS_UP) || !lookup(slot)) {
            boolean whileLocked = helper.get().has(CallTrait.WHILE_LOCKED);
            call(slot, helper.get().function(), whileLocked);
        }
        // What is called back may leave pointers to the packet that it has moved.
        if (callsBack(helper.get())) method.loadPacket();
        leaveForTailCall(slot);
    }

    private static boolean callsBack(Helper helper) {
        return helper.has(CallTrait.CALLS_BACK_NUMBERS)
                || helper.has(CallTrait.CALLS_BACK_ELEMENTS);
    }

    private void kfunc(int slot, Instruction i) {
        var kfunc = unit.program().type().kfunc(i.offset() == 0 ? i.immediate() : 0);
        if (kfunc.isEmpty()) {
            method.refuse(slot);
            return;
        }
        method.mayFault(slot);
        boolean whileLocked = kfunc.get().has(CallTrait.WHILE_LOCKED);
        call(slot, kfunc.get().function(), whileLocked);
    }

    private void call(int slot, HelperFunction function, boolean whileLocked) {
        unit.bindings().push(code, function, Names.HELPER);
        code.aload(Locals.X);
        pushArguments(whileLocked);
        code.invokeinterface(Names.HELPER, "call", HELPER);
        method.set(slot, 0);
    }

    private void pushArguments(boolean whileLocked) {
        code.aload(Locals.X);
        boolean checked = unit.locks() && !whileLocked;
        method.callOnExecution(checked ? "argumentsUnlocked" : "arguments", Names.GIVES_LONGS);
        for (int i = 0; i < MachineLimits.ARGUMENTS; i++) {
            code.dup().loadConstant(i);
            method.get(i + 1);
            code.lastore();
        }
    }

    private void byRegister(int slot, int register) {
        method.mayFault(slot);
        code.aload(Locals.X);
        method.getInt(register);
        pushArguments(true);
        method.callOnExecution("callHelper", BY_NUMBER);
        method.set(slot, 0);
        leaveForTailCall(slot);
    }

    /** A function that made a tail call is over. */
    private void leaveForTailCall(int slot) {
        if (!unit.mayTailCall(slot)) return;
        var on = code.newLabel();
        pushTailCalled();
        code.ifnull(on);
        method.exit();
        code.labelBinding(on);
    }

    private void pushTailCalled() {
        code.aload(Locals.X).getfield(Names.EXECUTION, "tailCalled", Names.PROGRAM);
    }

    // --- Lookups ---------------------------------------------------------------------------------

    /** The class by which compiled code knows a map: it can't see those of other modules. */
    private static Class<?> kindOf(BpfMap map) {
        Class<?> kind = map.getClass();
        while (!isSeen(kind)) kind = kind.getSuperclass();
        return kind;
    }

    private static boolean isSeen(Class<?> kind) {
        return Modifier.isPublic(kind.getModifiers())
                && kind.getModule().equals(BpfMap.class.getModule());
    }

    /** A lookup in a map that is known goes to that kind of map; false if it is not known. */
    private boolean lookup(int slot) {
        var place = unit.facts().map(f -> f.map(slot, 1)).orElse(OptionalInt.empty());
        if (place.isEmpty()) return false;
        var map = unit.program().maps().get(place.getAsInt());
        var key = unit.argument(slot, 2);
        boolean plain =
                !(key instanceof Target.Context
                        || key instanceof Target.Structure
                        || key instanceof Target.Any);
        boolean fits = !(map instanceof ProgArrayMap<?>) && map.keySize() > 0;
        if (!plain || !fits) return false;
        var kind = Names.of(kindOf(map));
        code.aload(Locals.X);
        code.dup().getfield(Names.EXECUTION, "maps", Names.MAP.arrayType());
        code.loadConstant(place.getAsInt()).aaload().checkcast(kind);
        var places = new PlaceWriter(method);
        if (map instanceof ArrayMap) {
            places.load(key, 2, 0, Integer.BYTES, false, false);
            var type = MethodTypeDesc.of(Names.REGION, CD_int);
            code.l2i().invokevirtual(kind, "lookupFromProgram", type);
        } else {
            code.aload(Locals.X).loadConstant(map.keySize());
            method.get(2);
            method.callOnExecution("key", FILL);
            var type = MethodTypeDesc.of(Names.REGION, Names.KEY);
            code.invokevirtual(kind, "lookupFromProgram", type);
        }
        method.callOnExecution("addressOrNull", ADDRESS);
        method.set(slot, 0);
        return true;
    }

    // --- Functions of the program ----------------------------------------------------------------

    private void local(int slot, Instruction i) {
        long start = i.functionAt(slot);
        if (!Body.isExecutable(unit.program(), start)) {
            method.refuse(slot);
            return;
        }
        method.mayFault(slot);
        code.aload(Locals.X);
        for (int register = 1; register <= MachineLimits.ARGUMENTS; register++)
            method.get(register);
        code.invokestatic(unit.owner(), Unit.functionName((int) start), Names.FUNCTION);
        method.set(slot, 0);
        if (unit.tailCallers().contains((int) start)) finishTailCalls(slot);
        method.loadPacket();
    }

    private void finishTailCalls(int slot) {
        var on = code.newLabel();
        pushTailCalled();
        code.ifnull(on);
        code.aload(Locals.X);
        method.callOnExecution("finishTailCalls", Names.GIVES_LONG);
        method.set(slot, 0);
        code.labelBinding(on);
    }
}
