package io.jsockmap.bpf.insn;

import io.jsockmap.bpf.insn.Opcode.Selector;
import io.jsockmap.bpf.insn.Operation.Atomic;
import io.jsockmap.bpf.insn.Operation.Load;
import io.jsockmap.bpf.insn.Operation.LoadImmediate;
import io.jsockmap.bpf.insn.Operation.Store;

import java.util.Optional;

/**
 * One instruction: a row of the table and its operands. Fields that the row does not use are zero.
 *
 * @param opcode the row
 * @param dst destination register, 0 to 10
 * @param src source register, 0 to 10 (not the selector that some rows keep in this field)
 * @param offset signed 16-bit offset of memory or jump
 * @param immediate the 32-bit immediate, sign-extended, or all 64 bits of a {@link LoadImmediate}
 */
public record Instruction(Opcode opcode, int dst, int src, int offset, long immediate) {
    /**
     * The helper that nobody has: a call of it stands where CO-RE found nothing in the target. The
     * number is libbpf's, so a kernel's verifier says of it what people know.
     */
    public static final int NOT_RELOCATED = 0xbad2310;

    public Instruction {
        boolean registers =
                dst >= 0 && dst <= Code.FRAME_POINTER && src >= 0 && src <= Code.FRAME_POINTER;
        if (!registers || offset != (short) offset) {
            throw new IllegalArgumentException(
                    "dst %d, src %d, offset %d".formatted(dst, src, offset));
        }
    }

    /** What it does. */
    public Operation operation() {
        return opcode.operation();
    }

    /** Bytes of memory, from an offset on where a register points to. */
    public record Access(int base, int offset, int size) {}

    /** The memory that it loads from or stores to. */
    public Optional<Access> access() {
        return switch (operation()) {
            case Load(int size, var _) -> access(src, size);
            case Store(int size, var _) -> access(dst, size);
            case Atomic(AtomicOp op, int size) ->
                    access(op == AtomicOp.LOAD_ACQUIRE ? src : dst, size);
            default -> Optional.empty();
        };
    }

    private Optional<Access> access(int base, int size) {
        return Optional.of(new Access(base, offset, size));
    }

    /** How many 8-byte slots it takes: 1, or 2 for a 64-bit immediate. */
    public int slots() {
        return operation() instanceof LoadImmediate ? 2 : 1;
    }

    /** The same with another immediate, as a relocation sets it. */
    public Instruction withImmediate(long value) {
        return new Instruction(opcode, dst, src, offset, value);
    }

    /** The 64-bit immediate that refers to something else, as a relocation makes it. */
    public Instruction referringTo(Operation.ImmediateKind reference, long value) {
        var row = Opcodes.of(new LoadImmediate(reference)).orElseThrow();
        return new Instruction(row, dst, src, offset, value);
    }

    /** A call of a function of the kernel, which nobody offers. */
    public Instruction callingKernel() {
        var row = Opcodes.of(new Operation.Call(Operation.Callee.KFUNC)).orElseThrow();
        return new Instruction(row, 0, 0, 0, 0);
    }

    /** The call that stands where CO-RE found nothing in the target. */
    public static Instruction notRelocated() {
        var row = Opcodes.of(new Operation.Call(Operation.Callee.HELPER)).orElseThrow();
        return new Instruction(row, 0, 0, 0, NOT_RELOCATED);
    }

    int encodedSource() {
        return opcode.selector() == Selector.SOURCE_REGISTER ? opcode.selected() : src;
    }

    int encodedOffset() {
        return opcode.selector() == Selector.OFFSET ? opcode.selected() : offset;
    }

    int encodedImmediate() {
        return opcode.selector() == Selector.IMMEDIATE ? opcode.selected() : (int) immediate;
    }
}
