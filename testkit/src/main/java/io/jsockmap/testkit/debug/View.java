package io.jsockmap.testkit.debug;

import io.jsockmap.bpf.btf.SourceLine;
import io.jsockmap.bpf.insn.Disassembler;
import io.jsockmap.bpf.insn.Instruction;
import io.jsockmap.bpf.program.HelperNames;
import io.jsockmap.testkit.record.Frame;
import io.jsockmap.testkit.record.MapState;
import io.jsockmap.testkit.record.Named;
import io.jsockmap.testkit.record.RecordedRun;
import io.jsockmap.testkit.record.Step;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What is to be seen at a moment of a run.
 *
 * {@snippet class="io.jsockmap.testkit.examples.DebugExamples" region="walk"}
 */
public final class View {
    private static final int REGISTERS = 11;

    private final RecordedRun run;
    private final int step;
    private final boolean over;

    View(RecordedRun run, int step, boolean over) {
        this.run = run;
        this.step = step;
        this.over = over;
    }

    /** The run. */
    public RecordedRun run() {
        return run;
    }

    /** Whether the run is over: then its last step is shown, and memory as it was left. */
    public boolean isOver() {
        return over;
    }

    /** The step that is next. */
    public Step step() {
        return run.steps().get(step);
    }

    /** For snapshots: those behind the last step if the run is over. */
    private int moment() {
        return over ? run.steps().size() : step;
    }

    /** The line of C. */
    public Optional<SourceLine> line() {
        return step().line();
    }

    /** The functions that have called each other, the innermost first. */
    public List<Frame> frames() {
        return run.framesAt(step);
    }

    /**
     * The step at which a function stands: the one that is next, or the call that it made.
     *
     * @param place the function's place in {@link #frames}
     */
    public Step stepOf(int place) {
        if (place == 0) return step();
        var called = frames().get(place - 1);
        return run.steps().get(Math.max(0, callerStep(called)));
    }

    private int callerStep(Frame called) {
        // A tail call takes the place of a function that was called elsewhere.
        var frame = called;
        while (frame.entry() == Frame.Entry.TAIL_CALL) frame = run.frames().get(frame.caller());
        int at = frame.firstStep() - 1;
        // Between two calls of a callback the caller does nothing.
        while (at > 0 && run.steps().get(at).depth() >= frame.depth()) at--;
        return at;
    }

    /** R0 to R10 of a function in {@link #frames}, with what pointers point to. */
    public List<Named> registers(int place) {
        var at = stepOf(place);
        List<Named> all = new ArrayList<>();
        for (int i = 0; i < REGISTERS; i++) {
            long value = at.registers()[i];
            all.add(new Named("r" + i, value, run.pointers().text(at, value)));
        }
        return all;
    }

    /** The bytes of a function's stack, from fp-512 on; none if they are not known. */
    public byte[] stack(int place) {
        return run.snapshots().stack(frames().get(place).number(), moment());
    }

    /** The message's bytes; none if there is no message. */
    public byte[] message() {
        return run.snapshots().message(moment());
    }

    /** The maps that the program refers to. */
    public List<MapState> maps() {
        return run.snapshots().maps(moment()).stream().filter(map -> !map.isData()).toList();
    }

    /** The program's global variables by sections. */
    public List<MapState> globals() {
        return run.snapshots().maps(moment()).stream().filter(MapState::isData).toList();
    }

    /**
     * What has a name: a register, an argument, a field of the context, a global variable, a map or
     * an element of it, and members of these.
     *
     * @param place the function's place in {@link #frames}
     */
    public Optional<String> evaluate(String text, int place) {
        return Expression.value(text, this, place);
    }

    /** The instruction that is next, in the kernel's notation. */
    public String instruction() {
        return print(step().instruction());
    }

    /** An instruction in the kernel's notation. */
    public static String print(Instruction instruction) {
        return new Disassembler(Disassembler.Style.KERNEL, HelperNames::of).print(instruction);
    }
}
