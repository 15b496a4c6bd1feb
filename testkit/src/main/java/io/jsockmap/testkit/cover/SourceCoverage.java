package io.jsockmap.testkit.cover;

import io.jsockmap.testkit.cover.FileCoverage.Share;

import java.util.List;
import java.util.function.Function;

/**
 * Coverage by files of C, merged over programs that have the same code.
 *
 * {@snippet class="io.jsockmap.testkit.examples.CoverageExamples" region="report"}
 *
 * @param files the files by their names
 */
public record SourceCoverage(List<FileCoverage> files) {
    /** Of no line. */
    private static final Share NONE = new Share(0, 0);

    public SourceCoverage {
        files = List.copyOf(files);
    }

    /** Merges what was counted of programs. */
    public static SourceCoverage of(List<ProgramCoverage> programs) {
        var merge = new SourceMerge();
        programs.forEach(merge::add);
        return new SourceCoverage(merge.files());
    }

    /** All lines. */
    public Share lineShare() {
        return sum(FileCoverage::lineShare);
    }

    /** All functions. */
    public Share functionShare() {
        return sum(FileCoverage::functionShare);
    }

    /** The directions of all branches. */
    public Share branchShare() {
        return sum(FileCoverage::branchShare);
    }

    private Share sum(Function<FileCoverage, Share> share) {
        return files.stream().map(share).reduce(NONE, Share::plus);
    }
}
