package io.jsockmap.bpf.core;

import io.jsockmap.bpf.insn.Instruction;
import io.jsockmap.bpf.insn.Opcodes;
import io.jsockmap.bpf.insn.Operation;
import io.jsockmap.bpf.insn.Operation.Alu;
import io.jsockmap.bpf.insn.Operation.Atomic;
import io.jsockmap.bpf.insn.Operation.ImmediateKind;
import io.jsockmap.bpf.insn.Operation.Load;
import io.jsockmap.bpf.insn.Operation.LoadImmediate;
import io.jsockmap.bpf.insn.Operation.Store;
import io.jsockmap.bpf.insn.Source;

/** Puts an answer into the instruction that asked. */
final class Patch {
    private final Instruction instruction;
    private final Answer answer;

    Patch(Instruction instruction, Answer answer) {
        this.instruction = instruction;
        this.answer = answer;
    }

    /** Whether it is a load or a store whose size would have to change, and can't. */
    boolean changesMeaning() {
        return instruction.access().isPresent()
                && answer.loaded().filter(s -> differ(s) && !s.harmless()).isPresent();
    }

    private static boolean differ(Answer.Sizes sizes) {
        return sizes.compiled() != sizes.target();
    }

    Instruction make() throws RelocationRefusal {
        return switch (instruction.operation()) {
            case Alu(var _, int bits, Source source) when source == Source.IMMEDIATE ->
                    immediate(bits);
            case LoadImmediate(ImmediateKind kind) when kind == ImmediateKind.NUMBER -> {
                check(instruction.immediate());
                yield instruction.withImmediate(answer.value());
            }
            case Load(int size, boolean signed) -> moved(size, new Load(resized(size), signed));
            case Store(int size, Source source) -> moved(size, new Store(resized(size), source));
            case Atomic(var op, int size) -> moved(size, new Atomic(op, resized(size)));
            default ->
                    throw new RelocationRefusal(
                            "the instruction has neither an offset nor an immediate to change");
        };
    }

    private Instruction immediate(int bits) throws RelocationRefusal {
        check(instruction.immediate());
        long value = answer.value();
        boolean unsigned = bits == Integer.SIZE && value >>> Integer.SIZE == 0;
        if (value != (int) value && !unsigned) {
            throw new RelocationRefusal("%d does not fit into the instruction's 32 bits", value);
        }
        int encoded = (int) value;
        return instruction.withImmediate(encoded);
    }

    private int resized(int size) {
        return answer.loaded()
                .filter(Patch::differ)
                .map(sizes -> (int) sizes.target())
                .orElse(size);
    }

    private Instruction moved(int size, Operation operation) throws RelocationRefusal {
        check(instruction.offset());
        long value = answer.value();
        if (value < 0 || value > Short.MAX_VALUE) {
            throw new RelocationRefusal(
                    "offset %d does not fit into the instruction (at most 32767)", value);
        }
        var sizes = answer.loaded().filter(Patch::differ);
        if (sizes.isPresent() && sizes.get().compiled() != size) {
            throw new RelocationRefusal(
                    "the instruction takes %d bytes at once, and the field's size changes from %d"
                            + " to %d",
                    size, sizes.get().compiled(), sizes.get().target());
        }
        var row =
                Opcodes.of(operation)
                        .orElseThrow(
                                () ->
                                        new RelocationRefusal(
                                                "no instruction takes the field's %d bytes at once",
                                                resized(size)));
        return new Instruction(
                row, instruction.dst(), instruction.src(), (int) value, instruction.immediate());
    }

    private void check(long found) throws RelocationRefusal {
        var expected = answer.compiled();
        if (expected.isEmpty() || expected.getAsLong() == found) return;
        throw new RelocationRefusal(
                "the instruction has %d where the object's own types say %d",
                found, expected.getAsLong());
    }
}
