package io.jsockmap.bpf.btf;

/**
 * Where an instruction comes from in C.
 *
 * {@snippet class="io.jsockmap.bpf.examples.BtfExamples" region="lines"}
 *
 * @param file the file's name as the compiler saw it
 * @param line from 1
 * @param column from 1, or 0 if unknown
 * @param text the line itself, without the spaces around it
 */
public record SourceLine(String file, int line, int column, String text) {
    /** The file without its folders, and the line: {@code policy.bpf.c:42}. */
    public String place() {
        return "%s:%d".formatted(file.substring(file.lastIndexOf('/') + 1), line);
    }

    @Override
    public String toString() {
        return "%s: %s".formatted(place(), text);
    }
}
