package io.jsockmap.bpf.verifier.rule;

import java.util.List;
import java.util.Optional;

/**
 * What is to be said of a rule.
 *
 * {@snippet class="io.jsockmap.bpf.examples.VerifierExamples" region="explained"}
 *
 * @param title what is wrong, in a few words
 * @param phrases what the kernel's log says, to be searched for
 * @param meaning what the rule asks, and why
 * @param repair the usual repair, in words of C
 * @param example a smallest program; empty where a few instructions can't show it
 */
public record RuleText(
        String title,
        List<String> phrases,
        String meaning,
        String repair,
        Optional<Example> example) {
    public RuleText {
        phrases = List.copyOf(phrases);
    }

    /**
     * A program that breaks the rule, and the same without the mistake.
     *
     * @param type the name of the program type
     * @param license what the object says of its license
     * @param keepsPointers whether the rule is only for those who may not make numbers of pointers
     * @param maps a map each: {@code NAME KIND(key size, value size, entries)}, and {@code
     *     rdonly_prog} or {@code lock@OFFSET} behind it
     * @param refused instructions as {@link io.jsockmap.bpf.insn.Assembler} reads them, with names
     *     of helpers, kfuncs and maps
     * @param fixed the same, repaired
     */
    public record Example(
            String type,
            String license,
            boolean keepsPointers,
            List<String> maps,
            String refused,
            String fixed) {
        public Example {
            maps = List.copyOf(maps);
        }
    }
}
