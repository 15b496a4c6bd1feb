package io.jsockmap.bpf.program;

import io.jsockmap.bpf.BpfException;
import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.btf.SourceLine;
import io.jsockmap.bpf.insn.Disassembler;
import io.jsockmap.bpf.insn.Instruction;

import java.util.Optional;

/**
 * A run that was ended because the program did what no program may.
 *
 * {@snippet class="io.jsockmap.bpf.examples.RunExamples" region="fault"}
 */
public final class ProgramFault extends BpfException {
    private static final long serialVersionUID = 1L;

    private final String program;
    private final int slot;
    private final transient SourceLine line;

    public ProgramFault(Program program, int slot, String problem) {
        this(program, slot, problem, null);
    }

    /**
     * @param cause what the machine found; null if that is all in the problem
     */
    public ProgramFault(Program program, int slot, String problem, Throwable cause) {
        super(Errno.EFAULT, describe(program, slot, problem), cause);
        this.program = program.name();
        this.slot = slot;
        this.line = program.lineOf(slot).orElse(null);
    }

    private static String describe(Program program, int slot, String problem) {
        Instruction instruction = program.slot(slot);
        var printed =
                instruction == null
                        ? ""
                        : ", "
                                + new Disassembler(Disassembler.Style.KERNEL, HelperNames::of)
                                        .print(instruction);
        var line = program.lineOf(slot).map(l -> ", at " + l).orElse("");
        return "program %s, instruction %d%s: %s%s"
                .formatted(program.name(), slot, printed, problem, line);
    }

    /** The name of the program. */
    public String program() {
        return program;
    }

    /** The instruction's slot. */
    public int slot() {
        return slot;
    }

    /** The C line, if the object file tells. */
    public Optional<SourceLine> line() {
        return Optional.ofNullable(line);
    }
}
