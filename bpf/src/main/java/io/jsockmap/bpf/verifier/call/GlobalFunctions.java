package io.jsockmap.bpf.verifier.call;

import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.program.CallTrait;
import io.jsockmap.bpf.program.Helper;
import io.jsockmap.bpf.program.Subprogram;
import io.jsockmap.bpf.verifier.call.MemoryArguments.Use;
import io.jsockmap.bpf.verifier.call.Prototype.Parameter;
import io.jsockmap.bpf.verifier.flow.Refused;
import io.jsockmap.bpf.verifier.rule.Rule;
import io.jsockmap.bpf.verifier.state.Frame;
import io.jsockmap.bpf.verifier.state.Pointer;
import io.jsockmap.bpf.verifier.state.PointerKind;
import io.jsockmap.bpf.verifier.state.Reg;
import io.jsockmap.bpf.verifier.state.Scalar;
import io.jsockmap.bpf.verifier.state.State;
import io.jsockmap.bpf.verifier.step.Walk;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Functions that are verified by themselves: a call looks at nothing but the prototype. */
final class GlobalFunctions {
    private final Walk walk;
    private final Arguments arguments;
    private final MemoryArguments memory;
    private final Dynptrs dynptrs;
    private final References references;
    private final Set<Integer> called = new LinkedHashSet<>();
    private final Map<Integer, Prototype> prototypes = new HashMap<>();
    private final Map<Integer, Boolean> changing = new HashMap<>();

    GlobalFunctions(
            Walk walk,
            Arguments arguments,
            MemoryArguments memory,
            Dynptrs dynptrs,
            References references) {
        this.walk = walk;
        this.arguments = arguments;
        this.memory = memory;
        this.dynptrs = dynptrs;
        this.references = references;
    }

    /** Where those begin that were found called, in the order in which they were. */
    List<Integer> called() {
        return List.copyOf(called);
    }

    /** Whether the function that begins at a slot is one, and its prototype is known. */
    boolean contains(int function) {
        return walk.flow().functions().isGlobal(function)
                && walk.program().debug().types().isPresent()
                && subprogram(function).type() != 0;
    }

    private Subprogram subprogram(int function) {
        return walk.flow().functions().subprogram(function).orElseThrow();
    }

    private Prototype prototype(int function) {
        var context = walk.program().type().context().name();
        return prototypes.computeIfAbsent(
                function,
                _ ->
                        Prototype.read(
                                walk.program().debug().types().orElseThrow(),
                                subprogram(function).type(),
                                context));
    }

    // --- Calls -----------------------------------------------------------------------------------

    /** The effect of a call; gives the slot where the path goes on. */
    int call(int function) {
        int number = walk.flow().functions().number(function);
        var name = subprogram(function).name();
        check(function, number, name);
        if (walk.state().lock().isPresent()) {
            throw walk.refused(
                    Rule.LOCK,
                    Errno.EINVAL,
                    "global function calls are not allowed while holding a lock,\n"
                            + "use static function instead");
        }
        walk.note("Func#%d ('%s') is global and assumed valid.", number, name);
        boolean changes =
                changing.computeIfAbsent(function, _ -> changesPacket(function, new HashSet<>()));
        if (changes) references.forgetPacket();
        called.add(function);
        LocalCall.clobber(walk.state());
        walk.state().set(0, Scalar.unknown());
        return walk.slot() + 1;
    }

    private void check(int function, int number, String name) {
        try {
            var parameters = prototype(function).parameters();
            for (int i = 0; i < parameters.size(); i++) check(function, i, parameters.get(i));
        } catch (Refused e) {
            throw e.saying(
                    e.errno(),
                    "%s%nCaller passes invalid args into func#%d ('%s')"
                            .formatted(e.getMessage(), number, name));
        }
    }

    private void check(int function, int i, Parameter parameter) {
        int register = i + 1;
        var reg = walk.state().register(register);
        switch (parameter) {
            case Prototype.AnyNumber _ -> {
                if (reg instanceof Scalar) return;
                throw unfit(register, "R%d is not a scalar", register);
            }
            case Prototype.Context _ -> {
                checkPlace(register, reg);
                if (reg instanceof Pointer pointer && pointer.is(PointerKind.CONTEXT)) return;
                throw unfit(register, "arg#%d expects pointer to ctx", i);
            }
            case Prototype.DynptrParameter _ -> dynptrs.read(register);
            case Prototype.Memory(int size, boolean maybeNull) -> {
                checkPlace(register, reg);
                checkMemory(register, reg, size);
                checkStays(register, reg, function);
                boolean mayBe = reg instanceof Pointer pointer && pointer.nullable();
                if (maybeNull || !mayBe && !Words.isNull(reg)) return;
                throw unfit(register, "arg#%d is expected to be non-NULL", i);
            }
        }
    }

    private void checkPlace(int register, Reg reg) {
        if (reg instanceof Pointer pointer) arguments.checkPlace(register, pointer, false);
    }

    /** The function may read and write it all. */
    private void checkMemory(int register, Reg reg, int size) {
        if (Words.isNull(reg)) {
            walk.markPrecise(register);
            return;
        }
        try {
            memory.memory(register, size, true, Use.READ);
            memory.memory(register, size, true, Use.WRITE);
        } catch (Refused e) {
            throw e.saying(Errno.EINVAL, e.getMessage());
        }
    }

    /** The function would not notice that its memory is gone when it changes the packet. */
    private void checkStays(int register, Reg reg, int function) {
        boolean packet = reg instanceof Pointer pointer && pointer.is(PointerKind.PACKET);
        if (!packet || !changesPacket(function, new HashSet<>())) return;
        throw unfit(
                register, "R%d points into the packet, which the function may change", register);
    }

    private Refused unfit(int register, String format, Object... values) {
        return walk.refused(Rule.GLOBAL_FUNCTION, Errno.EINVAL, register, format, values);
    }

    /** Whether the function, or one that it calls, may change the packet. */
    private boolean changesPacket(int function, Set<Integer> seen) {
        if (!seen.add(function)) return false;
        int end = walk.flow().functions().endOf(function);
        for (int slot = function; slot < end; slot++) {
            var i = walk.program().slot(slot);
            if (i == null) continue;
            boolean changes =
                    i.namesFunction()
                            ? changesPacket((int) i.functionAt(slot), seen)
                            : walk.program().type().called(i).filter(this::changes).isPresent();
            if (changes) return true;
        }
        return false;
    }

    private boolean changes(Helper helper) {
        return helper.has(CallTrait.CHANGES_PACKET) || helper.has(CallTrait.TAIL_CALL);
    }

    // --- By itself -------------------------------------------------------------------------------

    /** The state in which the function is verified that begins at a slot. */
    State start(int function) {
        var state = State.at(function, Frame.Call.PLAIN);
        var parameters = prototype(function).parameters();
        for (int i = 0; i < parameters.size(); i++) state.set(i + 1, any(parameters.get(i)));
        return state;
    }

    private Reg any(Parameter parameter) {
        return switch (parameter) {
            case Prototype.AnyNumber _ -> Scalar.unknown();
            case Prototype.Context _ -> Pointer.to(PointerKind.CONTEXT);
            case Prototype.DynptrParameter _ -> Pointer.to(PointerKind.DYNPTR).withId(walk.newId());
            case Prototype.Memory(int size, boolean maybeNull) -> {
                var pointer = Pointer.toMemory(PointerKind.MEMORY, size);
                yield maybeNull ? pointer.orNull(walk.newId()) : pointer;
            }
        };
    }
}
