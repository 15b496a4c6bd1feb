package io.jsockmap.testkit.cover;

import java.util.List;

/**
 * A line of C that has instructions.
 *
 * {@snippet class="io.jsockmap.testkit.examples.CoverageExamples" region="untested"}
 *
 * @param number from 1
 * @param text the line as BTF has it, without the spaces around it
 * @param count how often it was executed
 * @param branches its conditional jumps
 */
public record LineCoverage(int number, String text, long count, List<Branch> branches) {
    public LineCoverage {
        branches = List.copyOf(branches);
    }

    /** How many directions of its branches were gone. */
    public int branchesHit() {
        return branches.stream().mapToInt(Branch::hit).sum();
    }

    /** How many directions its branches have. */
    public int branchesFound() {
        return 2 * branches.size();
    }
}
