package io.jsockmap.bpf.insn;

import io.jsockmap.bpf.insn.Opcode.Selector;
import io.jsockmap.bpf.insn.Operation.Alu;
import io.jsockmap.bpf.insn.Operation.Atomic;
import io.jsockmap.bpf.insn.Operation.Call;
import io.jsockmap.bpf.insn.Operation.Callee;
import io.jsockmap.bpf.insn.Operation.Exit;
import io.jsockmap.bpf.insn.Operation.Goto;
import io.jsockmap.bpf.insn.Operation.ImmediateKind;
import io.jsockmap.bpf.insn.Operation.Jump;
import io.jsockmap.bpf.insn.Operation.LegacyLoad;
import io.jsockmap.bpf.insn.Operation.Load;
import io.jsockmap.bpf.insn.Operation.LoadImmediate;
import io.jsockmap.bpf.insn.Operation.MayGoto;
import io.jsockmap.bpf.insn.Operation.SignExtend;
import io.jsockmap.bpf.insn.Operation.Store;
import io.jsockmap.bpf.insn.Operation.Swap;

import java.util.Optional;

/**
 * One instruction: a row of the table and its operands. Fields that the row does not use are zero.
 *
 * {@snippet class="io.jsockmap.bpf.examples.InstructionExamples" region="operation"}
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

    /** R1 to R5. */
    private static final int ARGUMENTS = 0b111110;

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

    /**
     * The registers whose contents count for what it does, a bit each: of a call, all that may be
     * arguments.
     */
    public int registersRead() {
        return switch (operation()) {
            case Alu(AluOp op, int _, Source source) ->
                    (op == AluOp.MOV ? 0 : bit(dst)) | by(source);
            case SignExtend _, Load _ -> bit(src);
            case Swap _ -> bit(dst);
            case Store(int _, Source source) -> bit(dst) | by(source);
            case Atomic(AtomicOp op, int _) ->
                    switch (op) {
                        case LOAD_ACQUIRE -> bit(src);
                        case CMPXCHG -> bit(dst) | bit(src) | bit(0);
                        default -> bit(dst) | bit(src);
                    };
            case Jump(var _, int _, Source source) -> bit(dst) | by(source);
            case Goto _, MayGoto _, LoadImmediate _ -> 0;
            case Call(Callee callee) -> ARGUMENTS | (callee == Callee.REGISTER ? bit(dst) : 0);
            case Exit _ -> bit(0);
            case LegacyLoad(int _, boolean indirect) -> bit(6) | (indirect ? bit(src) : 0);
        };
    }

    private int by(Source source) {
        return source == Source.REGISTER ? bit(src) : 0;
    }

    /** The registers in which its result is afterwards, a bit each; a call clobbers others, too. */
    public int registersWritten() {
        return switch (operation()) {
            case Alu _, SignExtend _, Swap _, Load _, LoadImmediate _ -> bit(dst);
            case Atomic(AtomicOp op, int _) ->
                    switch (op) {
                        case LOAD_ACQUIRE -> bit(dst);
                        case CMPXCHG -> bit(0);
                        default -> op.fetches() ? bit(src) : 0;
                    };
            case Call _, LegacyLoad _ -> bit(0);
            case Store _, Jump _, Goto _, MayGoto _, Exit _ -> 0;
        };
    }

    private static int bit(int register) {
        return 1 << register;
    }

    /** Whether it calls what such a call reaches. */
    public boolean calls(Callee callee) {
        return operation() instanceof Call(var called) && called == callee;
    }

    /** Whether it takes the address of a function of the program. */
    public boolean takesFunction() {
        return operation() instanceof LoadImmediate(var kind) && kind == ImmediateKind.FUNCTION;
    }

    /** Whether it takes the address of a function of the program, or calls one. */
    public boolean namesFunction() {
        return takesFunction() || calls(Callee.LOCAL);
    }

    /** The slot where the function begins that it names; maybe none of the program's. */
    public long functionAt(int slot) {
        return slot + 1 + (long) (int) immediate;
    }

    /** Whether it may go on elsewhere in its function than behind itself. */
    public boolean isJump() {
        return switch (operation()) {
            case Jump _, Goto _, MayGoto _ -> true;
            default -> false;
        };
    }

    /** The slot where it goes on if it jumps; maybe none of the program's. */
    public long jumpTarget(int slot) {
        boolean far = operation() instanceof Goto(boolean by) && by;
        return slot + 1 + (far ? immediate : offset);
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
    public Instruction referringTo(ImmediateKind reference, long value) {
        var row = Opcodes.of(new LoadImmediate(reference)).orElseThrow();
        return new Instruction(row, dst, src, offset, value);
    }

    /** A call of a function of the kernel, which nobody offers. */
    public Instruction callingKernel() {
        var row = Opcodes.of(new Call(Callee.KFUNC)).orElseThrow();
        return new Instruction(row, 0, 0, 0, 0);
    }

    /** The call that stands where CO-RE found nothing in the target. */
    public static Instruction notRelocated() {
        var row = Opcodes.of(new Call(Callee.HELPER)).orElseThrow();
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
