package io.jsockmap.testkit.debug;

import io.jsockmap.testkit.record.RecordedRun;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

/**
 * Walks through runs that were recorded, forward and back. Nothing is executed while one walks, so
 * what one sees is what happened. For one thread.
 *
 * {@snippet class="io.jsockmap.testkit.examples.DebugExamples" region="walk"}
 */
public final class Debugger {
    private static final int ANY_DEPTH = Integer.MAX_VALUE;

    private final List<Breakpoint> breakpoints = new ArrayList<>();
    private Session session;
    private Timeline timeline;
    private Place place = Place.START;

    /** Plays the session, and stands at the first step of its first run. */
    public Debugger(Session session) {
        play(session);
    }

    /** Plays another session; breakpoints stay. */
    public void play(Session other) {
        timeline = new Timeline(other.play());
        session = other;
        place = Place.START;
    }

    /** Why one stands where one does. */
    public enum Reason {
        /** A breakpoint is here. */
        BREAKPOINT,
        /** What was asked for is done. */
        STEP,
        /** There is nothing before this. */
        START,
        /** There is nothing behind this. */
        END
    }

    /**
     * Where a walk ended.
     *
     * @param breakpoint the one that is here, if any is
     */
    public record Stop(Reason reason, Optional<Breakpoint> breakpoint) {
        static Stop of(Reason reason) {
            return new Stop(reason, Optional.empty());
        }
    }

    /** Plays the session anew, and stands at its start; breakpoints stay. */
    public void play() {
        play(session);
    }

    /** What is debugged. */
    public Session session() {
        return session;
    }

    /** The runs in the order in which they began. */
    public List<RecordedRun> runs() {
        return timeline.runs();
    }

    /** Whether there is anything to walk through. */
    public boolean isEmpty() {
        return timeline.runs().isEmpty();
    }

    /** Where one stands. */
    public Place place() {
        return place;
    }

    /** What is to be seen there. */
    public View view() {
        return new View(timeline.run(place), timeline.stepOf(place), timeline.isOver(place));
    }

    /** The breakpoints in the order in which they were set. */
    public List<Breakpoint> breakpoints() {
        return List.copyOf(breakpoints);
    }

    /** Sets a breakpoint. */
    public void add(Breakpoint breakpoint) {
        breakpoints.add(breakpoint);
    }

    /** Takes a breakpoint away. */
    public void remove(Breakpoint breakpoint) {
        breakpoints.remove(breakpoint);
    }

    /** Whether any run could stop at a line of a file: whether it has instructions there. */
    public boolean has(Breakpoint.AtLine breakpoint) {
        return runs().stream()
                .flatMap(run -> run.frames().stream())
                .flatMap(frame -> frame.program().debug().lines().values().stream())
                .filter(Objects::nonNull)
                .anyMatch(at -> at.line() == breakpoint.line() && breakpoint.isOf(at.file()));
    }

    /** Whether any program that was run has a function of that name. */
    public boolean hasFunction(String name) {
        return runs().stream()
                .flatMap(run -> run.frames().stream())
                .anyMatch(
                        frame ->
                                frame.function().equals(name)
                                        || frame.program().debug().functions().stream()
                                                .anyMatch(f -> f.name().equals(name)));
    }

    /** To the next breakpoint, or to the end of the last run. */
    public Stop resume() {
        return walk(timeline::after, Reason.END);
    }

    /** To the breakpoint before, or to the start of the first run. */
    public Stop resumeBack() {
        return walk(timeline::before, Reason.START);
    }

    /** As {@link #resume}, but stops at once if a breakpoint is here. */
    public Stop resumeFromHere() {
        return breakpoint()
                .map(at -> new Stop(Reason.BREAKPOINT, Optional.of(at)))
                .orElseGet(this::resume);
    }

    private Stop walk(Function<Place, Optional<Place>> way, Reason atEnd) {
        for (var next = way.apply(place); next.isPresent(); next = way.apply(place)) {
            place = next.get();
            var here = breakpoint();
            if (here.isPresent()) return new Stop(Reason.BREAKPOINT, here);
        }
        return Stop.of(atEnd);
    }

    private Optional<Breakpoint> breakpoint() {
        return breakpoints.stream().filter(b -> timeline.holds(b, place)).findFirst();
    }

    /** To the next line, also of a function that is called. */
    public Stop step() {
        return to(timeline.nextLine(place, ANY_DEPTH), Reason.END);
    }

    /** To the next line of this function, or of the one that called it. */
    public Stop next() {
        return to(timeline.nextLine(place, timeline.depth(place)), Reason.END);
    }

    /** To where this function has returned. */
    public Stop finish() {
        return to(
                timeline.isOver(place) ? timeline.after(place) : Optional.of(timeline.out(place)),
                Reason.END);
    }

    /** To the start of this line, or of the line before. */
    public Stop stepBack() {
        return to(timeline.previousLine(place, ANY_DEPTH), Reason.START);
    }

    /** The same, but not into functions that were called. */
    public Stop nextBack() {
        return to(timeline.previousLine(place, timeline.depth(place)), Reason.START);
    }

    /** To where this function was called. */
    public Stop finishBack() {
        var caller = timeline.outBack(place);
        return to(
                caller.equals(place) ? timeline.before(place) : Optional.of(caller), Reason.START);
    }

    /** To the next instruction. */
    public Stop stepInstruction() {
        return to(timeline.after(place), Reason.END);
    }

    /** To the instruction before. */
    public Stop backInstruction() {
        return to(timeline.before(place), Reason.START);
    }

    private Stop to(Optional<Place> target, Reason otherwise) {
        target.ifPresent(next -> place = next);
        return Stop.of(target.isPresent() ? Reason.STEP : otherwise);
    }
}
