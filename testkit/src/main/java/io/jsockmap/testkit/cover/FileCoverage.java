package io.jsockmap.testkit.cover;

import java.util.List;

/**
 * A source file.
 *
 * {@snippet class="io.jsockmap.testkit.examples.CoverageExamples" region="untested"}
 *
 * @param name its name as the compiler saw it
 * @param functions its functions by their lines
 * @param lines its lines that have instructions, by their numbers
 */
public record FileCoverage(
        String name, List<FunctionCoverage> functions, List<LineCoverage> lines) {
    public FileCoverage {
        functions = List.copyOf(functions);
        lines = List.copyOf(lines);
    }

    /** Its lines. */
    public Share lineShare() {
        return new Share(lines.stream().filter(l -> l.count() > 0).count(), lines.size());
    }

    /** Its functions. */
    public Share functionShare() {
        return new Share(functions.stream().filter(f -> f.count() > 0).count(), functions.size());
    }

    /** The directions of its branches. */
    public Share branchShare() {
        return new Share(
                lines.stream().mapToInt(LineCoverage::branchesHit).sum(),
                lines.stream().mapToInt(LineCoverage::branchesFound).sum());
    }

    /**
     * How many of all were reached.
     *
     * @param hit those that were
     * @param found all
     */
    public record Share(long hit, long found) {
        Share plus(Share other) {
            return new Share(hit + other.hit, found + other.found);
        }

        /** In percent, cut: 100 only if all were reached; 100 of none. */
        public int percent() {
            return found == 0 ? 100 : (int) (100 * hit / found);
        }

        @Override
        public String toString() {
            return found == 0 ? "none" : "%d of %d (%d%%)".formatted(hit, found, percent());
        }
    }
}
