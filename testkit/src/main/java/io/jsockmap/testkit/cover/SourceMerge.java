package io.jsockmap.testkit.cover;

import io.jsockmap.bpf.btf.SourceLine;
import io.jsockmap.bpf.insn.Operation.Jump;
import io.jsockmap.bpf.program.Subprogram;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Adds up what was counted of programs, by lines of C. Within a function a line counts as often as
 * its instruction that was executed most, since a line comes in several pieces; over functions and
 * programs counts are added, as each is another way to come there.
 */
final class SourceMerge {
    private final Map<String, Lines> files = new TreeMap<>();

    private static final class Lines {
        final Map<Integer, Line> lines = new TreeMap<>();
        final Map<String, FunctionCoverage> functions = new TreeMap<>();
    }

    private static final class Line {
        final String text;
        final Map<BranchPlace, Branch> branches = new TreeMap<>();
        long count;

        Line(String text) {
            this.text = text;
        }
    }

    private record BranchPlace(int column, int place, String condition)
            implements Comparable<BranchPlace> {
        @Override
        public int compareTo(BranchPlace other) {
            int order = Integer.compare(column, other.column);
            if (order == 0) order = Integer.compare(place, other.place);
            return order == 0 ? condition.compareTo(other.condition) : order;
        }
    }

    private record LinePlace(String file, int line) {}

    void add(ProgramCoverage program) {
        var functions = program.program().debug().functions();
        if (functions.isEmpty()) {
            add(program, 0, program.program().code().size());
            return;
        }
        var starts = functions.stream().mapToInt(Subprogram::start).sorted().toArray();
        for (int i = 0; i < starts.length; i++) {
            int end = i + 1 < starts.length ? starts[i + 1] : program.program().code().size();
            add(program, starts[i], end);
        }
        for (var function : functions) addFunction(program, function);
    }

    private void addFunction(ProgramCoverage program, Subprogram function) {
        var line = program.program().lineOf(function.start());
        if (line.isEmpty()) return;
        linesOf(line.get())
                .functions
                .merge(
                        function.name(),
                        new FunctionCoverage(
                                function.name(),
                                line.get().line(),
                                program.executed(function.start())),
                        (a, b) -> new FunctionCoverage(a.name(), a.line(), a.count() + b.count()));
    }

    private Lines linesOf(SourceLine line) {
        return files.computeIfAbsent(line.file(), _ -> new Lines());
    }

    /** The slots of one function. */
    private void add(ProgramCoverage program, int from, int to) {
        Map<LinePlace, Long> counts = new HashMap<>();
        Map<SourceLine, Integer> jumps = new HashMap<>();
        for (int slot = from; slot < to; slot++) {
            var found = program.program().lineOf(slot);
            if (program.program().slot(slot) == null || found.isEmpty()) continue;
            var line = found.get();
            var known =
                    linesOf(line).lines.computeIfAbsent(line.line(), _ -> new Line(line.text()));
            counts.merge(
                    new LinePlace(line.file(), line.line()), program.executed(slot), Math::max);
            if (program.isBranch(slot)) {
                addBranch(known, line, jumps.merge(line, 1, Integer::sum) - 1, program, slot);
            }
        }
        counts.forEach(
                (place, count) -> files.get(place.file).lines.get(place.line).count += count);
    }

    private static void addBranch(
            Line line, SourceLine place, int order, ProgramCoverage program, int slot) {
        var condition = condition(program, slot);
        var key = new BranchPlace(place.column(), order, condition);
        line.branches.merge(
                key,
                new Branch(
                        key.column,
                        key.place,
                        condition,
                        program.taken(slot),
                        program.notTaken(slot)),
                (a, b) -> a.plus(b.taken(), b.notTaken()));
    }

    /** What a jump asks, without its registers: these differ between copies of the same code. */
    private static String condition(ProgramCoverage program, int slot) {
        return ((Jump) program.program().slot(slot).operation()).op().name();
    }

    List<FileCoverage> files() {
        List<FileCoverage> all = new ArrayList<>();
        files.forEach((name, lines) -> all.add(file(name, lines)));
        return all;
    }

    private static FileCoverage file(String name, Lines lines) {
        List<LineCoverage> covered = new ArrayList<>();
        lines.lines.forEach(
                (number, line) ->
                        covered.add(
                                new LineCoverage(
                                        number,
                                        line.text,
                                        line.count,
                                        List.copyOf(line.branches.values()))));
        var functions =
                lines.functions.values().stream()
                        .sorted(Comparator.comparingInt(FunctionCoverage::line))
                        .toList();
        return new FileCoverage(name, functions, covered);
    }
}
