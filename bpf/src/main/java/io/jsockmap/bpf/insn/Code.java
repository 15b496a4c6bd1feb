package io.jsockmap.bpf.insn;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A run of instructions, addressed by slot as jumps and calls count: a 64-bit immediate takes two
 * slots, and there is nothing at the second.
 *
 * {@snippet class="io.jsockmap.bpf.examples.InstructionExamples" region="assemble"}
 */
public final class Code {
    /** Bytes of a slot. */
    public static final int SLOT = 8;

    /** The highest register; it holds the frame pointer and can't be written. */
    public static final int FRAME_POINTER = 10;

    private static final int SECOND_SLOT_CODE = 0;

    private final Instruction[] slots;

    private Code(Instruction[] slots) {
        this.slots = slots;
    }

    /** The given instructions, one behind the other. */
    public static Code of(List<Instruction> instructions) {
        var slots = new Instruction[instructions.stream().mapToInt(Instruction::slots).sum()];
        int at = 0;
        for (var instruction : instructions) {
            slots[at] = instruction;
            at += instruction.slots();
        }
        return new Code(slots);
    }

    /**
     * Reads the little-endian encoding of RFC 9669, 3.
     *
     * @throws MalformedCodeException naming the slot, if an instruction is unknown, uses a reserved
     *     field, names a register above 10 or is cut off
     */
    public static Code decode(byte[] bytes) {
        if (bytes.length % SLOT != 0) {
            throw new MalformedCodeException(
                    "instruction",
                    bytes.length / SLOT,
                    "cut off after %d of 8 bytes".formatted(bytes.length % SLOT));
        }
        var buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        var slots = new Instruction[bytes.length / SLOT];
        for (int slot = 0; slot < slots.length; slot += slots[slot].slots()) {
            slots[slot] = decode(buffer, slot, slots.length);
        }
        return new Code(slots);
    }

    private static Instruction decode(ByteBuffer buffer, int slot, int count) {
        int at = slot * SLOT;
        int code = Byte.toUnsignedInt(buffer.get(at));
        int dst = buffer.get(at + 1) & 0xf;
        int src = buffer.get(at + 1) >> 4 & 0xf;
        int offset = buffer.getShort(at + 2);
        int immediate = buffer.getInt(at + 4);
        var row = Opcodes.find(code, src, offset, immediate).orElse(null);
        if (row == null) {
            throw malformed(
                    slot,
                    "no such instruction: opcode 0x%02x, src %d, off %d, imm %d",
                    code,
                    src,
                    offset,
                    immediate);
        }
        long wide = immediate;
        if (row.operation() instanceof Operation.LoadImmediate(Operation.ImmediateKind reference)) {
            long high = secondHalf(buffer, slot, count);
            if (high != 0 && !reference.isWide()) throw reserved(slot + 1);
            wide = Integer.toUnsignedLong(immediate) | high << 32;
        }
        boolean sourceSelects = row.selector() == Opcode.Selector.SOURCE_REGISTER;
        checkFields(slot, row, dst, src, offset, immediate);
        return new Instruction(
                row,
                dst,
                sourceSelects ? 0 : src,
                row.selector() == Opcode.Selector.OFFSET ? 0 : offset,
                row.selector() == Opcode.Selector.IMMEDIATE ? 0 : wide);
    }

    private static void checkFields(
            int slot, Opcode row, int dst, int src, int offset, int immediate) {
        boolean clean =
                (row.uses(Field.DST) || dst == 0)
                        && (row.uses(Field.SRC) || src == 0)
                        && (row.uses(Field.OFFSET) || offset == 0)
                        && (row.uses(Field.IMMEDIATE) || immediate == 0);
        if (!clean) throw malformed(slot, "opcode 0x%02x uses reserved fields", row.code());
        int highest = row.selector() == Opcode.Selector.SOURCE_REGISTER ? dst : Math.max(dst, src);
        if (highest > FRAME_POINTER) throw malformed(slot, "R%d is invalid", highest);
    }

    private static long secondHalf(ByteBuffer buffer, int slot, int count) {
        if (slot + 1 >= count) throw malformed(slot, "64-bit immediate cut off");
        int at = (slot + 1) * SLOT;
        if (buffer.getInt(at) != SECOND_SLOT_CODE) throw reserved(slot + 1);
        return buffer.getInt(at + 4);
    }

    private static MalformedCodeException reserved(int slot) {
        return malformed(slot, "second half of a 64-bit immediate uses reserved fields");
    }

    private static MalformedCodeException malformed(int slot, String format, Object... values) {
        return new MalformedCodeException("instruction", slot, format.formatted(values));
    }

    /** The encoding that {@link #decode} reads. */
    public byte[] encode() {
        var buffer = ByteBuffer.allocate(slots.length * SLOT).order(ByteOrder.LITTLE_ENDIAN);
        for (var instruction : slots) {
            if (instruction == null) continue;
            buffer.put((byte) instruction.opcode().code());
            buffer.put((byte) (instruction.encodedSource() << 4 | instruction.dst()));
            buffer.putShort((short) instruction.encodedOffset());
            buffer.putInt(instruction.encodedImmediate());
            if (instruction.slots() == 2) {
                buffer.putInt(SECOND_SLOT_CODE).putInt((int) (instruction.immediate() >> 32));
            }
        }
        return buffer.array();
    }

    /** Number of slots. */
    public int size() {
        return slots.length;
    }

    /** The instruction at a slot; empty in the middle of one and beyond the ends. */
    public Optional<Instruction> at(int slot) {
        return slot < 0 || slot >= slots.length
                ? Optional.empty()
                : Optional.ofNullable(slots[slot]);
    }

    /** A copy of the slots, null at the second half of a 64-bit immediate. */
    public Instruction[] toArray() {
        return slots.clone();
    }

    /** The instructions in order, without the empty slots. */
    public List<Instruction> instructions() {
        return Arrays.stream(slots).filter(i -> i != null).toList();
    }

    /** This code with the other behind it. */
    public Code followedBy(Code other) {
        var joined = Arrays.copyOf(slots, slots.length + other.slots.length);
        System.arraycopy(other.slots, 0, joined, slots.length, other.slots.length);
        return new Code(joined);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Code code && Arrays.equals(slots, code.slots);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(slots);
    }

    @Override
    public String toString() {
        return new Disassembler(Disassembler.Style.KERNEL).print(this);
    }
}
