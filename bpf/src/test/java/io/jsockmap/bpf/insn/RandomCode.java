package io.jsockmap.bpf.insn;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** Makes random instructions: every row of the table, with operands that it can encode. */
public final class RandomCode {
    private static final long[] CORNERS = {0, 1, -1, 8, -8, Integer.MAX_VALUE, Integer.MIN_VALUE};

    private static final int[] HELPERS = {
        1, 2, 3, 4, 5, 6, 7, 8, 12, 14, 15, 16, 17, 35, 37, 42, 45, 80, 93, 94, 105, 106, 118, 120,
        123, 149, 165, 169, 170, 171, 172, 177, 181, 182, 197, 201, 202, 203, 208
    };

    /** Places of functions of the kernel that every type has. */
    private static final int KFUNCS = 14;

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

    /** A program of about that many instructions, with more of those that work than of others. */
    public Code runnable(int size) {
        List<Instruction> instructions = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            var row = Opcodes.TABLE.get(random.nextInt(Opcodes.TABLE.size()));
            instructions.add(
                    switch (random.nextInt(8)) {
                        case 0 -> random.nextInt(4) > 0 ? helper() : kfunc();
                        case 1 -> map();
                        case 2 -> address();
                        case 3, 4 -> nearby(row);
                        default -> instruction(row);
                    });
        }
        instructions.add(instruction(Opcodes.of(new Operation.Exit()).orElseThrow()));
        return Code.of(instructions);
    }

    private Instruction helper() {
        return call(Operation.Callee.HELPER, HELPERS[random.nextInt(HELPERS.length)]);
    }

    private Instruction kfunc() {
        return call(Operation.Callee.KFUNC, 1 + random.nextInt(KFUNCS));
    }

    private static Instruction call(Operation.Callee callee, int number) {
        var row = Opcodes.of(new Operation.Call(callee)).orElseThrow();
        return new Instruction(row, 0, 0, 0, number);
    }

    private Instruction map() {
        var reference =
                random.nextBoolean()
                        ? Operation.ImmediateKind.MAP
                        : Operation.ImmediateKind.FUNCTION;
        var row = Opcodes.of(new Operation.LoadImmediate(reference)).orElseThrow();
        return new Instruction(row, random.nextInt(Code.FRAME_POINTER), 0, 0, random.nextInt(5));
    }

    /** A pointer that most likely is one, in a register that helpers look at. */
    private Instruction address() {
        var row = Opcodes.of(new Operation.Alu(AluOp.MOV, 64, Source.REGISTER)).orElseThrow();
        return new Instruction(row, random.nextInt(6), random.nextInt(6, 11), 0, 0);
    }

    /** An instruction whose offset and immediate are small. */
    private Instruction nearby(Opcode row) {
        var i = instruction(row);
        return new Instruction(
                row,
                i.dst() == Code.FRAME_POINTER ? 6 : i.dst(),
                i.src(),
                i.offset() % 16,
                i.immediate() % 16);
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
        if (!(operation instanceof Operation.LoadImmediate(Operation.ImmediateKind reference))) {
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
