package io.jsockmap.bpf.verifier.domain;

import io.jsockmap.bpf.insn.Assembler;
import io.jsockmap.bpf.insn.Instruction;
import io.jsockmap.bpf.insn.Operation.Alu;
import io.jsockmap.bpf.insn.Operation.Jump;
import io.jsockmap.bpf.insn.Operation.LoadImmediate;
import io.jsockmap.bpf.insn.Operation.SignExtend;
import io.jsockmap.bpf.insn.Operation.Swap;
import io.jsockmap.bpf.insn.Source;

import java.util.Arrays;
import java.util.List;

/**
 * A short program, and what the kernel's log says of two registers behind it.
 *
 * @param program statements; {@code if} and {@code unless} go on only where the condition holds, or
 *     does not. All registers hold unknown numbers at the start.
 * @param kernel what the kernel knows of r0 and r7
 * @param expected what we know of them: the same, or more where the row says so
 */
record KernelRow(String program, List<String> kernel, List<String> expected) {
    private static final String UNREACHABLE = "unreachable";

    /** {@code program -> r0 | r7}, and where we know more, {@code => r0 | r7}. */
    static KernelRow parse(String line) {
        String[] parts = line.split(" -> | => ", -1);
        return new KernelRow(parts[0], values(parts[1]), values(parts[parts.length - 1]));
    }

    private static List<String> values(String text) {
        return List.of(text.split(" \\| ", -1));
    }

    /** What we know of r0 and r7. */
    List<String> ours() {
        Bounds[] registers = new Bounds[11];
        Arrays.fill(registers, Bounds.UNKNOWN);
        for (String statement : program.split("; ", -1)) {
            if (!run(registers, statement)) {
                return List.of(UNREACHABLE, UNREACHABLE);
            }
        }
        return List.of(text(registers[0]), text(registers[7]));
    }

    private static String text(Bounds bounds) {
        return bounds.isUnknown() ? "unknown" : bounds.toString();
    }

    /** False if the program does not get any further. */
    private static boolean run(Bounds[] registers, String statement) {
        boolean taken = statement.startsWith("if ");
        boolean jump = taken || statement.startsWith("unless ");
        String text =
                jump ? "if" + statement.substring(statement.indexOf(' ')) + " goto +0" : statement;
        Instruction i = Assembler.assemble(text).instructions().getFirst();
        Bounds dst = registers[i.dst()];
        switch (i.operation()) {
            case Alu(var op, int bits, var source) ->
                    registers[i.dst()] = dst.alu(op, bits, operand(registers, i, source));
            case SignExtend(int from, int bits) ->
                    registers[i.dst()] = registers[i.src()].signExtend(from, bits);
            case Swap(var order, int width) -> registers[i.dst()] = dst.swap(order, width);
            case LoadImmediate _ -> registers[i.dst()] = Bounds.of(i.immediate());
            case Jump(var op, int bits, var source) -> {
                Bounds operand = operand(registers, i, source);
                Branch branch = dst.compare(op, bits, operand);
                var edge = dst.refine(op, taken, bits, operand);
                if (branch == (taken ? Branch.NEVER : Branch.ALWAYS) || edge.isEmpty()) {
                    return false;
                }
                registers[i.dst()] = edge.get().left();
                if (source == Source.REGISTER) {
                    registers[i.src()] = edge.get().right();
                }
            }
            default -> throw new IllegalArgumentException(statement);
        }
        return true;
    }

    private static Bounds operand(Bounds[] registers, Instruction i, Source source) {
        return source == Source.REGISTER ? registers[i.src()] : Bounds.of(i.immediate());
    }

    /** Whether the kernel's words allow all that ours do. */
    static boolean includes(String kernel, String ours) {
        if (kernel.equals(ours)) {
            return true;
        }
        return ours.equals(UNREACHABLE)
                || (!kernel.equals(UNREACHABLE) && parsed(kernel).includes(parsed(ours)));
    }

    private static Bounds parsed(String text) {
        if (text.equals("unknown")) {
            return Bounds.UNKNOWN;
        }
        if (!text.contains("=")) {
            return Bounds.of(number(text));
        }
        var ends = new Ends();
        for (String part : text.split(",", -1)) {
            String[] names = part.split("=", -1);
            for (int i = 0; i < names.length - 1; i++) {
                ends.set(names[i], names[names.length - 1]);
            }
        }
        return ends.bounds();
    }

    private static long number(String text) {
        return text.startsWith("0x")
                ? Long.parseUnsignedLong(text.substring(2), 16)
                : Long.parseLong(text);
    }

    /** What the log leaves out is the widest. */
    private static final class Ends {
        private Tnum bits = Tnum.UNKNOWN;
        private long smin = Long.MIN_VALUE;
        private long smax = Long.MAX_VALUE;
        private long umin;
        private long umax = -1;
        private int s32min = Integer.MIN_VALUE;
        private int s32max = Integer.MAX_VALUE;
        private int u32min;
        private int u32max = -1;

        void set(String name, String text) {
            if (name.equals("var_off")) {
                String[] parts = text.substring(1, text.length() - 1).split("; ", -1);
                bits = new Tnum(number(parts[0]), number(parts[1]));
                return;
            }
            long value = number(text);
            switch (name) {
                case "smin" -> smin = value;
                case "smax" -> smax = value;
                case "umin" -> umin = value;
                case "umax" -> umax = value;
                case "smin32" -> s32min = (int) value;
                case "smax32" -> s32max = (int) value;
                case "umin32" -> u32min = (int) value;
                case "umax32" -> u32max = (int) value;
                default -> throw new IllegalArgumentException(name);
            }
        }

        Bounds bounds() {
            return new Bounds(bits, smin, smax, umin, umax, s32min, s32max, u32min, u32max);
        }
    }
}
