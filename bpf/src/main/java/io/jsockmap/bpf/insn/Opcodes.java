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
import io.jsockmap.bpf.insn.Operation.Order;
import io.jsockmap.bpf.insn.Operation.SignExtend;
import io.jsockmap.bpf.insn.Operation.Store;
import io.jsockmap.bpf.insn.Operation.Swap;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The instruction table: every instruction of RFC 9669, and those that Linux added since.
 *
 * {@snippet class="io.jsockmap.bpf.examples.InstructionExamples" region="table"}
 */
public final class Opcodes {
    // Classes (RFC 9669, 3.2).
    private static final int LD = 0x00;
    private static final int LDX = 0x01;
    private static final int ST = 0x02;
    private static final int STX = 0x03;
    private static final int ALU = 0x04;
    private static final int JMP = 0x05;
    private static final int JMP32 = 0x06;
    private static final int ALU64 = 0x07;

    // Modes of loads and stores (RFC 9669, 5).
    private static final int ABS = 0x20;
    private static final int IND = 0x40;
    private static final int MEM = 0x60;
    private static final int MEMSX = 0x80;
    private static final int ATOMIC = 0xc0;

    private static final int END = 0xd0;
    private static final int CALL = 0x80;
    private static final int EXIT = 0x90;
    private static final int MAY_GOTO = 0xe0;

    /** All rows, in the order in which they are defined below. */
    public static final List<Opcode> TABLE = List.copyOf(new Opcodes().rows);

    private static final Map<Integer, List<Opcode>> BY_CODE = byCode();
    private static final Map<Operation, Opcode> BY_OPERATION = byOperation();

    private final List<Opcode> rows = new ArrayList<>();

    private Opcodes() {
        arithmetic();
        moves();
        swaps();
        memory();
        atomics();
        jumps();
        calls();
        immediates();
    }

    /** The row for an encoded instruction, or empty if there is none. */
    static Optional<Opcode> find(int code, int src, int offset, int immediate) {
        return BY_CODE.getOrDefault(code, List.of()).stream()
                .filter(row -> row.matches(src, offset, immediate))
                .findFirst();
    }

    /** The row that does this, or empty: a store of 3 bytes has none. */
    public static Optional<Opcode> of(Operation operation) {
        return Optional.ofNullable(BY_OPERATION.get(operation));
    }

    private void arithmetic() {
        for (int bits : new int[] {64, 32}) {
            var base = bits == 64 ? Group.BASE64 : Group.BASE32;
            var divmul = bits == 64 ? Group.DIVMUL64 : Group.DIVMUL32;
            for (var op : AluOp.values()) {
                var group = op.isDivision() || op == AluOp.MUL ? divmul : base;
                boolean signedPair = op.isDivision() || op == AluOp.MOV;
                for (var source : Source.values()) {
                    if (op == AluOp.NEG && source == Source.REGISTER) continue;
                    add(
                            (bits == 64 ? ALU64 : ALU) | op.code | source.bit,
                            signedPair ? Selector.OFFSET : Selector.NONE,
                            op.isSigned() ? 1 : 0,
                            new Alu(op, bits, source),
                            group);
                }
            }
        }
    }

    private void moves() {
        for (int from : new int[] {8, 16, 32}) {
            int mov = AluOp.MOV.code | Source.REGISTER.bit;
            add(ALU64 | mov, Selector.OFFSET, from, new SignExtend(from, 64), Group.BASE64);
            if (from == 32) continue;
            add(ALU | mov, Selector.OFFSET, from, new SignExtend(from, 32), Group.BASE32);
        }
    }

    private void swaps() {
        for (int width : new int[] {16, 32, 64}) {
            var group = width == 64 ? Group.BASE64 : Group.BASE32;
            swap(ALU | END | Source.IMMEDIATE.bit, Order.TO_LITTLE, width, group);
            swap(ALU | END | Source.REGISTER.bit, Order.TO_BIG, width, group);
            swap(ALU64 | END | Source.IMMEDIATE.bit, Order.REVERSE, width, group);
        }
    }

    private void swap(int code, Order order, int width, Group group) {
        add(code, Selector.IMMEDIATE, width, new Swap(order, width), group);
    }

    private void memory() {
        for (int size : new int[] {1, 2, 4, 8}) {
            var group = size == 8 ? Group.BASE64 : Group.BASE32;
            int bits = sizeBits(size);
            add(LDX | MEM | bits, new Load(size, false), group);
            add(STX | MEM | bits, new Store(size, Source.REGISTER), group);
            add(ST | MEM | bits, new Store(size, Source.IMMEDIATE), group);
            if (size == 8) continue;
            add(LDX | MEMSX | bits, new Load(size, true), Group.BASE64);
            add(LD | ABS | bits, new LegacyLoad(size, false), Group.PACKET);
            add(LD | IND | bits, new LegacyLoad(size, true), Group.PACKET);
        }
    }

    private void atomics() {
        for (var op : AtomicOp.values()) {
            for (int size : op.takesAnySize() ? new int[] {1, 2, 4, 8} : new int[] {4, 8}) {
                var rfc = size == 8 ? Group.ATOMIC64 : Group.ATOMIC32;
                add(
                        STX | ATOMIC | sizeBits(size),
                        Selector.IMMEDIATE,
                        op.immediate,
                        new Atomic(op, size),
                        op.takesAnySize() ? Group.LINUX : rfc);
            }
        }
    }

    private void jumps() {
        for (var op : JumpOp.values()) {
            for (var source : Source.values()) {
                add(JMP | op.code | source.bit, new Jump(op, 64, source), Group.BASE64);
                add(JMP32 | op.code | source.bit, new Jump(op, 32, source), Group.BASE32);
            }
        }
        add(JMP, new Goto(false), Group.BASE32);
        add(JMP32, new Goto(true), Group.BASE32);
        add(JMP | MAY_GOTO, new MayGoto(), Group.LINUX);
    }

    private void calls() {
        for (var callee : List.of(Callee.HELPER, Callee.LOCAL, Callee.KFUNC)) {
            var call = new Call(callee);
            add(JMP | CALL, Selector.SOURCE_REGISTER, callee.number, call, Group.BASE32);
        }
        // Not in the RFC's tables; clang emits it and the conformance suite has it.
        add(JMP | CALL | Source.REGISTER.bit, new Call(Callee.REGISTER), Group.LINUX);
        add(JMP | EXIT, new Exit(), Group.BASE32);
    }

    private void immediates() {
        for (var reference : ImmediateKind.values()) {
            add(
                    LD | sizeBits(8),
                    Selector.SOURCE_REGISTER,
                    reference.number,
                    new LoadImmediate(reference),
                    Group.BASE64);
        }
    }

    private void add(int code, Operation operation, Group group) {
        add(code, Selector.NONE, 0, operation, group);
    }

    private void add(int code, Selector by, int selected, Operation operation, Group group) {
        rows.add(new Opcode(code, by, selected, operation, group));
    }

    private static int sizeBits(int size) {
        return switch (size) {
            case 1 -> 0x10;
            case 2 -> 0x08;
            case 4 -> 0x00;
            default -> 0x18;
        };
    }

    private static Map<Integer, List<Opcode>> byCode() {
        Map<Integer, List<Opcode>> index = new HashMap<>();
        for (var row : TABLE) {
            index.computeIfAbsent(row.code(), _ -> new ArrayList<>()).add(row);
        }
        return index;
    }

    private static Map<Operation, Opcode> byOperation() {
        Map<Operation, Opcode> index = new HashMap<>();
        for (var row : TABLE) index.put(row.operation(), row);
        return index;
    }
}
