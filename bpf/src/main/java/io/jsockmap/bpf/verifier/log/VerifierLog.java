package io.jsockmap.bpf.verifier.log;

import io.jsockmap.bpf.insn.Operation.Exit;
import io.jsockmap.bpf.program.Program;
import io.jsockmap.bpf.verifier.explore.Exploration;
import io.jsockmap.bpf.verifier.explore.Log;
import io.jsockmap.bpf.verifier.flow.ControlFlow;
import io.jsockmap.bpf.verifier.rule.Statistics;
import io.jsockmap.bpf.verifier.state.State;
import io.jsockmap.bpf.verifier.step.Walk;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;

/**
 * The log of one analysis, in the kernel's format.
 *
 * <ul>
 *   <li>Level 0 collects nothing and costs nothing: every method returns at once.
 *   <li>Level 1 ends up with the instructions of the path that was refused, and the counters: when
 *       another path is taken up, what came behind the place where it went off is taken away.
 *   <li>Level 2 has every path, the functions, and what is live before each instruction.
 * </ul>
 *
 * <p>An exploration tells it what it does ({@link Log}), and nobody else must; whoever verifies
 * writes what comes before and behind:
 *
 * <pre>
 *   var log = VerifierLog.of(level, program);
 *   log.begin(flow);                  // once, when control flow is known
 *   log.accepted();                   // behind each function that was explored, if it is right
 *   log.validating(name, number);     // before a global function is explored by itself
 *   log.validated(name, number);      // behind it, if it is right
 *   log.refused(message);             // the end, if there is a refusal
 *   log.summary(statistics);          // the end, in any case
 *   log.text();
 * </pre>
 *
 * <p>A log has no more than {@value #MOST} characters: beyond that its oldest half goes, as the
 * kernel's does in a buffer that is too small.
 *
 * <p>What the kernel prints besides and this does not: how it finds which numbers are precise,
 * which slots of the stack are live, and how long it took.
 */
public final class VerifierLog implements Log {
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
    private String lastLine = "";
    private Touched touched;
    private final Deque<Long> forks = new ArrayDeque<>();
    private String returning = "";
    private int depth;

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
    private void enter() {
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

    // --- What an exploration tells ---------------------------------------------------------------

    @Override
    public void begins(Walk walk) {
        enter();
    }

    @Override
    public void before(Walk walk) {
        if (!wants()) return;
        instruction(walk.state(), walk.slot());
        depth = walk.state().depth();
        boolean leaves = walk.program().slot(walk.slot()).operation() instanceof Exit && depth > 1;
        returning = leaves ? StateText.of(walk.state()) : "";
        if (leaves) touched = null;
    }

    @Override
    public void after(Walk walk, int next) {
        if (!wants()) return;
        walk.notes().forEach(this::line);
        if (walk.state().depth() > depth) {
            called(walk.state());
        } else if (!returning.isEmpty()) {
            returned(returning, walk.state(), walk.slot(), next);
        } else if (next >= 0) {
            afterwards(walk.state(), next);
        }
    }

    @Override
    public void forks() {
        if (wants()) forks.push(cut + text.length());
    }

    @Override
    public void resumes(Walk walk, int from) {
        if (!wants()) return;
        truncateTo(forks.pop());
        turn(from);
    }

    @Override
    public void known(Walk walk) {
        safe(walk.slot());
    }

    // --- Paths -----------------------------------------------------------------------------------

    /** An instruction is looked at. */
    private void instruction(State before, int slot) {
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
        var here = program.lineOf(slot).map(InstructionText::of).orElse("");
        if (here.isEmpty() || here.equals(lastLine)) return;
        line(here);
        lastLine = here;
    }

    /**
     * An instruction has been looked at: shows what it touched.
     *
     * @param next the slot of the instruction that comes next
     */
    private void afterwards(State after, int next) {
        if (touched == null) return;
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
    private void called(State state) {
        var caller = state.frame(state.depth() - 2);
        line("caller:");
        line(" " + StateText.of(state, caller));
        line("callee:");
        line(" " + StateText.of(state));
        whole = true;
        turned = false;
    }

    /** A function was left. */
    private void returned(String callee, State state, int from, int to) {
        line("returning from callee:");
        line(" " + callee);
        line("to caller at %d:".formatted(to));
        line(" " + StateText.of(state));
        turn(from);
    }

    /**
     * Another path is taken up.
     *
     * @param from the slot of the instruction from which it went off
     */
    private void turn(int from) {
        whole = true;
        turned = true;
        this.from = from;
    }

    /** A path is over: what is known is like something that was known here before. */
    private void safe(int slot) {
        if (!wants()) return;
        if (turned && level == EVERYTHING) {
            line("");
            line("from %d to %d: safe".formatted(from, slot));
        } else {
            line("%d: safe".formatted(slot));
        }
    }

    /** Takes away what came behind a place, unless all paths are to be shown. */
    private void truncateTo(long mark) {
        if (level != 1) return;
        text.setLength((int) Math.max(0, Math.min(text.length(), mark - cut)));
        open = !text.isEmpty() && text.charAt(text.length() - 1) != '\n';
        touched = null;
    }

    // --- Lines -----------------------------------------------------------------------------------

    /** A function was walked to all its ends: what level 1 has of it is of no use. */
    public void accepted() {
        if (wants()) truncateTo(0);
    }

    /** The end: why the program is refused. */
    public void refused(String message) {
        if (wants()) message.lines().forEach(this::line);
    }

    /** The end: what it took. */
    public void summary(Statistics statistics) {
        if (!wants()) return;
        line(
                String.format(
                        Locale.ROOT,
                        "processed %d insns (limit %d) max_states_per_insn %d total_states %d"
                                + " peak_states %d mark_read 0",
                        statistics.instructions(),
                        Exploration.MAX_INSTRUCTIONS,
                        statistics.mostStates(),
                        statistics.states(),
                        statistics.peak()));
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
