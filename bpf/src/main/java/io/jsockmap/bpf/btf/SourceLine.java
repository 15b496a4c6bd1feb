package io.jsockmap.bpf.btf;

/**
 * Where an instruction comes from in C.
 *
 * @param file the file's name as the compiler saw it
 * @param line from 1
 * @param column from 1, or 0 if unknown
 * @param text the line itself, without the spaces around it
 */
public record SourceLine(String file, int line, int column, String text) {
    @Override
    public String toString() {
        int slash = file.lastIndexOf('/');
        return "%s:%d: %s".formatted(file.substring(slash + 1), line, text);
    }
}
