package io.jsockmap.bpf.verifier.log;

import io.jsockmap.bpf.btf.SourceLine;
import io.jsockmap.bpf.program.Program;
import io.jsockmap.bpf.verifier.flow.ControlFlow;
import io.jsockmap.bpf.verifier.state.State;

/**
 * The log of one analysis, in the kernel's format.
 *
 * <ul>
 *   <li>Level 0 collects nothing and costs nothing: every method returns at once.
 *   <li>Level 1 ends up with the instructions of the path that was refused, and the counters: when
 *       a path is over, {@link #truncateTo} takes it away again.
 *   <li>Level 2 has every path, the functions, and what is live before each instruction.
 * </ul>
 *
 * <p>How an exploration calls it, in this order:
 *
 * <pre>
 *   log.begin(flow);                       // once, when control flow is known
 *   log.validating(name, number);          // before a global function is walked by itself
 *   log.enter();                           // before each function is walked from its start
 *
 *   log.instruction(state, slot);          // before the instruction, with the state before it
 *   log.afterwards(state, next);           // behind it, with the state that goes on; not after exit
 *   log.called(state);                     // instead, behind a call of a function: it is entered
 *   log.returning(state);                  // instead, at an exit: before its frame is popped
 *   log.returned(state, from, to);         // and when it was
 *
 *   long mark = log.mark();                // with each path that is put off, right behind the
 *                                          // instruction that forks, before afterwards()
 *   log.truncateTo(mark);                  // when the path so far is over and that one is taken up
 *   log.turn(from);                        // then, before its first instruction
 *   log.safe(slot);                        // a path is over: its state is like one before
 *
 *   log.note(text);                        // a line that belongs behind the instruction
 *   log.validated(name, number);           // behind a global function that is right
 *   log.refused(message);                  // the end, if there is a refusal
 *   log.summary(statistics);               // the end, in any case
 * </pre>
 *
 * <p>A log has no more than {@value #MOST} characters: beyond that its oldest half goes, as the
 * kernel's does in a buffer that is too small.
 *
 * <p>What the kernel prints besides and this does not: how it finds which numbers are precise,
 * which slots of the stack are live, and how long it took.
 */
public final class VerifierLog {
    /** The level that shows everything. */
    public static final int EVERYTHING = 2;

    static final int MOST = 1 << 27;

    private final int level;
    private final Program program;
    private final InstructionText instructions;
    private final StringBuilder text = new StringBuilder();
    private long cut;
    private boolean open;
    private int width;
    private boolean whole = true;
    private boolean turned;
    private int from;
    private SourceLine lastLine;
    private Touched touched;

    private VerifierLog(int level, Program program) {
        this.level = level;
        this.program = program;
        instructions = level > 0 ? new InstructionText(program) : null;
    }

    /**
     * A log.
     *
     * @param level 0, 1 or 2
     * @throws IllegalArgumentException for another level
     */
    public static VerifierLog of(int level, Program program) {
        if (level < 0 || level > EVERYTHING) {
            throw new IllegalArgumentException("log level %d, of 0 to 2".formatted(level));
        }
        return new VerifierLog(level, program);
    }

    /** Whether anything is collected. */
    public boolean wants() {
        return level > 0;
    }

    // --- Functions -------------------------------------------------------------------------------

    /** Shows where functions begin, and which registers are live before each instruction. */
    public void begin(ControlFlow flow) {
        if (level < EVERYTHING) return;
        for (int start : flow.functions().starts()) {
            line("func#%d @%d".formatted(flow.functions().number(start), start));
        }
        line("Live regs before insn:");
        for (int slot = 0; slot < program.code().size(); slot++) {
            if (program.slot(slot) == null) continue;
            var live = letters(flow.liveAt(slot));
            line("    %3d: %s %s".formatted(slot, live, instructions.bare(slot)));
        }
    }

    private static String letters(int registers) {
        var letters = new StringBuilder();
        for (int i = 0; i < 10; i++)
            letters.append((registers >> i & 1) != 0 ? (char) ('0' + i) : '.');
        return letters.toString();
    }

    /** A function is walked from its start. */
    public void enter() {
        whole = true;
        turned = false;
    }

    /** A global function is verified by itself. */
    public void validating(String name, int number) {
        if (wants()) line("Validating %s() func#%d...".formatted(name, number));
    }

    /** A global function is right. */
    public void validated(String name, int number) {
        if (wants()) {
            line(
                    "Func#%d ('%s') is safe for any args that match its prototype"
                            .formatted(number, name));
        }
    }

    // --- Paths -----------------------------------------------------------------------------------

    /** An instruction is looked at. */
    public void instruction(State before, int slot) {
        if (!wants()) return;
        if (whole) state(before, slot);
        source(slot);
        if (open) text.append('\n');
        var line = instructions.at(slot);
        text.append(line);
        width = line.length() + 1;
        open = true;
        touched = new Touched(program, program.slot(slot), before);
    }

    private void state(State state, int slot) {
        var all = StateText.of(state);
        if (turned && level == EVERYTHING) {
            line("");
            line("from %d to %d: %s".formatted(from, slot, all));
        }
        line("%d: %s".formatted(slot, all));
        whole = false;
        turned = false;
    }

    private void source(int slot) {
        var here = program.lineOf(slot).orElse(null);
        if (here == null || here.equals(lastLine)) return;
        line(InstructionText.of(here));
        lastLine = here;
    }

    /**
     * An instruction has been looked at: shows what it touched.
     *
     * @param next the slot of the instruction that comes next
     */
    public void afterwards(State after, int next) {
        if (!wants() || touched == null) return;
        var changes = touched.text(after);
        touched = null;
        if (changes.isEmpty()) return;
        if (!open) {
            line("%d:%s".formatted(next, changes));
            return;
        }
        open = false;
        text.append(" ".repeat(padding(width))).append(';').append(changes.stripTrailing());
        text.append('\n');
    }

    /** Comments stand in column 40, or behind a long instruction in the next multiple of 8. */
    private static int padding(int width) {
        int column = Math.ceilDiv(Math.max(width + 4, 40), 8) * 8;
        return column - width - 1;
    }

    /** A function was called and is entered. */
    public void called(State state) {
        if (!wants()) return;
        var caller = state.frame(state.depth() - 2);
        line("caller:");
        line(" " + StateText.of(state, caller));
        line("callee:");
        line(" " + StateText.of(state));
        whole = true;
        turned = false;
    }

    /** A function is about to be left. */
    public void returning(State state) {
        if (!wants()) return;
        line("returning from callee:");
        line(" " + StateText.of(state));
    }

    /** A function was left. */
    public void returned(State state, int from, int to) {
        if (!wants()) return;
        line("to caller at %d:".formatted(to));
        line(" " + StateText.of(state));
        turn(from);
    }

    /**
     * Another path is taken up.
     *
     * @param from the slot of the instruction from which it went off
     */
    public void turn(int from) {
        if (!wants()) return;
        whole = true;
        turned = true;
        this.from = from;
    }

    /** A path is over: what is known is like something that was known here before. */
    public void safe(int slot) {
        if (!wants()) return;
        if (turned && level == EVERYTHING) {
            line("");
            line("from %d to %d: safe".formatted(from, slot));
        } else {
            line("%d: safe".formatted(slot));
        }
    }

    /** The place of the log where a path goes off. */
    public long mark() {
        return cut + text.length();
    }

    /** Takes away what came behind a place, unless all paths are to be shown. */
    public void truncateTo(long mark) {
        if (level != 1) return;
        text.setLength((int) Math.max(0, Math.min(text.length(), mark - cut)));
        open = !text.isEmpty() && text.charAt(text.length() - 1) != '\n';
        touched = null;
    }

    // --- Lines -----------------------------------------------------------------------------------

    /** A line that belongs behind the instruction. */
    public void note(String line) {
        if (wants()) line(line);
    }

    /** The end: why the program is refused. */
    public void refused(String message) {
        if (wants()) message.lines().forEach(this::line);
    }

    /** The end: what it took. */
    public void summary(Statistics statistics) {
        if (wants()) line(statistics.toString());
    }

    private void line(String line) {
        if (open) text.append('\n');
        open = false;
        text.append(line.stripTrailing()).append('\n');
        if (text.length() > MOST) {
            int half = text.indexOf("\n", text.length() / 2) + 1;
            text.delete(0, half);
            cut += half;
        }
    }

    /** What was collected, each line ended by a newline. */
    public String text() {
        return open ? text + "\n" : text.toString();
    }
}
