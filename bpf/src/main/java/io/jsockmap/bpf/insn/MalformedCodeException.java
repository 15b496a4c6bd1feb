package io.jsockmap.bpf.insn;

import io.jsockmap.bpf.BpfException;
import io.jsockmap.bpf.Errno;

/**
 * Bytes or text that are no instruction.
 *
 * {@snippet class="io.jsockmap.bpf.examples.InstructionExamples" region="assemble"}
 */
public final class MalformedCodeException extends BpfException {
    private static final long serialVersionUID = 1L;

    private final int position;
    private final String problem;

    MalformedCodeException(String unit, int position, String problem) {
        super(Errno.EINVAL, unit + " " + position + ": " + problem);
        this.position = position;
        this.problem = problem;
    }

    /** The slot of the instruction, or the line of the text. */
    public int position() {
        return position;
    }

    /** What is wrong there. */
    public String problem() {
        return problem;
    }
}
