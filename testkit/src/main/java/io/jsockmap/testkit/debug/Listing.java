package io.jsockmap.testkit.debug;

import io.jsockmap.bpf.btf.SourceLine;
import io.jsockmap.bpf.program.Program;
import io.jsockmap.testkit.source.SourceFiles;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * The text around a line of C: of the file if it is found, else as BTF has it.
 *
 * {@snippet class="io.jsockmap.testkit.examples.DebugExamples" region="message"}
 */
public final class Listing {
    private final SourceFiles files;

    /**
     * @param files where sources are
     */
    public Listing(SourceFiles files) {
        this.files = files;
    }

    /** Lines of a file by their numbers, those of a program's line information at least. */
    public Map<Integer, String> lines(Program program, String file) {
        Map<Integer, String> all = new TreeMap<>();
        var found = files.lines(file);
        if (found.isPresent()) {
            for (var line : found.get()) all.put(all.size() + 1, line);
            return all;
        }
        program.debug().lines().values().stream()
                .filter(Objects::nonNull)
                .filter(line -> line.file().equals(file))
                .forEach(line -> all.put(line.line(), line.text()));
        return all;
    }

    /** So many lines before and behind one, with a mark at it. */
    public List<String> around(Program program, SourceLine line, int margin) {
        List<String> rows = new ArrayList<>();
        lines(program, line.file())
                .forEach(
                        (number, text) -> {
                            if (Math.abs(number - line.line()) > margin) return;
                            var mark = number == line.line() ? "=>" : "  ";
                            rows.add("%s %4d  %s".formatted(mark, number, text).stripTrailing());
                        });
        return rows;
    }
}
