package io.jsockmap.bpf.insn;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** Makes random instructions: every row of the table, with operands that it can encode. */
public final class RandomCode {
    private static final long[] CORNERS = {0, 1, -1, 8, -8, Integer.MAX_VALUE, Integer.MIN_VALUE};

    private final RandomGenerator random;

    public RandomCode(RandomGenerator random) {
        this.random = random;
    }

    /** A program of about that many instructions. */
    public Code code(int size) {
        List<Instruction> instructions = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            instructions.add(instruction(Opcodes.TABLE.get(random.nextInt(Opcodes.TABLE.size()))));
        }
        return Code.of(instructions);
    }

    /** An instruction of a row. */
    public Instruction instruction(Opcode row) {
        var operands = Field.operandsOf(row.operation());
        return new Instruction(
                row,
                operands.contains(Field.DST) ? register() : 0,
                operands.contains(Field.SRC) ? register() : 0,
                operands.contains(Field.OFFSET) ? (short) number() : 0,
                operands.contains(Field.IMMEDIATE) ? immediate(row.operation()) : 0);
    }

    private long immediate(Operation operation) {
        if (!(operation instanceof Operation.LoadImmediate(Operation.Reference reference))) {
            return (int) number();
        }
        long low = Integer.toUnsignedLong((int) number());
        return reference.isWide() ? low | number() << 32 : low;
    }

    private int register() {
        return random.nextInt(Code.FRAME_POINTER + 1);
    }

    private long number() {
        return switch (random.nextInt(3)) {
            case 0 -> CORNERS[random.nextInt(CORNERS.length)];
            case 1 -> random.nextInt(-16, 17);
            default -> random.nextLong();
        };
    }
}
