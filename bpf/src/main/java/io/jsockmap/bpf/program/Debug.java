package io.jsockmap.bpf.program;

import io.jsockmap.bpf.btf.Btf;
import io.jsockmap.bpf.btf.SourceLine;

import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What an object file tells of a program besides its instructions.
 *
 * {@snippet class="io.jsockmap.bpf.examples.ProgramExamples" region="debug"}
 *
 * @param section the section of the object file that it is in; empty if it is in none
 * @param lines source lines by the slot at which they begin; null where none is known
 * @param functions its functions by their places; empty if nothing is known of them
 * @param types the types of the object file
 * @param license what the object file says of its license; the kernel's rules for helpers hang on
 *     it
 * @param notRelocated why, by the slots of instructions that CO-RE had no place for
 */
public record Debug(
        String section,
        NavigableMap<Integer, SourceLine> lines,
        List<Subprogram> functions,
        Optional<Btf> types,
        String license,
        Map<Integer, String> notRelocated) {
    private static final List<String> COMPATIBLE =
            List.of(
                    "GPL",
                    "GPL v2",
                    "GPL and additional rights",
                    "Dual BSD/GPL",
                    "Dual MIT/GPL",
                    "Dual MPL/GPL");

    /** Nothing but a license that allows all helpers. */
    public static final Debug NONE = Debug.of(new TreeMap<>());

    /** Source lines only. */
    public static Debug of(NavigableMap<Integer, SourceLine> lines) {
        return new Debug(lines, List.of(), Optional.empty(), "GPL");
    }

    /** What is known of a program of no section, whose CO-RE relocations all found a place. */
    public Debug(
            NavigableMap<Integer, SourceLine> lines,
            List<Subprogram> functions,
            Optional<Btf> types,
            String license) {
        this("", lines, functions, types, license, Map.of());
    }

    public Debug {
        lines = new TreeMap<>(lines);
        functions = List.copyOf(functions);
        notRelocated = Map.copyOf(notRelocated);
    }

    /** Whether the license is one that the kernel takes as compatible with the GPL. */
    public boolean isGplCompatible() {
        return COMPATIBLE.contains(license);
    }
}
