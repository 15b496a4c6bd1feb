package io.jsockmap.testkit.lint;

import io.jsockmap.bpf.btf.SourceLine;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * Something about an object that its author should know.
 *
 * {@snippet class="io.jsockmap.testkit.examples.LintExamples" region="findings"}
 *
 * @param rule what kind it is
 * @param severity how grave it is here
 * @param program the program it is in, if it is not about the object as a whole
 * @param slot the instruction, if it is about one
 * @param line the instruction's line of C, if the object tells
 * @param why one sentence: what happens, with the names at hand
 * @param fix one sentence: what usually repairs it
 */
public record Finding(
        Rule rule,
        Severity severity,
        Optional<String> program,
        OptionalInt slot,
        Optional<SourceLine> line,
        String why,
        String fix) {

    /** Where a person looks: {@code policy.bpf.c:42}, a program's instruction, or the object. */
    public String place(String object) {
        if (line.isPresent()) {
            var file = line.get().file();
            return "%s:%d".formatted(file.substring(file.lastIndexOf('/') + 1), line.get().line());
        }
        return slot.isPresent() && program.isPresent()
                ? "%s: %s, instruction %d".formatted(object, program.get(), slot.getAsInt())
                : object;
    }

    /** Our page about the rule, from the project's root. */
    public String page() {
        return "docs/lint.md#" + rule.id();
    }
}
