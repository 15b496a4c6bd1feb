package io.jsockmap.bpf.verifier.log;

import io.jsockmap.bpf.btf.SourceLine;
import io.jsockmap.bpf.insn.Disassembler;
import io.jsockmap.bpf.program.HelperNames;
import io.jsockmap.bpf.program.Kfunc;
import io.jsockmap.bpf.program.Program;

/**
 * A program's instructions and lines of C, as the kernel's log writes them, with names for what is
 * called. Where the kernel writes a map's address or a kfunc's number in its own types, the map's
 * and the kfunc's place in the program and its type stand here.
 */
public final class InstructionText {
    private final Program program;
    private final Disassembler disassembler;

    public InstructionText(Program program) {
        this.program = program;
        disassembler =
                new Disassembler(
                        Disassembler.Style.KERNEL,
                        HelperNames::of,
                        place -> program.type().kfunc(place).map(Kfunc::name).orElse(""));
    }

    /** An instruction with its slot in front: {@code 3: (85) call bpf_map_lookup_elem#1}. */
    public String at(int slot) {
        return slot + ": " + bare(slot);
    }

    /** An instruction without its slot. */
    public String bare(int slot) {
        var instruction = program.slot(slot);
        return instruction == null ? "no instruction" : disassembler.print(instruction);
    }

    /** A line of C: {@code ; return x; @ file.c:12}. */
    static String of(SourceLine line) {
        int slash = line.file().lastIndexOf('/');
        return "; %s @ %s:%d".formatted(line.text(), line.file().substring(slash + 1), line.line());
    }
}
