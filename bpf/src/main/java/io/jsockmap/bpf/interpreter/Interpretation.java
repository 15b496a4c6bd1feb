package io.jsockmap.bpf.interpreter;

import io.jsockmap.bpf.btf.SourceLine;
import io.jsockmap.bpf.insn.AtomicOp;
import io.jsockmap.bpf.insn.Code;
import io.jsockmap.bpf.insn.Instruction;
import io.jsockmap.bpf.insn.Operation.Alu;
import io.jsockmap.bpf.insn.Operation.Atomic;
import io.jsockmap.bpf.insn.Operation.Call;
import io.jsockmap.bpf.insn.Operation.Callee;
import io.jsockmap.bpf.insn.Operation.Exit;
import io.jsockmap.bpf.insn.Operation.Goto;
import io.jsockmap.bpf.insn.Operation.ImmediateKind;
import io.jsockmap.bpf.insn.Operation.Jump;
import io.jsockmap.bpf.insn.Operation.LegacyLoad;
import io.jsockmap.bpf.insn.Operation.Load;
import io.jsockmap.bpf.insn.Operation.LoadImmediate;
import io.jsockmap.bpf.insn.Operation.MayGoto;
import io.jsockmap.bpf.insn.Operation.Order;
import io.jsockmap.bpf.insn.Operation.SignExtend;
import io.jsockmap.bpf.insn.Operation.Store;
import io.jsockmap.bpf.insn.Operation.Swap;
import io.jsockmap.bpf.insn.Source;
import io.jsockmap.bpf.memory.ByteRegion;
import io.jsockmap.bpf.memory.Memory;
import io.jsockmap.bpf.memory.MemoryFault;
import io.jsockmap.bpf.memory.ObjectRegion;
import io.jsockmap.bpf.memory.Region;
import io.jsockmap.bpf.memory.SpinLock;
import io.jsockmap.bpf.program.CallTrait;
import io.jsockmap.bpf.program.Callback;
import io.jsockmap.bpf.program.Constants;
import io.jsockmap.bpf.program.Environment;
import io.jsockmap.bpf.program.HelperFunction;
import io.jsockmap.bpf.program.MachineLimits;
import io.jsockmap.bpf.program.Program;
import io.jsockmap.bpf.program.ProgramFault;
import io.jsockmap.bpf.program.Run;
import io.jsockmap.bpf.program.RunResult;
import io.jsockmap.bpf.program.Unusable;

import java.util.Arrays;
import java.util.Optional;
import java.util.function.Supplier;

/** One run of a program. */
final class Interpretation implements Run {
    private static final int STACK = MachineLimits.STACK;
    private static final int REGISTERS = 11;

    private static final Region NO_CONTEXT = new ObjectRegion("no context", "none");

    private final Memory memory = new Memory();
    private final SpinLock lock = new SpinLock(memory);
    private final Environment environment;
    private final long limit;
    private final Watchers watchers;

    private Region entryContext;
    private ByteRegion stack;
    private Program program;
    private Program tailCalled;
    private long executed;
    private int mayGotos;
    private int depth;
    private int frames;
    private int tailCalls;
    private int slot;
    private Optional<SourceLine> decided = Optional.empty();

    Interpretation(Program program, Environment environment, long limit, Watchers watchers) {
        this.watchers = watchers;
        this.program = program;
        this.environment = environment;
        this.limit = limit;
    }

    RunResult run(Region context, long second) {
        entryContext = context;
        return run(0, () -> new long[] {memory.enterContext(context), second});
    }

    /** Runs a function of the program that was called back after the run that named it. */
    RunResult runCallback(int start, Region... arguments) {
        entryContext = NO_CONTEXT;
        return run(start, () -> Arrays.stream(arguments).mapToLong(memory::addressOf).toArray());
    }

    private RunResult run(int start, Supplier<long[]> arguments) {
        memory.setConstants(program.constants().regions());
        try {
            watchers.begins(this, entryContext);
            long value = function(start, arguments.get());
            if (lock.isHeld()) throw fault(Unusable.HOLDS_LOCK);
            var result = new RunResult(value, executed, decided);
            watchers.ends(this, result);
            return result;
        } catch (MemoryFault fault) {
            throw watchers.faults(this, fault(fault.getMessage()));
        } catch (ProgramFault fault) {
            throw watchers.faults(this, fault);
        } catch (RuntimeException | Error e) {
            // A mistake of ours; who looks on must learn that the run is over all the same.
            watchers.faults(this, new ProgramFault(program, slot, "failed: " + e, e));
            throw e;
        } finally {
            lock.release();
            memory.runEnded();
        }
    }

    /** Runs a function from its first slot to its exit, and gives its R0. */
    private long function(int start, long... arguments) {
        int before = frames++;
        if (before == MachineLimits.FRAMES) throw fault(Unusable.TOO_DEEP);
        int outer = depth++;
        var caller = stack;
        stack = ByteRegion.allocate("stack", STACK);
        var r = new long[REGISTERS];
        System.arraycopy(arguments, 0, r, 1, arguments.length);
        r[Code.FRAME_POINTER] = memory.enterFrame(outer, stack) + STACK;
        var called = program;
        int next = start;
        while (next != Integer.MAX_VALUE) next = step(next, r);
        if (start == 0 || program != called) watchers.exits(r);
        // A tail call ends with the function that made it: the caller goes on in its own program.
        program = called;
        memory.setConstants(program.constants().regions());
        memory.revoke(stack);
        stack = caller;
        frames = before;
        depth = outer;
        return r[0];
    }

    /** Executes the instruction at a slot, and gives the slot of the next, or MAX_VALUE at exit. */
    private int step(int at, long[] r) {
        slot = at;
        var i = program.slot(at);
        if (i == null) throw fault(Unusable.NO_INSTRUCTION);
        if (++executed + memory.work() > limit) {
            throw fault(Unusable.ranTooLong(limit));
        }
        watchers.steps(this, depth, at, r);
        int next = at + i.slots();
        switch (i.operation()) {
            case Alu alu -> alu(i, r, alu);
            case SignExtend(int from, int bits) -> {
                long value = r[i.src()] << 64 - from >> 64 - from;
                set(r, i.dst(), bits == 64 ? value : Integer.toUnsignedLong((int) value));
            }
            case Swap(Order order, int width) -> set(r, i.dst(), swap(r[i.dst()], order, width));
            case Load(int size, boolean signed) -> {
                long value = memory.load(r[i.src()] + i.offset(), size);
                set(r, i.dst(), signed ? value << 64 - size * 8 >> 64 - size * 8 : value);
            }
            case Store(int size, Source source) ->
                    memory.store(r[i.dst()] + i.offset(), size, operand(i, r, source));
            case Atomic(AtomicOp op, int size) -> atomic(i, r, op, size);
            case Jump jump -> {
                boolean taken = jump.holds(r[i.dst()], operand(i, r, jump.source()));
                if (taken) return target(next, i.offset());
            }
            case Goto(boolean far) -> {
                return target(next, far ? i.immediate() : i.offset());
            }
            case MayGoto _ -> {
                if (hasLoopedEnough()) return target(next, i.offset());
            }
            case Call(Callee callee) -> {
                call(i, r, callee, next);
                if (tailCalled != null) return enterTailCalled(r);
            }
            case LoadImmediate(ImmediateKind reference) -> set(r, i.dst(), immediate(i, reference));
            case LegacyLoad _ -> throw fault(Unusable.LEGACY_LOAD);
            case Exit _ -> {
                return Integer.MAX_VALUE;
            }
        }
        return next;
    }

    /** The slot so far away, if an instruction begins there. */
    private int target(int from, long distance) {
        long target = from + distance;
        if (target == (int) target && program.slot((int) target) != null) return (int) target;
        throw fault(Unusable.noInstruction(target));
    }

    /** Whether {@code may_goto} leaves its loop: early enough that the rest of the program runs. */
    private boolean hasLoopedEnough() {
        return ++mayGotos > MachineLimits.MAY_GOTOS || executed + memory.work() > limit / 2;
    }

    private void alu(Instruction i, long[] r, Alu alu) {
        set(r, i.dst(), alu.apply(r[i.dst()], operand(i, r, alu.source())));
    }

    private static long operand(Instruction i, long[] r, Source source) {
        return source == Source.REGISTER ? r[i.src()] : i.immediate();
    }

    private static long swap(long value, Order order, int width) {
        // The machine is little-endian, so "to little" only cuts.
        long whole = order == Order.TO_LITTLE ? value << 64 - width : Long.reverseBytes(value);
        return whole >>> 64 - width;
    }

    private void atomic(Instruction i, long[] r, AtomicOp op, int size) {
        if (op == AtomicOp.LOAD_ACQUIRE) {
            set(r, i.dst(), memory.atomic(r[i.src()] + i.offset(), size, op, 0, 0));
            return;
        }
        if (op.fetches()) checkWritable(i.src());
        long old = memory.atomic(r[i.dst()] + i.offset(), size, op, r[i.src()], r[0]);
        if (op == AtomicOp.CMPXCHG) set(r, 0, old);
        if (op.fetches()) set(r, i.src(), old);
    }

    private long immediate(Instruction i, ImmediateKind reference) {
        return program.constants()
                .value(slot, i, reference)
                .orElseThrow(() -> fault(Unusable.why(program, slot)));
    }

    private void call(Instruction i, long[] r, Callee callee, int next) {
        switch (callee) {
            case HELPER -> helper(i, (int) i.immediate(), r);
            case REGISTER -> helper(i, (int) r[i.dst()], r);
            case LOCAL -> {
                r[0] = function(target(next, i.immediate()), r[1], r[2], r[3], r[4], r[5]);
                slot = next - 1;
                noteDecision();
            }
            case KFUNC -> kfunc(i, r);
        }
    }

    private void helper(Instruction i, int number, long[] r) {
        var helper =
                program.type()
                        .helper(number)
                        .orElseThrow(() -> fault(Unusable.helper(program, slot, number)));
        call(i, helper.name(), helper.function(), helper.has(CallTrait.WHILE_LOCKED), r);
    }

    /** The offset would name a module of the kernel; 0 is the kernel itself. */
    private void kfunc(Instruction i, long[] r) {
        var kfunc =
                program.type()
                        .kfunc(i.offset() == 0 ? i.immediate() : 0)
                        .orElseThrow(() -> fault(Unusable.NO_KFUNC));
        call(i, kfunc.name(), kfunc.function(), kfunc.has(CallTrait.WHILE_LOCKED), r);
    }

    /** A call may cause another run on this thread, which must not wait for a lock of this one. */
    private void call(
            Instruction i, String name, HelperFunction function, boolean whileLocked, long[] r) {
        if (lock.isHeld() && !whileLocked) {
            throw fault(Unusable.CALLS_LOCKED);
        }
        memory.charge(MachineLimits.HELPER_COST);
        var arguments = new long[] {r[1], r[2], r[3], r[4], r[5]};
        set(r, 0, function.call(this, arguments));
        watchers.called(this, i, name, arguments, r[0]);
    }

    /** The frame goes on in the other program, as its first, with the context and a new stack. */
    private int enterTailCalled(long[] r) {
        program = tailCalled;
        frames = 1;
        tailCalled = null;
        memory.setConstants(program.constants().regions());
        memory.revoke(stack);
        stack = ByteRegion.allocate("stack", STACK);
        Arrays.fill(r, 0);
        r[Code.FRAME_POINTER] = memory.enterFrame(depth - 1, stack) + STACK;
        r[1] = memory.enterContext(entryContext);
        return 0;
    }

    private void set(long[] r, int register, long value) {
        checkWritable(register);
        r[register] = value;
        if (register == 0) noteDecision();
    }

    /** The line that people look for is the main function's, not that of a function it calls. */
    private void noteDecision() {
        if (depth == 1) decided = program.lineOf(slot);
    }

    private void checkWritable(int register) {
        if (register == Code.FRAME_POINTER) throw fault(Unusable.FRAME_POINTER);
    }

    private ProgramFault fault(String problem) {
        return new ProgramFault(program, slot, problem);
    }

    @Override
    public Memory memory() {
        return memory;
    }

    @Override
    public Environment environment() {
        return environment;
    }

    @Override
    public Program program() {
        return program;
    }

    @Override
    public long call(long function, long... arguments) {
        int start = Constants.startOf(function, memory);
        int caller = slot;
        long result = function(start, arguments);
        slot = caller;
        return result;
    }

    @Override
    public Callback callback(long function) {
        int start = Constants.startOf(function, memory);
        // Nothing of this run may outlive it but what the callback needs.
        return callbackOf(program, environment, limit, watchers, start);
    }

    private static Callback callbackOf(
            Program program, Environment environment, long limit, Watchers watchers, int start) {
        return arguments ->
                Interpreter.onCallbackCpu(
                        () ->
                                new Interpretation(program, environment, limit, watchers)
                                        .runCallback(start, arguments));
    }

    @Override
    public SpinLock lock() {
        return lock;
    }

    @Override
    public boolean mayTailCall(int limit) {
        return tailCalls < limit;
    }

    @Override
    public void tailCall(Program target) {
        tailCalls++;
        tailCalled = target;
    }
}
