package io.jsockmap.testkit.cover;

import io.jsockmap.testkit.source.SourceFiles;

import java.nio.file.Path;

/**
 * Writes coverage in the format of lcov(1), which genhtml and editors read (geninfo(1), "FILES").
 *
 * {@snippet class="io.jsockmap.testkit.examples.CoverageExamples" region="report"}
 */
public final class Lcov {
    private final StringBuilder out = new StringBuilder();
    private final SourceFiles files;

    private Lcov(SourceFiles files) {
        this.files = files;
    }

    /**
     * The text of a tracefile.
     *
     * @param files where sources are: a file that is not found has the name that the compiler saw
     */
    public static String of(SourceCoverage coverage, SourceFiles files) {
        var lcov = new Lcov(files);
        lcov.line("TN:");
        coverage.files().forEach(lcov::file);
        return lcov.out.toString();
    }

    private void line(String format, Object... values) {
        out.append(format.formatted(values)).append('\n');
    }

    private void file(FileCoverage file) {
        line(
                "SF:%s",
                files.find(file.name())
                        .map(Path::toAbsolutePath)
                        .map(Path::toString)
                        .orElse(file.name()));
        for (var function : file.functions()) line("FN:%d,%s", function.line(), function.name());
        for (var function : file.functions()) {
            line("FNDA:%d,%s", function.count(), function.name());
        }
        share("FNF", "FNH", file.functionShare());
        file.lines().forEach(this::branches);
        share("BRF", "BRH", file.branchShare());
        for (var covered : file.lines()) line("DA:%d,%d", covered.number(), covered.count());
        share("LF", "LH", file.lineShare());
        line("end_of_record");
    }

    private void branches(LineCoverage covered) {
        int block = 0;
        for (var branch : covered.branches()) {
            branch(covered, block, 0, branch, branch.taken());
            branch(covered, block, 1, branch, branch.notTaken());
            block++;
        }
    }

    /** A direction of a jump that was never reached has no count but "-". */
    private void branch(LineCoverage covered, int block, int way, Branch branch, long count) {
        boolean reached = branch.hit() > 0;
        line(
                "BRDA:%d,%d,%d,%s",
                covered.number(), block, way, reached ? Long.toString(count) : "-");
    }

    private void share(String found, String hit, FileCoverage.Share share) {
        line("%s:%d", found, share.found());
        line("%s:%d", hit, share.hit());
    }
}
