package io.jsockmap.bpf.insn;

import io.jsockmap.bpf.insn.Operation.Alu;
import io.jsockmap.bpf.insn.Operation.Atomic;
import io.jsockmap.bpf.insn.Operation.Call;
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

import java.util.function.IntFunction;
import java.util.function.LongFunction;

/**
 * Prints instructions as text that {@link Assembler} reads back.
 *
 * {@snippet class="io.jsockmap.bpf.examples.InstructionExamples" region="assemble"}
 */
public final class Disassembler {

    /** Whose habits the text follows. */
    public enum Style {
        /** The verifier log's and bpftool's: {@code (07) r1 += 5}. */
        KERNEL,
        /** llvm-objdump's: {@code r1 += 0x5}. */
        LLVM
    }

    private final Style style;
    private final IntFunction<String> helperNames;
    private final LongFunction<String> kfuncNames;

    public Disassembler(Style style) {
        this(style, _ -> "helper");
    }

    /**
     * @param helperNames the name of a helper by its number, for the kernel's style
     */
    public Disassembler(Style style, IntFunction<String> helperNames) {
        this(style, helperNames, _ -> "");
    }

    /**
     * @param kfuncNames the name of a function of the kernel by its number, or an empty text;
     *     {@link Assembler} does not read names back
     */
    public Disassembler(
            Style style, IntFunction<String> helperNames, LongFunction<String> kfuncNames) {
        this.style = style;
        this.helperNames = helperNames;
        this.kfuncNames = kfuncNames;
    }

    /** All instructions, a line each, with their slots in front. */
    public String print(Code code) {
        var text = new StringBuilder();
        for (int slot = 0; slot < code.size(); slot++) {
            int at = slot;
            code.at(slot).ifPresent(i -> text.append("%4d: %s%n".formatted(at, print(i))));
        }
        return text.toString();
    }

    /** One instruction without its slot. */
    public String print(Instruction i) {
        var text = operation(i);
        return style == Style.KERNEL ? "(%02x) %s".formatted(i.opcode().code(), text) : text;
    }

    private String operation(Instruction i) {
        return switch (i.operation()) {
            case Alu(AluOp op, int bits, Source _) when op == AluOp.NEG ->
                    "%s = -%1$s".formatted(register(i.dst(), bits));
            case Alu(AluOp op, int bits, Source source) ->
                    "%s %s %s"
                            .formatted(
                                    register(i.dst(), bits), op.symbol, operand(i, source, bits));
            case SignExtend(int from, int bits) ->
                    "%s = (s%d)%s"
                            .formatted(register(i.dst(), bits), from, register(i.src(), bits));
            case Swap(Operation.Order order, int width) ->
                    "r%d = %s%d r%1$d".formatted(i.dst(), order.symbol, width);
            case Load(int size, boolean signed) ->
                    "r%d = *(%s%d *)%s"
                            .formatted(i.dst(), signed ? "s" : "u", size * 8, address(i.src(), i));
            case Store(int size, Source source) ->
                    "*(u%d *)%s = %s"
                            .formatted(size * 8, address(i.dst(), i), operand(i, source, 64));
            case Atomic(AtomicOp op, int size) -> atomic(i, op, size);
            case Jump(JumpOp op, int bits, Source source) -> jump(i, op, bits, source);
            case Goto(boolean far) ->
                    far ? "gotol " + target(i.immediate()) : "goto " + target(i.offset());
            case MayGoto _ -> "may_goto " + target(i.offset());
            case Call(Operation.Callee callee) -> call(i, callee);
            case Exit _ -> "exit";
            case LoadImmediate(ImmediateKind reference) -> loadImmediate(i, reference);
            case LegacyLoad(int size, boolean indirect) -> legacyLoad(i, size, indirect);
        };
    }

    private String jump(Instruction i, JumpOp op, int bits, Source source) {
        var right =
                source == Source.IMMEDIATE && style == Style.KERNEL
                        ? "0x%x".formatted((int) i.immediate())
                        : operand(i, source, bits);
        return "if %s %s %s goto %s"
                .formatted(register(i.dst(), bits), op.symbol, right, target(i.offset()));
    }

    private String atomic(Instruction i, AtomicOp op, int size) {
        var where = "(u%d *)%s".formatted(size * 8, address(i.dst(), i));
        return switch (op) {
            case ADD, OR, AND, XOR ->
                    "lock *%s %s %s".formatted(where, op.symbol, atomicRegister(i.src(), size));
            case LOAD_ACQUIRE ->
                    "%s = load_acquire((u%d *)%s)"
                            .formatted(
                                    atomicRegister(i.dst(), size), size * 8, address(i.src(), i));
            case STORE_RELEASE ->
                    "store_release(%s, %s)".formatted(where, atomicRegister(i.src(), size));
            case XCHG, CMPXCHG -> exchange(i, op, size, where);
            default ->
                    "%s = atomic%s_fetch_%s(%s, %1$s)"
                            .formatted(
                                    atomicRegister(i.src(), size),
                                    style == Style.KERNEL && size == 8 ? "64" : "",
                                    op.symbol,
                                    where);
        };
    }

    private String exchange(Instruction i, AtomicOp op, int size, String where) {
        var compared = op == AtomicOp.CMPXCHG ? atomicRegister(0, size) + ", " : "";
        var result = atomicRegister(op == AtomicOp.CMPXCHG ? 0 : i.src(), size);
        var source = atomicRegister(i.src(), size);
        if (style == Style.KERNEL) {
            return "%s = atomic%s_%s(%s, %s%s)"
                    .formatted(result, size == 8 ? "64" : "", op.symbol, where, compared, source);
        }
        var address = address(i.dst(), i);
        return "%s = %s%s(%s, %s%s)"
                .formatted(
                        result,
                        op.symbol,
                        size == 8 ? "_64" : "32_32",
                        address.substring(1, address.length() - 1),
                        compared,
                        source);
    }

    private String call(Instruction i, Operation.Callee callee) {
        return switch (callee) {
            case HELPER ->
                    style == Style.LLVM
                            ? "call " + number(i.immediate())
                            : "call %s#%d"
                                    .formatted(
                                            helperNames.apply((int) i.immediate()), i.immediate());
            case LOCAL ->
                    style == Style.LLVM
                            ? "call %s <local>".formatted(number(i.immediate()))
                            : "call pc%+d".formatted(i.immediate());
            case KFUNC -> callKfunc(i);
            case REGISTER -> "callx r" + i.dst();
        };
    }

    private String callKfunc(Instruction i) {
        var name = kfuncNames.apply(i.immediate());
        long number = unsigned(i.immediate());
        return name.isEmpty()
                ? "call kfunc#%d@%d".formatted(number, i.offset())
                : "call %s#%d".formatted(name, number);
    }

    private String loadImmediate(Instruction i, ImmediateKind reference) {
        long low = unsigned(i.immediate());
        long high = i.immediate() >>> 32;
        return "r%d = "
                .formatted(i.dst())
                .concat(
                        switch (reference) {
                            case NUMBER ->
                                    "0x%x%s"
                                            .formatted(
                                                    i.immediate(),
                                                    style == Style.LLVM ? " ll" : "");
                            case MAP -> "map[fd:%d]".formatted(low);
                            case MAP_INDEX -> "map[idx:%d]".formatted(low);
                            case MAP_VALUE -> "map[fd:%d][0]+%d".formatted(low, high);
                            case MAP_INDEX_VALUE -> "map[idx:%d][0]+%d".formatted(low, high);
                            case VARIABLE -> "btf[%d]".formatted(low);
                            case FUNCTION -> "subprog[%+d]".formatted((int) low);
                        });
    }

    private String legacyLoad(Instruction i, int size, boolean indirect) {
        if (!indirect) {
            return "r0 = *(u%d *)skb[%s]".formatted(size * 8, number(i.immediate()));
        }
        var plus =
                style == Style.LLVM && i.immediate() == 0
                        ? ""
                        : " + %s".formatted(number(i.immediate()));
        return "r0 = *(u%d *)skb[r%d%s]".formatted(size * 8, i.src(), plus);
    }

    private String operand(Instruction i, Source source, int bits) {
        return source == Source.REGISTER ? register(i.src(), bits) : number(i.immediate());
    }

    private String address(int register, Instruction i) {
        if (style == Style.KERNEL) return "(r%d %+d)".formatted(register, i.offset());
        return "(r%d %s 0x%x)"
                .formatted(register, i.offset() < 0 ? "-" : "+", Math.abs(i.offset()));
    }

    private String target(long distance) {
        if (style == Style.KERNEL) return "pc%+d".formatted(distance);
        return (distance < 0 ? "-" : "+") + "0x%x".formatted(Math.abs(distance));
    }

    private String number(long value) {
        if (style == Style.KERNEL) return Long.toString(value);
        return (value < 0 ? "-" : "") + "0x%x".formatted(Math.abs(value));
    }

    private static long unsigned(long immediate) {
        return Integer.toUnsignedLong((int) immediate);
    }

    private String atomicRegister(int register, int size) {
        return register(register, style == Style.LLVM && size < 8 ? 32 : 64);
    }

    private static String register(int register, int bits) {
        return (bits == 64 ? "r" : "w") + register;
    }
}
