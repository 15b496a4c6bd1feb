package io.jsockmap.bpf.verifier.call;

import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.insn.Instruction;
import io.jsockmap.bpf.program.CallTrait;
import io.jsockmap.bpf.program.Helper;
import io.jsockmap.bpf.program.Helper.Argument;
import io.jsockmap.bpf.program.HelperNames;
import io.jsockmap.bpf.verifier.flow.Refused;
import io.jsockmap.bpf.verifier.rule.Rule;
import io.jsockmap.bpf.verifier.state.Pointer;
import io.jsockmap.bpf.verifier.state.PointerKind;
import io.jsockmap.bpf.verifier.state.Scalar;
import io.jsockmap.bpf.verifier.step.Walk;

import java.util.Optional;

/** A call of a helper. */
final class HelperCall {
    private static final int SNPRINTF = 165;

    /** The register with the format of bpf_snprintf. */
    private static final int FORMAT = 3;

    private final Walk walk;
    private final Arguments arguments;
    private final MapArguments maps;
    private final Dynptrs dynptrs;
    private final References references;
    private final Callbacks callbacks;
    private final Results results;
    private final Return end;

    HelperCall(
            Walk walk,
            Arguments arguments,
            MapArguments maps,
            Dynptrs dynptrs,
            References references,
            Callbacks callbacks,
            Return end) {
        this.walk = walk;
        this.arguments = arguments;
        this.maps = maps;
        this.dynptrs = dynptrs;
        this.references = references;
        this.callbacks = callbacks;
        this.end = end;
        this.results = new Results(walk, maps, references);
    }

    /** The effect of the call; gives the slot where the path goes on. */
    int call(long number) {
        var helper = helper(number);
        var facts = new CallFacts(helper.number());
        arguments.check(helper, facts);
        maps.checkFlags(facts);
        release(helper, facts);
        checkDynptrMemory(helper);
        checkFormat(helper);
        boolean tail = helper.has(CallTrait.TAIL_CALL);
        if (tail) references.checkNothingHeld("tail_call");
        callbacks.call(helper, facts);
        LocalCall.clobber(walk.state());
        walk.state().set(0, results.of(helper, facts));
        maps.checkUse(facts);
        if (helper.has(CallTrait.CHANGES_PACKET)) references.forgetPacket();
        return tail ? tailCall() : walk.slot() + 1;
    }

    private Helper helper(long number) {
        var helper = walk.program().type().helper((int) number);
        checkUnlocked(helper);
        var name = HelperNames.of((int) number);
        if (number <= 0 || name.equals("unknown")) {
            boolean relocated = number != Instruction.NOT_RELOCATED;
            throw walk.refused(
                    relocated ? Rule.UNKNOWN_HELPER : Rule.FAILED_RELOCATION,
                    Errno.EINVAL,
                    "invalid func %s#%d",
                    number == 0 ? "unspec" : "unknown",
                    number);
        }
        if (helper.isEmpty()) {
            throw walk.refused(
                    Rule.HELPER_NOT_ALLOWED,
                    Errno.EINVAL,
                    "program of this type cannot use helper %s#%d",
                    name,
                    number);
        }
        if (helper.get().has(CallTrait.GPL_ONLY) && !walk.program().debug().isGplCompatible()) {
            throw walk.refused(
                    Rule.GPL_ONLY,
                    Errno.EINVAL,
                    "cannot call GPL-restricted function from non-GPL compatible program");
        }
        return helper.get();
    }

    private void checkUnlocked(Optional<Helper> helper) {
        boolean may = helper.map(h -> h.has(CallTrait.WHILE_LOCKED)).orElse(false);
        if (!may && walk.state().lock().isPresent()) throw whileLocked(walk);
    }

    static Refused whileLocked(Walk walk) {
        return walk.refused(
                Rule.LOCK, Errno.EINVAL, "function calls are not allowed while holding a lock");
    }

    private void release(Helper helper, CallFacts facts) {
        if (facts.released == 0) return;
        boolean released =
                facts.givesBackDynptr
                        ? dynptrs.release(facts.dynptr)
                        : references.release(facts.reference);
        if (released) return;
        throw walk.refused(
                Rule.UNKNOWN_REFERENCE,
                Errno.EINVAL,
                facts.released,
                "func %s#%d reference has not been acquired before",
                helper.name(),
                helper.number());
    }

    /** A dynptr may be made of memory of a map's value only. */
    private void checkDynptrMemory(Helper helper) {
        int index = helper.arguments().indexOf(Argument.WRITABLE_VALUE);
        if (index < 0) return;
        int register = index + 1;
        var reg = walk.state().register(register);
        if (reg instanceof Pointer pointer && pointer.is(PointerKind.MAP_VALUE)) return;
        throw walk.refused(
                Rule.ARGUMENT_TYPE,
                Errno.EACCES,
                register,
                "Unsupported reg type %s for %s data",
                Words.of(reg),
                helper.name());
    }

    /** Values follow a format, eight bytes each. */
    private void checkFormat(Helper helper) {
        if (helper.number() != SNPRINTF) return;
        var size = (Scalar) walk.state().register(FORMAT + 2);
        maps.format(FORMAT, (int) size.bounds().bits().value());
    }

    /** Where it succeeds in a function, the other program's end is the function's. */
    private int tailCall() {
        if (walk.state().depth() == 1) return walk.slot() + 1;
        walk.fork(walk.state().copy(), walk.slot() + 1);
        references.forgetPacket();
        walk.state().set(0, Scalar.unknown());
        return end.toCaller(walk.state().frame());
    }
}
