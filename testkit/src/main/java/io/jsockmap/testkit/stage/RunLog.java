package io.jsockmap.testkit.stage;

import io.jsockmap.bpf.btf.SourceLine;
import io.jsockmap.bpf.insn.Instruction;
import io.jsockmap.bpf.memory.Region;
import io.jsockmap.bpf.program.ContextRegion;
import io.jsockmap.bpf.program.Program;
import io.jsockmap.bpf.program.ProgramFault;
import io.jsockmap.bpf.program.Run;
import io.jsockmap.bpf.program.RunResult;
import io.jsockmap.bpf.program.RunWatcher;
import io.jsockmap.sockmap.program.SockOps;
import io.jsockmap.sockmap.socket.Message;
import io.jsockmap.sockmap.socket.Sock;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * Notes what runs did: which lines they went through, and which one decided. For one thread.
 *
 * {@snippet class="io.jsockmap.testkit.examples.StageExamples" region="stage"}
 */
public final class RunLog implements RunWatcher {
    private static final int MOST_LINES = 4096;

    /** The kernel's error numbers, as helpers return them. */
    private static final long LARGEST_ERRNO = 4095;

    private final List<RunNote> notes = new ArrayList<>();

    /** Runs that are under way: a redirect may judge once more within a run. */
    private final Deque<Open> open = new ArrayDeque<>();

    private static final class Open {
        private final Program program;
        private final Region context;
        private final List<SourceLine> lines = new ArrayList<>();
        private final List<RunNote.FailedCall> failures = new ArrayList<>();
        private SourceLine last;

        Open(Program program, Region context) {
            this.program = program;
            this.context = context;
        }

        RunNote over(long value, Optional<SourceLine> decided, Optional<ProgramFault> fault) {
            return new RunNote(program, socket(), length(), value, decided, fault, lines, failures);
        }

        private Optional<Sock> socket() {
            if (!(context instanceof ContextRegion<?> region)) return Optional.empty();
            return switch (region.context()) {
                case Message message -> Optional.of(message.socket());
                case SockOps event -> Optional.of(event.socket());
                default -> Optional.empty();
            };
        }

        private int length() {
            boolean isMessage =
                    context instanceof ContextRegion<?> region
                            && region.context() instanceof Message;
            return isMessage ? ((Message) ((ContextRegion<?>) context).context()).length() : 0;
        }
    }

    /** The runs that are over, in the order of their ends. */
    public List<RunNote> notes() {
        return List.copyOf(notes);
    }

    @Override
    public void begins(Run run, Region context) {
        open.push(new Open(run.program(), context));
    }

    @Override
    public void steps(Run run, int depth, int slot, long[] registers) {
        var now = open.element();
        var line = run.program().lineOf(slot).orElse(null);
        // Parts of one line differ by their columns.
        if (line == null || now.last != null && line.place().equals(now.last.place())) return;
        now.last = line;
        if (now.lines.size() < MOST_LINES) now.lines.add(line);
    }

    @Override
    public void called(
            Run run, Instruction instruction, String name, long[] arguments, long result) {
        if (result >= 0 || result < -LARGEST_ERRNO) return;
        var now = open.element();
        now.failures.add(
                new RunNote.FailedCall(name, (int) -result, Optional.ofNullable(now.last)));
    }

    @Override
    public void ends(Run run, RunResult result) {
        notes.add(open.pop().over(result.value(), result.decided(), Optional.empty()));
    }

    @Override
    public void faults(Run run, ProgramFault fault) {
        notes.add(open.pop().over(0, fault.line(), Optional.of(fault)));
    }
}
