package io.jsockmap.testkit.cover;

import io.jsockmap.testkit.source.SourceFiles;

import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The text of a source file: from the file, if it is found and is the one that was compiled, or of
 * those lines that BTF has.
 *
 * @param note why not all lines are there; empty if they are
 */
record SourceText(List<Row> rows, String note) {
    /**
     * A line.
     *
     * @param number from 1
     * @param coverage what was counted; empty where it has no instructions
     */
    record Row(int number, String text, Optional<LineCoverage> coverage) {}

    static SourceText of(FileCoverage file, SourceFiles files) {
        var lines = files.lines(file.name());
        if (lines.isEmpty()) {
            return fromBtf(file, "The file was not found, so only lines with code are shown.");
        }
        return isCompiled(file, lines.get())
                ? new SourceText(rows(file, lines.get()), "")
                : fromBtf(
                        file,
                        "The file was changed since it was compiled, so only lines with code are"
                                + " shown, as they were.");
    }

    /** Whether the lines stand where BTF says; of a file that was changed they mostly don't. */
    private static boolean isCompiled(FileCoverage file, List<String> lines) {
        return file.lines().stream()
                .allMatch(
                        line ->
                                line.number() <= lines.size()
                                        && lines.get(line.number() - 1)
                                                .strip()
                                                .equals(line.text().strip()));
    }

    private static List<Row> rows(FileCoverage file, List<String> lines) {
        var covered = new HashMap<Integer, LineCoverage>();
        file.lines().forEach(line -> covered.put(line.number(), line));
        return IntStream.rangeClosed(1, lines.size())
                .mapToObj(
                        number ->
                                new Row(
                                        number,
                                        lines.get(number - 1),
                                        Optional.ofNullable(covered.get(number))))
                .toList();
    }

    private static SourceText fromBtf(FileCoverage file, String note) {
        return new SourceText(
                file.lines().stream()
                        .map(line -> new Row(line.number(), line.text(), Optional.of(line)))
                        .toList(),
                note);
    }
}
