package io.jsockmap.testkit.lint.flow;

import io.jsockmap.bpf.insn.AluOp;
import io.jsockmap.bpf.insn.Operation.Alu;
import io.jsockmap.bpf.insn.Operation.Order;
import io.jsockmap.bpf.insn.Operation.Swap;
import io.jsockmap.testkit.lint.flow.Value.Constant;
import io.jsockmap.testkit.lint.flow.Value.Field;
import io.jsockmap.testkit.lint.flow.Value.Packet;
import io.jsockmap.testkit.lint.flow.Value.Stack;
import io.jsockmap.testkit.lint.flow.Value.Vague;

/** What arithmetic makes of values. What nobody asks for is unknown. */
final class Numbers {
    private static final long LOW = 0xffff_ffffL;

    /** A field that was changed more often is no longer followed. */
    private static final int MOST_STEPS = 4;

    private Numbers() {}

    static Value alu(Alu alu, Value dst, Value operand, int slot) {
        boolean wide = alu.bits() == 64;
        if (alu.op() == AluOp.MOV) return wide ? operand : lowHalf(operand, slot);
        if (dst.isOfStack() || operand.isOfStack()) return ofStack(alu.op(), dst, operand);
        if (wide && isMove(alu.op()) && dst instanceof Packet) return dst;
        if (wide && alu.op() == AluOp.ADD && operand instanceof Packet) return operand;
        if (operand.constant().isEmpty()) return Vague.UNKNOWN;
        long number = operand.constant().getAsLong();
        return switch (dst) {
            case Constant c -> new Constant(alu.apply(c.value(), number), slot);
            case Field field -> changed(alu.op(), wide, field, number);
            default -> Vague.UNKNOWN;
        };
    }

    private static boolean isMove(AluOp op) {
        return op == AluOp.ADD || op == AluOp.SUB;
    }

    private static Value ofStack(AluOp op, Value dst, Value operand) {
        var number = operand.constant();
        if (!isMove(op) || !(dst instanceof Stack(int offset)) || number.isEmpty()) {
            return Vague.SOMEWHERE;
        }
        long at = offset + (op == AluOp.ADD ? number.getAsLong() : -number.getAsLong());
        return at >= -State.FRAME && at <= 0 ? new Stack((int) at) : Vague.SOMEWHERE;
    }

    private static Value lowHalf(Value value, int slot) {
        return switch (value) {
            case Constant c -> new Constant(c.value() & LOW, slot);
            case Field field -> withMask(field, field.text(), field.mask() & LOW, 0);
            // Numbers of helpers are looked at as the 32 bits that the kernel looks at.
            case Value.Result result -> result;
            case Value.OneOf(var values)
                    when values.stream().noneMatch(v -> v.isOfPacket() || v.isOfStack()) ->
                    value;
            default -> Vague.UNKNOWN;
        };
    }

    private static Value changed(AluOp op, boolean wide, Field field, long number) {
        long room = wide ? -1 : LOW;
        long mask = field.mask() & room;
        int shift = (int) number & (wide ? 63 : 31);
        return switch (op) {
            case AND -> {
                long kept = mask & number;
                // What a compiler masks without effect is still the same.
                boolean same = kept == mask;
                yield withMask(
                        field,
                        same ? field.text() : "(%s & 0x%x)".formatted(field.text(), number & room),
                        kept,
                        same ? 0 : 1);
            }
            case LSH ->
                    withMask(
                            field,
                            "(%s << %d)".formatted(field.text(), shift),
                            mask << shift & room,
                            1);
            case RSH ->
                    withMask(field, "(%s >> %d)".formatted(field.text(), shift), mask >>> shift, 1);
            default -> Vague.UNKNOWN;
        };
    }

    static Value swapped(Swap swap, Value value) {
        if (!(value instanceof Field field)) return Vague.UNKNOWN;
        int unused = Long.SIZE - swap.width();
        long mask = field.mask() << unused >>> unused;
        if (swap.order() == Order.TO_LITTLE) return withMask(field, field.text(), mask, 0);
        var name = swap.width() == 16 ? "bpf_ntohs" : swap.width() == 32 ? "bpf_ntohl" : "swap64";
        return withMask(
                field,
                "%s(%s)".formatted(name, field.text()),
                Long.reverseBytes(mask) >>> unused,
                1);
    }

    /** The part of a field that so many bytes of a store have room for. */
    static Value cut(Value value, int size) {
        if (!(value instanceof Field field) || size == Long.BYTES) return value;
        return withMask(field, field.text(), field.mask() & (1L << size * Byte.SIZE) - 1, 0);
    }

    private static Value withMask(Field field, String text, long mask, int more) {
        int steps = field.steps() + more;
        return steps > MOST_STEPS ? Vague.UNKNOWN : new Field(field.name(), text, mask, steps);
    }
}
