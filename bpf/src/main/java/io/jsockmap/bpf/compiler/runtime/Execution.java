package io.jsockmap.bpf.compiler.runtime;

import io.jsockmap.bpf.map.BpfMap;
import io.jsockmap.bpf.map.Cpu;
import io.jsockmap.bpf.map.Key;
import io.jsockmap.bpf.memory.Memory;
import io.jsockmap.bpf.memory.ObjectRegion;
import io.jsockmap.bpf.memory.Region;
import io.jsockmap.bpf.memory.SpinLock;
import io.jsockmap.bpf.program.CallTrait;
import io.jsockmap.bpf.program.Callback;
import io.jsockmap.bpf.program.Constants;
import io.jsockmap.bpf.program.ContextRegion;
import io.jsockmap.bpf.program.Environment;
import io.jsockmap.bpf.program.ExitWatcher;
import io.jsockmap.bpf.program.MachineLimits;
import io.jsockmap.bpf.program.Program;
import io.jsockmap.bpf.program.ProgramFault;
import io.jsockmap.bpf.program.Run;
import io.jsockmap.bpf.program.RunResult;
import io.jsockmap.bpf.program.Unusable;

import java.util.Arrays;
import java.util.Optional;

/**
 * One run of a compiled program after the other: what compiled code and the helpers that it calls
 * work with. One thread at a time.
 */
public final class Execution implements Run {
    private static final int REGISTERS = 12;
    private static final int DECIDED = 11;
    private static final int WATCHED = 10;

    /** A call back takes at least as long as this many instructions. */
    private static final int CALL_COST = 2;

    private static final int LONGEST_KEY = 64;
    private static final Region NO_CONTEXT = new ObjectRegion("no context", "none");

    final Memory memory = new Memory();

    /** The maps of the program that runs, by their places. */
    BpfMap[] maps;

    /** The program that a helper jumped to, until it runs. */
    Program tailCalled;

    private final SpinLock lock = new SpinLock(memory);
    private final Stack stack = new Stack(memory);
    private final Rows arguments = new Rows(MachineLimits.ARGUMENTS);
    private final Rows registers = new Rows(REGISTERS);
    private final Outcome outcome = new Outcome();
    private final Key[] keys = new Key[LONGEST_KEY + 1];
    private final Linked home;
    private final Linker linker;
    private final Optional<ExitWatcher> watcher;
    private long limit;
    private Environment environment;
    private Linked current;
    private long budget;
    private int mayGotos;
    private int frames;
    private int tailCalls;

    /** How many functions wait for a program that one of them jumped to. */
    private int tailNesting;

    /** Finds what a program that is jumped to was compiled to. */
    @FunctionalInterface
    public interface Linker {
        /**
         * Finds it.
         *
         * @param from the program whose run it is
         */
        Linked link(Program from, Program target);
    }

    /**
     * @param watcher is told what is left in registers, if the code tells
     */
    public Execution(Linked home, Linker linker, Optional<ExitWatcher> watcher) {
        this.home = home;
        this.linker = linker;
        this.watcher = watcher;
        arguments.enter();
    }

    /**
     * Runs the program.
     *
     * @param limit how many instructions a run may take, as far as they are counted: where loops
     *     are not known to end
     */
    public RunResult run(Environment environment, Region context, long second, long limit) {
        begin(environment, limit);
        try {
            long value = home.code().main(this, memory.enterContext(context), second);
            return ended(tailCalled == null ? value : runTailCalled());
        } catch (Throwable thrown) {
            straighten();
            throw thrown;
        }
    }

    @SuppressWarnings("ReferenceEquality")
    private void begin(Environment environment, long limit) {
        this.limit = limit;
        // A store costs the garbage collector: mostly all is as in the run before.
        if (this.environment != environment) this.environment = environment;
        budget = limit;
        outcome.begin();
        enter(home);
    }

    @SuppressWarnings("ReferenceEquality")
    private void enter(Linked program) {
        if (current != program) {
            current = program;
            maps = program.maps();
        }
        memory.setConstants(program.constants().regions());
    }

    /** The run came to its end: what it entered, it left. */
    private RunResult ended(long value) {
        if (lock.isHeld()) throw new ProgramFault(home.program(), 0, Unusable.HOLDS_LOCK);
        var result = outcome.of(value);
        if (tailCalls != 0) comeHome();
        if (mayGotos != 0) mayGotos = 0;
        memory.runEnded();
        return result;
    }

    @SuppressWarnings("ReferenceEquality")
    private void comeHome() {
        tailCalls = 0;
        if (current == home) return;
        enter(home);
        outcome.forget();
    }

    /** Wherever the run was when it failed: the execution is used again. */
    private void straighten() {
        comeHome();
        stack.clear();
        tailCalled = null;
        tailNesting = 0;
        arguments.leaveTo(1);
        registers.leaveTo(0);
        mayGotos = 0;
        frames = 0;
        try {
            lock.release();
        } finally {
            memory.runEnded();
        }
    }

    // --- What compiled code calls ----------------------------------------------------------------

    /** The main function ends; the instruction at that slot set R0 last. */
    void decided(int slot) {
        if (tailNesting == 0) outcome.decidedBy(current.program(), slot);
    }

    /** A main function ends, and leaves this in its registers, unless it made a tail call. */
    void exits(long[] registers) {
        if (tailCalled != null) return;
        watcher.ifPresent(w -> w.exits(Arrays.copyOf(registers, WATCHED)));
    }

    /** Begins a frame of which so many bytes are used. */
    byte[] enterFrame(int used) {
        return stack.enter(used);
    }

    /** The same for a function of which nothing was proved: it might call itself for ever. */
    byte[] enterChecked(int used) {
        if (frames++ == MachineLimits.FRAMES) throw new Faults.Halt(Unusable.TOO_DEEP);
        tick(CALL_COST);
        return stack.enter(used);
    }

    /** The memory of the frame that was begun last. */
    byte[] frame() {
        return stack.last();
    }

    long framePointer() {
        return stack.pointer();
    }

    void leaveFrame() {
        stack.leave();
    }

    void leaveChecked() {
        frames--;
        stack.revoke();
    }

    /** So many instructions are executed that are not known to come to an end. */
    void tick(int instructions) {
        budget -= instructions;
        if (budget < memory.work()) throw exhausted();
    }

    private RuntimeException exhausted() {
        return new Faults.Halt(Unusable.ranTooLong(limit));
    }

    /** Whether {@code may_goto} leaves its loop: early enough that the rest of the program runs. */
    boolean hasLoopedEnough(int instructions) {
        budget -= instructions;
        return ++mayGotos > MachineLimits.MAY_GOTOS || budget - memory.work() < limit / 2;
    }

    /** Room for the arguments of a helper that is about to be called, which is work too. */
    long[] arguments() {
        memory.charge(MachineLimits.HELPER_COST);
        if (memory.work() > budget) throw exhausted();
        return arguments.last();
    }

    /** The same where the program may hold a lock, and the helper must not be called then. */
    long[] argumentsUnlocked() {
        checkUnlocked();
        return arguments();
    }

    private void checkUnlocked() {
        if (lock.isHeld()) throw new Faults.Halt(Unusable.CALLS_LOCKED);
    }

    /** A helper of which the number is in a register. */
    long callHelper(int number, long[] a) {
        var helper = current.program().type().helper(number);
        if (helper.isEmpty()) {
            throw new Faults.Halt(Unusable.helper(current.program(), number));
        }
        if (!helper.get().has(CallTrait.WHILE_LOCKED)) checkUnlocked();
        return helper.get().function().call(this, a);
    }

    /** The key of so many bytes that a pointer names, for a lookup right away. */
    Key key(int size, long pointer) {
        var from = memory.plain(pointer, false);
        long offset = Cells.offset(pointer);
        if (size > LONGEST_KEY) return Key.scratch(size).read(from, offset);
        var key = keys[size];
        if (key == null) {
            key = Key.scratch(size);
            keys[size] = key;
        }
        return key.read(from, offset);
    }

    /** The address of what a lookup found, or 0. */
    long addressOrNull(Region found) {
        return found == null ? 0 : memory.enterValue(found);
    }

    /** The object behind the context, as the getters of its fields want it; null without one. */
    Object context() {
        return memory.context() instanceof ContextRegion<?> region ? region.context() : null;
    }

    /** The object behind a pointer to a structure. */
    Object structure(long address) {
        return memory.regionOf(address, ContextRegion.class, "a structure").context();
    }

    /** Registers for a function that is in several pieces. */
    long[] enterRegisters() {
        var some = registers.enter();
        Arrays.fill(some, 0);
        some[DECIDED] = Outcome.NOWHERE;
        return some;
    }

    void leaveRegisters() {
        registers.leave();
    }

    /**
     * Runs the programs that were jumped to, one after the other; the caller goes on in its own.
     */
    long finishTailCalls() {
        var caller = current;
        int depth = frames;
        tailNesting++;
        long value = runTailCalled();
        tailNesting--;
        enter(caller);
        frames = depth;
        return value;
    }

    private long runTailCalled() {
        long value;
        do {
            var target = linker.link(home.program(), tailCalled);
            tailCalled = null;
            enter(target);
            frames = 0;
            if (tailNesting == 0) outcome.begin();
            value = target.code().main(this, memory.enterContext(memory.context()), 0);
        } while (tailCalled != null);
        return value;
    }

    /** What a fault of an instruction is to those outside. */
    static Throwable fault(Throwable thrown, Program program, int slot) {
        return Faults.of(thrown, program, slot);
    }

    /** The fault of an instruction that can't be executed. */
    static ProgramFault refuse(Program program, int slot) {
        return new ProgramFault(program, slot, Unusable.why(program, slot));
    }

    /** The fault of a jump to where nothing can be executed. */
    static ProgramFault refuse(Program program, int slot, long target) {
        return new ProgramFault(program, slot, Unusable.noInstruction(target));
    }

    // --- What helpers call -----------------------------------------------------------------------

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
        return current.program();
    }

    @Override
    public long call(long function, long... a) {
        return call(
                Constants.startOf(function, memory),
                at(a, 0),
                at(a, 1),
                at(a, 2),
                at(a, 3),
                at(a, 4));
    }

    private static long at(long[] a, int index) {
        return index < a.length ? a[index] : 0;
    }

    private long call(int start, long r1, long r2, long r3, long r4, long r5) {
        tick(CALL_COST);
        arguments.enter();
        long value = current.code().function(start, this, r1, r2, r3, r4, r5);
        if (tailCalled != null) value = finishTailCalls();
        arguments.leave();
        return value;
    }

    @Override
    public Callback callback(long function) {
        int start = Constants.startOf(function, memory);
        // Nothing of this run may outlive it but what the callback needs.
        return callbackOf(current, linker, watcher, limit, environment, start);
    }

    private static Callback callbackOf(
            Linked program,
            Linker linker,
            Optional<ExitWatcher> watcher,
            long limit,
            Environment environment,
            int start) {
        return regions -> {
            boolean entered = Cpu.enterCallback();
            try {
                return new Execution(program, linker, watcher)
                        .runCallback(environment, limit, start, regions);
            } finally {
                if (entered) Cpu.leaveCallback();
            }
        };
    }

    private RunResult runCallback(
            Environment environment, long limit, int start, Region... regions) {
        begin(environment, limit);
        memory.enterContext(NO_CONTEXT);
        try {
            var a = new long[regions.length];
            for (int i = 0; i < a.length; i++) a[i] = memory.addressOf(regions[i]);
            return ended(call(start, at(a, 0), at(a, 1), at(a, 2), at(a, 3), at(a, 4)));
        } catch (Throwable thrown) {
            straighten();
            throw thrown;
        }
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
