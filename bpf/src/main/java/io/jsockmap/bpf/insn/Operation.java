package io.jsockmap.bpf.insn;

/**
 * What an instruction does, apart from its operands. A closed set: the interpreter and the printers
 * switch over it.
 *
 * {@snippet class="io.jsockmap.bpf.examples.InstructionExamples" region="operation"}
 */
public sealed interface Operation {

    /** {@code dst = dst op operand}, on 32 or 64 bits. */
    record Alu(AluOp op, int bits, Source source) implements Operation {
        /** What the whole register holds afterwards. */
        public long apply(long a, long b) {
            return bits == Long.SIZE
                    ? op.apply(a, b)
                    : Integer.toUnsignedLong(op.apply((int) a, (int) b));
        }
    }

    /** {@code dst = (s8|s16|s32) src}, the result having 32 or 64 bits. */
    record SignExtend(int from, int bits) implements Operation {}

    /** Byte order of the low {@code width} bits; the rest is cleared. */
    record Swap(Order order, int width) implements Operation {}

    /** {@code dst = *(size *)(src + offset)}; size in bytes. */
    record Load(int size, boolean signed) implements Operation {}

    /** {@code *(size *)(dst + offset) = operand}; size in bytes. */
    record Store(int size, Source source) implements Operation {}

    /** Read, change and write in one step at {@code dst + offset}; size in bytes. */
    record Atomic(AtomicOp op, int size) implements Operation {}

    /** {@code if (dst op operand) goto +offset}, on 32 or 64 bits. */
    record Jump(JumpOp op, int bits, Source source) implements Operation {
        /** Whether it is taken where registers, or one and the immediate, hold that. */
        public boolean holds(long a, long b) {
            int unused = Long.SIZE - bits;
            return op.holds(a << unused >> unused, b << unused >> unused);
        }
    }

    /** {@code goto}: by the offset, or by the immediate where that is too short. */
    record Goto(boolean far) implements Operation {}

    /** Leaves a loop by the offset once the runtime says it has run long enough. */
    record MayGoto() implements Operation {}

    /** A call of what {@link Callee} says the immediate, or the register, names. */
    record Call(Callee callee) implements Operation {}

    /** Return from the function, or from the program. */
    record Exit() implements Operation {}

    /**
     * The instruction of two slots: a 64-bit immediate, or a reference to what the loader knows.
     */
    record LoadImmediate(ImmediateKind reference) implements Operation {}

    /** {@code r0 = skb[...]} of classic BPF; size in bytes. */
    record LegacyLoad(int size, boolean indirect) implements Operation {}

    /** Byte orders of {@link Swap}. */
    enum Order {
        TO_LITTLE("le"),
        TO_BIG("be"),
        REVERSE("bswap");

        final String symbol;

        Order(String symbol) {
            this.symbol = symbol;
        }
    }

    /** Whom a call reaches; the number is that of the source register field (RFC 9669, 4.3.1). */
    enum Callee {
        HELPER(0),
        LOCAL(1),
        KFUNC(2),
        REGISTER(0);

        final int number;

        Callee(int number) {
            this.number = number;
        }
    }

    /** What a 64-bit immediate stands for; the number is that of the source register field. */
    enum ImmediateKind {
        NUMBER(0),
        MAP(1),
        MAP_VALUE(2),
        VARIABLE(3),
        FUNCTION(4),
        MAP_INDEX(5),
        MAP_INDEX_VALUE(6);

        final int number;

        ImmediateKind(int number) {
            this.number = number;
        }

        /** Whether the upper half of the immediate means something too. */
        boolean isWide() {
            return this == NUMBER || this == MAP_VALUE || this == MAP_INDEX_VALUE;
        }
    }
}
