package io.jsockmap.bpf.insn;

/**
 * A row of the instruction table.
 *
 * {@snippet class="io.jsockmap.bpf.examples.InstructionExamples" region="table"}
 *
 * @param code the opcode byte
 * @param selector the field that tells rows of one opcode byte apart
 * @param selected what that field holds for this row
 * @param operation what it does
 * @param group the conformance group it belongs to
 */
public record Opcode(int code, Selector selector, int selected, Operation operation, Group group) {

    /** The field that chooses between rows of one opcode byte. */
    public enum Selector {
        NONE,
        SOURCE_REGISTER,
        OFFSET,
        IMMEDIATE
    }

    boolean matches(int src, int offset, int immediate) {
        return switch (selector) {
            case NONE -> true;
            case SOURCE_REGISTER -> src == selected;
            case OFFSET -> offset == selected;
            case IMMEDIATE -> immediate == selected;
        };
    }

    /** Whether the field holds an operand here; where it does not it must be zero. */
    boolean uses(Field field) {
        return field.isSelector(selector) || Field.operandsOf(operation).contains(field);
    }
}
