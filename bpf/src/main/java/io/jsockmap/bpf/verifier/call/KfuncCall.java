package io.jsockmap.bpf.verifier.call;

import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.program.CallTrait;
import io.jsockmap.bpf.program.Helper.Argument;
import io.jsockmap.bpf.program.Kfunc;
import io.jsockmap.bpf.program.ProgramType.PacketAccess;
import io.jsockmap.bpf.verifier.call.MemoryArguments.Use;
import io.jsockmap.bpf.verifier.flow.Refused;
import io.jsockmap.bpf.verifier.rule.Rule;
import io.jsockmap.bpf.verifier.state.Pointer;
import io.jsockmap.bpf.verifier.state.PointerKind;
import io.jsockmap.bpf.verifier.state.Scalar;
import io.jsockmap.bpf.verifier.state.Unreadable;
import io.jsockmap.bpf.verifier.step.Walk;

/** A call of a function of the kernel. */
final class KfuncCall {
    /** Bytes of the number that an iterator gives. */
    private static final int ELEMENT = 4;

    private static final int NO_HELPER = -1;

    private final Walk walk;
    private final MemoryArguments memory;
    private final Dynptrs dynptrs;
    private final Iterators iterators;
    private final Sections sections;

    KfuncCall(Walk walk, MemoryArguments memory, Dynptrs dynptrs, Iterators iterators) {
        this.walk = walk;
        this.memory = memory;
        this.dynptrs = dynptrs;
        this.iterators = iterators;
        this.sections = new Sections(walk);
    }

    /**
     * The effect of the call of the function at a place; gives the slot where the path goes on.
     *
     * @param module which of the kernel's modules has the function; 0 is the kernel itself
     */
    int call(long place, int module) {
        checkModule(module);
        var kfunc = kfunc(place);
        var facts = new CallFacts(NO_HELPER);
        for (int i = 0; i < kfunc.arguments().size(); i++) {
            argument(kfunc, facts, i + 1, kfunc.arguments().get(i));
        }
        sections.enterOrLeave(kfunc);
        LocalCall.clobber(walk.state());
        result(kfunc, facts);
        return walk.slot() + 1;
    }

    /** There are none here: a program names them by files that were given along with it. */
    private void checkModule(int module) {
        if (module == 0) return;
        throw walk.refused(
                Rule.UNKNOWN_KFUNC,
                module < 0 ? Errno.EINVAL : Errno.EPROTO,
                module < 0
                        ? "negative offset disallowed for kernel module function call"
                        : "kfunc offset > 0 without fd_array is invalid");
    }

    private Kfunc kfunc(long place) {
        if (place == 0) {
            throw walk.refused(
                    Rule.UNKNOWN_KFUNC,
                    Errno.EINVAL,
                    "invalid kernel function call not eliminated in verifier pass");
        }
        var kfunc = walk.program().type().kfunc(place);
        boolean mayBeLocked = kfunc.map(k -> k.has(CallTrait.WHILE_LOCKED)).orElse(false);
        if (walk.state().lock().isPresent() && !mayBeLocked) throw HelperCall.whileLocked(walk);
        if (kfunc.isEmpty()) {
            throw walk.refused(
                    Rule.UNKNOWN_KFUNC,
                    Errno.EACCES,
                    "calling kernel function unknown#%d is not allowed",
                    place);
        }
        return kfunc.get();
    }

    private void argument(Kfunc kfunc, CallFacts facts, int register, Argument argument) {
        switch (argument) {
            case ITERATOR -> iterator(kfunc, facts, register);
            case DYNPTR -> facts.dynptr = dynptrs.read(register);
            case DYNPTR_TO_FILL -> dynptrs.copy(register, facts.dynptr);
            case WRITABLE_OR_NULL -> {}
            case CONSTANT_SIZE -> buffer(facts, register);
            case SCALAR -> number(register);
            default ->
                    throw new IllegalStateException(
                            "%s has an argument %s".formatted(kfunc.name(), argument));
        }
    }

    private Scalar number(int register) {
        if (walk.state().register(register) instanceof Scalar scalar) return scalar;
        throw walk.refused(
                Rule.ARGUMENT_TYPE, Errno.EINVAL, register, "R%d is not a scalar", register);
    }

    private void iterator(Kfunc kfunc, CallFacts facts, int register) {
        if (kfunc.has(CallTrait.ITERATOR_NEW)) {
            iterators.begin(register);
        } else if (kfunc.has(CallTrait.ITERATOR_DESTROY)) {
            iterators.end(register);
        } else {
            facts.reference = iterators.read(register).reference();
            facts.iterator = (Pointer) walk.state().register(register);
        }
    }

    /** A buffer, which may be missing, and its size, which is the result's too. */
    private void buffer(CallFacts facts, int register) {
        var size = number(register);
        int before = register - 1;
        if (!Words.isNull(walk.state().register(before))) checkBuffer(register);
        else walk.markPrecise(before);
        if (!size.isConstant()) {
            throw walk.refused(
                    Rule.ARGUMENT_CONSTANT,
                    Errno.EINVAL,
                    register,
                    "R%d must be a known constant",
                    register);
        }
        walk.markPrecise(register);
        facts.memorySize = (int) size.bounds().constant();
    }

    private void checkBuffer(int register) {
        try {
            memory.size(register, true, Use.READ);
            memory.size(register, true, Use.WRITE);
        } catch (Refused e) {
            throw e.saying(
                    e.errno(),
                    "%s%narg#%d arg#%d memory, len pair leads to invalid memory access"
                            .formatted(e.getMessage(), register - 2, register - 1));
        }
    }

    private void result(Kfunc kfunc, CallFacts facts) {
        var state = walk.state();
        switch (kfunc.result()) {
            case NOTHING -> state.set(0, Unreadable.UNREADABLE);
            case NUMBER -> state.set(0, Scalar.unknown());
            case MEMORY_OR_NULL, READ_ONLY_MEMORY_OR_NULL -> {
                if (facts.iterator != null) next(facts);
                else state.set(0, slice(kfunc, facts));
            }
            default ->
                    throw new IllegalStateException(
                            "%s gives %s".formatted(kfunc.name(), kfunc.result()));
        }
    }

    private void next(CallFacts facts) {
        var element = Pointer.toMemory(PointerKind.MEMORY, ELEMENT).asReadOnly();
        var held = element.withReference(facts.reference);
        iterators.next(facts.iterator, held.withId(walk.newId()));
    }

    private Pointer slice(Kfunc kfunc, CallFacts facts) {
        boolean writes = kfunc.has(CallTrait.WRITES_PACKET);
        if (writes && walk.program().type().packetAccess() != PacketAccess.WRITE) {
            throw walk.refused(
                    Rule.PACKET_WRITE,
                    Errno.EINVAL,
                    "the prog does not allow writes to packet data");
        }
        var bytes = Pointer.toMemory(PointerKind.MEMORY, facts.memorySize);
        var slice = (writes ? bytes : bytes.asReadOnly()).withTarget(facts.dynptr.id());
        return slice.orNull(walk.newId());
    }
}
