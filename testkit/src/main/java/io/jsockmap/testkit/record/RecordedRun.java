package io.jsockmap.testkit.record;

import io.jsockmap.bpf.program.Program;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * All that was seen of a run. Immutable.
 *
 * {@snippet class="io.jsockmap.testkit.examples.TraceExamples" region="run"}
 *
 * @param number runs of a recorder are numbered from 1 in the order in which they began
 * @param nesting in how many other runs of its thread it happened
 * @param program the program that was run
 * @param role what it was asked for
 * @param context the fields that the program may read, as they were when the run began
 * @param socket the socket that it ran for
 * @param message the message that it looked at
 * @param steps the instructions in their order; the first ones if there were too many to keep
 * @param executed how many there were
 * @param frames the functions in the order in which they were entered
 * @param calls calls of helpers in the order in which they were made
 * @param printed what the program printed
 * @param ending how it ended
 * @param snapshots what its memory held at each step, if that was recorded
 * @param pointers what its addresses mean
 */
public record RecordedRun(
        long number,
        int nesting,
        Program program,
        Role role,
        List<Named> context,
        Optional<RecordedSocket> socket,
        Optional<RecordedMessage> message,
        List<Step> steps,
        long executed,
        List<Frame> frames,
        List<HelperCall> calls,
        List<Printed> printed,
        Ending ending,
        Snapshots snapshots,
        Pointers pointers) {
    public RecordedRun {
        context = List.copyOf(context);
        steps = List.copyOf(steps);
        frames = List.copyOf(frames);
        calls = List.copyOf(calls);
        printed = List.copyOf(printed);
    }

    /** How many steps were not kept, since there were too many. */
    public long omitted() {
        return executed - steps.size();
    }

    /** The C lines in the order in which the run came to them. */
    public List<LineVisit> lines() {
        List<LineVisit> visits = new ArrayList<>();
        for (int at = 0; at < steps.size(); at++) {
            var line = steps.get(at).line();
            if (line.isEmpty()) continue;
            var visit = new LineVisit(line.get(), steps.get(at).frame(), at, at);
            var last = visits.isEmpty() ? null : visits.getLast();
            boolean goesOn =
                    last != null
                            && last.lastStep() == at - 1
                            && last.frame() == visit.frame()
                            && last.isSameLineAs(visit);
            if (goesOn) {
                visits.removeLast();
                visit = new LineVisit(last.line(), last.frame(), last.firstStep(), at);
            }
            visits.add(visit);
        }
        return visits;
    }

    /** The call that a step made, if it called a helper that came back. */
    public Optional<HelperCall> callAt(int step) {
        return calls.stream().filter(call -> call.step() == step).findFirst();
    }

    /** The function that a step is in. */
    public Frame frameOf(int step) {
        return frames.get(steps.get(step).frame());
    }

    /** A step's function and those that called it, the innermost first. */
    public List<Frame> framesAt(int step) {
        List<Frame> open = new ArrayList<>();
        var frame = frameOf(step);
        open.add(frame);
        while (frame.caller() >= 0) {
            var caller = frames.get(frame.caller());
            // A tail call leaves nothing to come back to.
            if (frame.entry() != Frame.Entry.TAIL_CALL) open.add(caller);
            frame = caller;
        }
        return open;
    }

    @Override
    public String toString() {
        return "run %d of %s: %s".formatted(number, program, ending.text());
    }

    /**
     * Whether a visit goes on with the line of the one before in the same function, back from a
     * function that the line called.
     */
    public boolean goesOn(LineVisit before, LineVisit visit) {
        int step = visit.firstStep();
        return before.isSameLineAs(visit)
                && step > 0
                && steps.get(step - 1).depth() > steps.get(step).depth();
    }
}
