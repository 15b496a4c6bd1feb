package io.jsockmap.bpf.object;

import io.jsockmap.bpf.MalformedObjectException;
import io.jsockmap.bpf.btf.SourceLine;
import io.jsockmap.bpf.core.CoreRelocation;
import io.jsockmap.bpf.insn.Code;

import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;

/**
 * A function of an object file, not linked.
 *
 * {@snippet class="io.jsockmap.bpf.examples.ObjectExamples" region="references"}
 *
 * @param name its name in C
 * @param section where it lies
 * @param offset bytes from the section's start
 * @param global whether it is seen outside of its file: neither static nor hidden
 * @param type the number of its type in the object's BTF, or 0
 * @param code its instructions
 * @param references what they refer to
 * @param relocations which of them depend on layouts of types
 * @param lines source lines by slot
 * @param problem why it can't be linked, if its instructions are not understood
 */
public record FunctionSpec(
        String name,
        String section,
        int offset,
        boolean global,
        int type,
        Code code,
        List<Reference> references,
        List<CoreRelocation> relocations,
        NavigableMap<Integer, SourceLine> lines,
        Optional<MalformedObjectException> problem) {

    /** What the instruction at a slot refers to. */
    public Optional<Reference> referenceAt(int slot) {
        return references.stream().filter(r -> r.slot() == slot).findFirst();
    }
}
