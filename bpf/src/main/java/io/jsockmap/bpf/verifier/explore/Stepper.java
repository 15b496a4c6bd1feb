package io.jsockmap.bpf.verifier.explore;

import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.insn.Instruction;
import io.jsockmap.bpf.insn.Operation;
import io.jsockmap.bpf.insn.Operation.Alu;
import io.jsockmap.bpf.insn.Operation.Atomic;
import io.jsockmap.bpf.insn.Operation.Call;
import io.jsockmap.bpf.insn.Operation.Exit;
import io.jsockmap.bpf.insn.Operation.Goto;
import io.jsockmap.bpf.insn.Operation.ImmediateKind;
import io.jsockmap.bpf.insn.Operation.Jump;
import io.jsockmap.bpf.insn.Operation.LegacyLoad;
import io.jsockmap.bpf.insn.Operation.Load;
import io.jsockmap.bpf.insn.Operation.LoadImmediate;
import io.jsockmap.bpf.insn.Operation.MayGoto;
import io.jsockmap.bpf.insn.Operation.SignExtend;
import io.jsockmap.bpf.insn.Operation.Store;
import io.jsockmap.bpf.insn.Operation.Swap;
import io.jsockmap.bpf.program.MapUse;
import io.jsockmap.bpf.verifier.call.Calls;
import io.jsockmap.bpf.verifier.rule.Rule;
import io.jsockmap.bpf.verifier.state.Pointer;
import io.jsockmap.bpf.verifier.state.PointerKind;
import io.jsockmap.bpf.verifier.state.Reg;
import io.jsockmap.bpf.verifier.state.Scalar;
import io.jsockmap.bpf.verifier.state.State;
import io.jsockmap.bpf.verifier.step.Arithmetic;
import io.jsockmap.bpf.verifier.step.Branches;
import io.jsockmap.bpf.verifier.step.MemoryAccess;
import io.jsockmap.bpf.verifier.step.Walk;
import io.jsockmap.bpf.verifier.step.Widening;

import java.util.Optional;
import java.util.function.Supplier;

/** Takes the state from one instruction to the next. */
final class Stepper {
    private final Walk walk;
    private final Arithmetic arithmetic;
    private final MemoryAccess memory;
    private final Branches branches;
    private final Calls calls;
    private final Supplier<Optional<State>> previous;

    Stepper(Walk walk, MemoryAccess memory, Calls calls, Supplier<Optional<State>> previous) {
        this.walk = walk;
        this.memory = memory;
        this.calls = calls;
        this.previous = previous;
        arithmetic = new Arithmetic(walk);
        branches = new Branches(walk, calls::whenNotNull);
    }

    static boolean isJump(Operation operation) {
        return switch (operation) {
            case Jump _, Goto _, MayGoto _, Call _, Exit _ -> true;
            default -> false;
        };
    }

    /**
     * The effect of an instruction; gives the slot where this path goes on, or {@link Calls#END}.
     */
    int step(Instruction i) {
        int next = walk.slot() + i.slots();
        switch (i.operation()) {
            case Alu alu -> arithmetic.alu(i, alu);
            case SignExtend extension -> arithmetic.signExtend(i, extension);
            case Swap swap -> arithmetic.swap(i, swap);
            case Load load -> memory.load(i, load);
            case Store store -> memory.store(i, store);
            case Atomic atomic -> memory.atomic(i, atomic);
            case LoadImmediate(ImmediateKind kind) -> walk.write(i.dst(), immediate(i, kind));
            case LegacyLoad _ ->
                    throw walk.refused(
                            Rule.LEGACY_LOAD,
                            Errno.EINVAL,
                            "BPF_LD_[ABS|IND] instructions not allowed for this program type");
            case Jump jump -> {
                return branches.jump(i, jump);
            }
            case Goto _ -> {
                return (int) i.jumpTarget(walk.slot());
            }
            case MayGoto _ -> {
                return mayGoto(next, (int) i.jumpTarget(walk.slot()));
            }
            case Call(Operation.Callee callee) -> {
                return calls.call(i, callee);
            }
            case Exit _ -> {
                return calls.exit();
            }
        }
        return next;
    }

    private int mayGoto(int next, int out) {
        var again = walk.state().copy();
        again.setMayGotos(again.mayGotos() + 1);
        previous.get().ifPresent(before -> Widening.widen(before, again));
        walk.fork(again, next);
        return out;
    }

    private Reg immediate(Instruction i, ImmediateKind kind) {
        int low = (int) i.immediate();
        return switch (kind) {
            case NUMBER -> Scalar.of(i.immediate());
            case MAP, MAP_INDEX -> Pointer.to(PointerKind.MAP, walk.program().maps().get(low));
            case MAP_VALUE, MAP_INDEX_VALUE -> value(low, (int) (i.immediate() >>> 32));
            case FUNCTION -> function((int) i.functionAt(walk.slot()));
            case VARIABLE ->
                    throw walk.refused(
                            Rule.UNKNOWN_INSTRUCTION,
                            Errno.EINVAL,
                            "variables of the kernel are not offered");
        };
    }

    private Reg function(int start) {
        if (walk.flow().functions().isGlobal(start)) {
            throw walk.refused(Rule.CALLBACK, Errno.EINVAL, "callback function not static");
        }
        return Pointer.toFunction(start);
    }

    private Reg value(int place, int offset) {
        var map = walk.program().maps().get(place);
        MapUse.directValue(map.definition(), offset)
                .ifPresent(
                        why -> {
                            throw walk.refused(
                                    Rule.MAP_KIND, why.errno(), "%s", why.lines().getFirst());
                        });
        return Pointer.to(PointerKind.MAP_VALUE, map).moved(offset);
    }
}
