package io.jsockmap.corpus.fuzz;

import io.jsockmap.bpf.insn.AluOp;
import io.jsockmap.bpf.insn.Code;
import io.jsockmap.bpf.insn.Instruction;
import io.jsockmap.bpf.insn.JumpOp;
import io.jsockmap.bpf.insn.MalformedCodeException;
import io.jsockmap.bpf.insn.Operation;
import io.jsockmap.bpf.insn.Operation.Alu;
import io.jsockmap.bpf.insn.Operation.Jump;
import io.jsockmap.bpf.insn.Operation.Load;
import io.jsockmap.bpf.insn.Operation.Store;
import io.jsockmap.bpf.insn.Source;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** What people get wrong: another register, off by one, another width, a line too few. */
final class Slips {
    private Slips() {}

    /** The same with one or two lines changed. */
    static Draft in(Draft draft, RandomGenerator random) {
        var lines = new ArrayList<>(draft.lines());
        for (int i = random.nextInt(2); i >= 0; i--) {
            int at = random.nextInt(lines.size());
            if (!(lines.get(at) instanceof Line.Op op)) continue;
            if (random.nextInt(6) == 0) {
                lines.remove(at);
            } else {
                var changed = changed(op.instruction(), random);
                if (exists(changed)) lines.set(at, new Line.Op(changed, op.target()));
            }
        }
        return draft.with(lines);
    }

    /** Fields that an instruction does not use must stay as they are. */
    private static boolean exists(Instruction instruction) {
        try {
            Code.decode(Code.of(List.of(instruction)).encode());
            return true;
        } catch (MalformedCodeException _) {
            return false;
        }
    }

    private static Instruction changed(Instruction i, RandomGenerator random) {
        return switch (random.nextInt(4)) {
            case 0 ->
                    new Instruction(
                            i.opcode(),
                            register(random, i.dst()),
                            i.src(),
                            i.offset(),
                            i.immediate());
            case 1 ->
                    new Instruction(
                            i.opcode(),
                            i.dst(),
                            register(random, i.src()),
                            i.offset(),
                            i.immediate());
            case 2 -> number(i, random);
            default -> operation(i, random);
        };
    }

    private static int register(RandomGenerator random, int before) {
        // What has no such register has 0 there, and must keep it.
        return before == 0 && random.nextInt(4) > 0 ? 0 : random.nextInt(10);
    }

    private static Instruction number(Instruction i, RandomGenerator random) {
        int step = new int[] {-1, 1, -8, 8, 4, 2}[random.nextInt(6)];
        return switch (i.operation()) {
            case Load _, Store _, Operation.Atomic _ ->
                    new Instruction(
                            i.opcode(),
                            i.dst(),
                            i.src(),
                            (short) (i.offset() + step),
                            i.immediate());
            case Alu(_, _, var source) when source == Source.IMMEDIATE ->
                    i.withImmediate((int) i.immediate() + step);
            case Jump(_, _, var source) when source == Source.IMMEDIATE ->
                    i.withImmediate((int) i.immediate() + step);
            default -> i;
        };
    }

    private static Instruction operation(Instruction i, RandomGenerator random) {
        var other =
                switch (i.operation()) {
                    case Alu(var op, int bits, var source) when op != AluOp.NEG ->
                            new Alu(op, 96 - bits, source);
                    case Jump(var op, int bits, var source) ->
                            random.nextBoolean()
                                    ? new Jump(op, 96 - bits, source)
                                    : new Jump(any(random), bits, source);
                    case Load(int size, boolean signed) when size < 8 ->
                            new Load(random.nextBoolean() ? size : 1, !signed);
                    case Store(int size, var source) -> new Store(size == 8 ? 4 : size * 2, source);
                    case Operation same -> same;
                };
        return Insns.of(other, i.dst(), i.src(), i.offset(), i.immediate());
    }

    private static JumpOp any(RandomGenerator random) {
        var all = JumpOp.values();
        return all[random.nextInt(all.length)];
    }
}
