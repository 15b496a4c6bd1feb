package io.jsockmap.testkit.debug;

import io.jsockmap.testkit.record.LineVisit;
import io.jsockmap.testkit.record.RecordedRun;
import io.jsockmap.testkit.record.Step;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The runs of a session one after the other, and the ways through them. */
final class Timeline {
    private final List<RecordedRun> runs;
    private final Map<Integer, List<LineVisit>> arrivals = new HashMap<>();
    private final Map<Integer, BitSet> arrivalSteps = new HashMap<>();

    Timeline(List<RecordedRun> runs) {
        this.runs = runs.stream().sorted(Comparator.comparingLong(RecordedRun::number)).toList();
    }

    List<RecordedRun> runs() {
        return runs;
    }

    RecordedRun run(Place place) {
        return runs.get(place.run());
    }

    boolean isOver(Place place) {
        return place.step() >= run(place).steps().size();
    }

    /** The step that is next; of a run that is over the last. */
    int stepOf(Place place) {
        return Math.max(0, Math.min(place.step(), run(place).steps().size() - 1));
    }

    Optional<Step> step(Place place) {
        return isOver(place) ? Optional.empty() : Optional.of(run(place).steps().get(place.step()));
    }

    /** The moment behind one, if there is any. */
    Optional<Place> after(Place place) {
        if (!isOver(place)) return Optional.of(new Place(place.run(), place.step() + 1));
        return place.run() + 1 < runs.size()
                ? Optional.of(new Place(place.run() + 1, 0))
                : Optional.empty();
    }

    /** The moment before one, if there is any. */
    Optional<Place> before(Place place) {
        if (place.step() > 0) return Optional.of(new Place(place.run(), place.step() - 1));
        return place.run() > 0 ? Optional.of(endOf(place.run() - 1)) : Optional.empty();
    }

    Place endOf(int run) {
        return new Place(run, runs.get(run).steps().size());
    }

    /** Where a run comes to a line: all visits but those that go on behind a call of the line. */
    private List<LineVisit> arrivals(int run) {
        return arrivals.computeIfAbsent(run, number -> arrivals(runs.get(number)));
    }

    private static List<LineVisit> arrivals(RecordedRun run) {
        List<LineVisit> all = new ArrayList<>();
        Map<Integer, LineVisit> last = new HashMap<>();
        for (var visit : run.lines()) {
            var before = last.put(visit.frame(), visit);
            if (before == null || !run.goesOn(before, visit)) all.add(visit);
        }
        return all;
    }

    int depth(int run, int step) {
        return runs.get(run).steps().get(step).depth();
    }

    int depth(Place place) {
        return depth(place.run(), stepOf(place));
    }

    /** The next line, in a function no deeper than that; behind the last one the end of the run. */
    Optional<Place> nextLine(Place from, int deepest) {
        if (isOver(from)) return after(from);
        return arrivals(from.run()).stream()
                .mapToInt(LineVisit::firstStep)
                .filter(step -> step > from.step() && depth(from.run(), step) <= deepest)
                .mapToObj(step -> new Place(from.run(), step))
                .findFirst()
                .or(() -> Optional.of(endOf(from.run())));
    }

    /** The start of this line, or of the one before it in a function no deeper than that. */
    Optional<Place> previousLine(Place from, int deepest) {
        if (from.step() == 0) return before(from);
        var place =
                arrivals(from.run()).stream()
                        .mapToInt(LineVisit::firstStep)
                        .filter(step -> step < from.step() && depth(from.run(), step) <= deepest)
                        .max();
        return Optional.of(new Place(from.run(), place.orElse(0)));
    }

    /** Whether the run comes to a line with a step. */
    boolean arrives(Place place) {
        return arrivalSteps.computeIfAbsent(place.run(), this::arrivalSteps).get(place.step());
    }

    private BitSet arrivalSteps(int run) {
        var steps = new BitSet();
        arrivals(run).forEach(visit -> steps.set(visit.firstStep()));
        return steps;
    }

    /** Whether one stops at a moment. */
    boolean holds(Breakpoint breakpoint, Place place) {
        return switch (breakpoint) {
            case Breakpoint.AtLine line -> isAt(line, place);
            case Breakpoint.AtFunction(var name) -> enters(name, place);
            case Breakpoint.AtSlot(var program, int slot) ->
                    step(place)
                            .filter(step -> step.slot() == slot)
                            .filter(s -> program.isEmpty() || s.program().name().equals(program))
                            .isPresent();
            case Breakpoint.AtCall helper ->
                    run(place)
                            .callAt(place.step())
                            .filter(call -> helper.isOf(call.name()))
                            .isPresent();
            case Breakpoint.AtVerdict(var outcome) ->
                    isOver(place) && run(place).ending().outcome() == outcome;
        };
    }

    private boolean isAt(Breakpoint.AtLine breakpoint, Place place) {
        return step(place)
                .flatMap(Step::line)
                .filter(at -> at.line() == breakpoint.line() && breakpoint.isOf(at.file()))
                .filter(_ -> arrives(place))
                .isPresent();
    }

    private boolean enters(String function, Place place) {
        if (isOver(place)) return false;
        var frame = run(place).frameOf(place.step());
        return frame.firstStep() == place.step() && frame.function().equals(function);
    }

    /** Where the function that is running has returned, or its run is over. */
    Place out(Place from) {
        int depth = depth(from);
        var place = from;
        while (!isOver(place) && depth(place) >= depth) {
            place = after(place).orElseThrow();
        }
        return place;
    }

    /** Where the function that is running was called; the run's start for the first one. */
    Place outBack(Place from) {
        var frame = run(from).frameOf(stepOf(from));
        return new Place(from.run(), Math.max(0, frame.firstStep() - 1));
    }
}
