package io.jsockmap.bpf.verifier.call;

import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.insn.Instruction;
import io.jsockmap.bpf.insn.Operation.Callee;
import io.jsockmap.bpf.verifier.rule.Rule;
import io.jsockmap.bpf.verifier.state.Pointer;
import io.jsockmap.bpf.verifier.state.State;
import io.jsockmap.bpf.verifier.step.MemoryBounds;
import io.jsockmap.bpf.verifier.step.StackAccess;
import io.jsockmap.bpf.verifier.step.Walk;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** What calls and exits do to a path. */
public final class Calls {
    /** In the place of a slot: the path ends. */
    public static final int END = -1;

    private final Walk walk;
    private final NullChecks nullChecks;
    private final LocalCall local;
    private final Callbacks callbacks;
    private final GlobalFunctions globals;
    private final HelperCall helpers;
    private final KfuncCall kfuncs;
    private final Return end;

    /**
     * @param previous the last checkpoint of this path at the slot where the walk is, of a round
     *     before this one: the checkpoint that was made when the path came there just now does not
     *     count
     */
    public Calls(
            Walk walk, MemoryBounds bounds, StackAccess stack, Supplier<Optional<State>> previous) {
        this.walk = walk;
        nullChecks = new NullChecks(walk.program().type());
        local = new LocalCall(walk);
        var references = new References(walk);
        var memory = new MemoryArguments(walk, bounds, stack, nullChecks);
        var maps = new MapArguments(walk, bounds, memory);
        var dynptrs = new Dynptrs(walk, bounds, stack, references);
        var locks = new Locks(walk);
        var arguments = new Arguments(walk, bounds, memory, maps, dynptrs, locks);
        callbacks = new Callbacks(walk, local);
        var iterators = new Iterators(walk, stack, references, previous);
        end = new Return(walk, references, previous);
        globals = new GlobalFunctions(walk, arguments, memory, dynptrs, references);
        helpers = new HelperCall(walk, arguments, maps, dynptrs, references, callbacks, end);
        kfuncs = new KfuncCall(walk, memory, dynptrs, iterators);
    }

    /** The effect of a call; gives the slot where this path goes on. */
    public int call(Instruction i, Callee callee) {
        return switch (callee) {
            case HELPER -> helpers.call(i.immediate());
            case KFUNC -> kfuncs.call(i.immediate(), i.offset());
            case LOCAL -> local((int) i.functionAt(walk.slot()));
            case REGISTER ->
                    throw walk.refused(
                            Rule.UNKNOWN_INSTRUCTION,
                            Errno.EINVAL,
                            "unknown opcode %02x",
                            i.opcode().code());
        };
    }

    private int local(int function) {
        return globals.contains(function) ? globals.call(function) : local.enter(function);
    }

    /** The effect of an exit; gives the slot where the caller goes on, or {@link #END}. */
    public int exit() {
        return end.leave();
    }

    /** What a pointer is that may be null, once it is found not to be. */
    public Pointer whenNotNull(Pointer pointer) {
        return nullChecks.notNull(pointer);
    }

    /** Where the global functions begin that were found called, each to be verified by itself. */
    public List<Integer> globals() {
        return globals.called();
    }

    /** Where the functions begin that timers call, and nothing else does. */
    public Set<Integer> calledOnlyLater() {
        Set<Integer> later = new HashSet<>(walk.calledLater());
        later.removeAll(callbacks.called());
        return later;
    }

    /** The state in which the global function that begins at a slot is verified. */
    public State startOf(int function) {
        return globals.start(function);
    }
}
