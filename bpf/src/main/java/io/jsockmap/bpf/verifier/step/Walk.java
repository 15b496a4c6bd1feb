package io.jsockmap.bpf.verifier.step;

import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.insn.Code;
import io.jsockmap.bpf.program.Program;
import io.jsockmap.bpf.verifier.flow.ControlFlow;
import io.jsockmap.bpf.verifier.flow.Refused;
import io.jsockmap.bpf.verifier.rule.Rule;
import io.jsockmap.bpf.verifier.state.Frame;
import io.jsockmap.bpf.verifier.state.Pointer;
import io.jsockmap.bpf.verifier.state.PointerKind;
import io.jsockmap.bpf.verifier.state.Reg;
import io.jsockmap.bpf.verifier.state.Scalar;
import io.jsockmap.bpf.verifier.state.State;
import io.jsockmap.bpf.verifier.state.Unreadable;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The path that is being walked: where it is, what is known there, and which others go off it. */
public final class Walk {
    /** Another path, to be walked later. */
    public record Fork(State state, int slot, int from) {}

    private final Program program;
    private final ControlFlow flow;
    private final boolean mayLeakPointers;
    private final List<Fork> forks = new ArrayList<>();
    private final List<Note> notes = new ArrayList<>();
    private State state;
    private int slot;
    private final Map<Integer, PointerKind> accessed = new HashMap<>();
    private final Map<Integer, Integer> stackDepths = new HashMap<>();
    private final StackBytes shared = new StackBytes();
    private final Set<Integer> calledLater = new HashSet<>();
    private int lastId;

    /**
     * @param mayLeakPointers whether the program may make numbers of pointers, as privileged ones
     *     may
     */
    public Walk(Program program, ControlFlow flow, boolean mayLeakPointers) {
        this.program = program;
        this.flow = flow;
        this.mayLeakPointers = mayLeakPointers;
    }

    /** Goes on with a state at a slot. */
    public void goTo(State state, int slot) {
        this.state = state;
        this.slot = slot;
    }

    /** Goes on with the same state at a slot. */
    public void goTo(int slot) {
        this.slot = slot;
    }

    public Program program() {
        return program;
    }

    public ControlFlow flow() {
        return flow;
    }

    /** What is known now. */
    public State state() {
        return state;
    }

    /** The instruction that is being looked at. */
    public int slot() {
        return slot;
    }

    public boolean mayLeakPointers() {
        return mayLeakPointers;
    }

    /** Whether that is a pointer that may not become a number. */
    boolean wouldLeak(Reg reg) {
        return !mayLeakPointers && reg instanceof Pointer;
    }

    /** Ends what would make a number of a pointer that may not become one. */
    void refuseLeak(int register, Reg reg, String phrase) {
        if (!wouldLeak(reg)) return;
        throw refused(Rule.POINTER_LEAK, Errno.EACCES, register, phrase, register);
    }

    /** An identity that nothing else has. */
    public int newId() {
        return ++lastId;
    }

    /** A number that will be in two places: what is learned of one shall count for the other. */
    Scalar identified(Scalar scalar) {
        boolean needless = scalar.isConstant() || scalar.id() != 0;
        return needless ? scalar : scalar.linked(newId());
    }

    /** What a pointer becomes when its target is gone. */
    public Reg gone() {
        return mayLeakPointers ? Scalar.unknown() : Unreadable.UNREADABLE;
    }

    /** Pointers to what a dynptr showed, whose target is its identity, point to nothing now. */
    public void forgetSlices(int dynptr) {
        state.replaceAll(
                reg ->
                        reg instanceof Pointer pointer
                                        && pointer.is(PointerKind.MEMORY)
                                        && Integer.valueOf(dynptr).equals(pointer.target())
                                ? gone()
                                : reg);
    }

    /** What a register holds, which the program may read. */
    public Reg readable(int register) {
        var reg = state.register(register);
        if (reg.isReadable()) return reg;
        throw refused(
                Rule.UNINITIALISED_REGISTER, Errno.EACCES, register, "R%d !read_ok", register);
    }

    /** Sets a register, which the program may write. */
    public void write(int register, Reg value) {
        checkWritable(register);
        state.set(register, value);
    }

    void checkWritable(int register) {
        if (register != Code.FRAME_POINTER) return;
        throw refused(Rule.FRAME_POINTER, Errno.EACCES, register, "frame pointer is read only");
    }

    /** A decision hangs on the register's content, if it is a number. */
    public void markPrecise(int register) {
        markPrecise(state.register(register));
    }

    public static void markPrecise(Reg reg) {
        if (reg instanceof Scalar scalar) scalar.markPrecise();
    }

    /**
     * The instruction goes through that pointer: one that reaches a context or a structure must do
     * so on all paths, since it is translated for it.
     */
    void accesses(Pointer pointer) {
        var before = accessed.putIfAbsent(slot, pointer.kind());
        if (before == null || before == pointer.kind()) return;
        if (!isTranslated(before) && !isTranslated(pointer.kind())) return;
        throw refused(
                Rule.CONTEXT_POINTER,
                Errno.EINVAL,
                "same insn cannot be used with different pointers");
    }

    private static boolean isTranslated(PointerKind kind) {
        return kind == PointerKind.CONTEXT || kind == PointerKind.STRUCTURE;
    }

    /** A function uses that many bytes of its stack, or more. */
    void usesStack(int function, int bytes) {
        stackDepths.merge(function, bytes, Math::max);
    }

    /** Bytes of stack that functions were seen to use, by their starts. */
    public Map<Integer, Integer> stackDepths() {
        return stackDepths;
    }

    /** Bytes of stacks that others get at than their own functions' instructions. */
    public StackBytes shared() {
        return shared;
    }

    /** Where the functions begin that timers call. */
    public Set<Integer> calledLater() {
        return calledLater;
    }

    /** Another path goes on at that slot, with that state. */
    public void fork(State other, int at) {
        if (other.frame(0).call() == Frame.Call.LATER) calledLater.add(other.frame(0).function());
        forks.add(new Fork(other, at, slot));
    }

    /** Takes the paths that have gone off since the last call. */
    public List<Fork> takeForks() {
        var taken = List.copyOf(forks);
        forks.clear();
        return taken;
    }

    private record Note(String format, Object... values) {
        @Override
        public String toString() {
            return format.formatted(values);
        }
    }

    /** Adds a line to the log, if there is one. */
    public void note(String format, Object... values) {
        notes.add(new Note(format, values));
    }

    /** The lines that were added at this instruction. */
    public List<String> notes() {
        return notes.stream().map(Note::toString).toList();
    }

    /** Nobody asks for them any more. */
    public void forgetNotes() {
        notes.clear();
    }

    /** A refusal that is about a register. */
    public Refused refused(Rule rule, Errno errno, int register, String format, Object... values) {
        return new Refused(
                rule, errno, String.format(Locale.ROOT, format, values), List.of(register));
    }

    /** A refusal that is about no register. */
    public Refused refused(Rule rule, Errno errno, String format, Object... values) {
        return new Refused(rule, errno, String.format(Locale.ROOT, format, values), List.of());
    }

    /** The word for what a register holds, as messages have it. */
    static String word(Reg reg) {
        return switch (reg) {
            case Pointer pointer -> pointer.word();
            case Scalar _ -> "scalar";
            default -> "?";
        };
    }
}
