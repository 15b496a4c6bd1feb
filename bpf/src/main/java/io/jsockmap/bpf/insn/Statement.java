package io.jsockmap.bpf.insn;

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

import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** The forms a line of assembly may have: a pattern each, and what it means. */
final class Statement {
    static final String NO_LABEL = "";

    private static final String NUMBER = "([+-]?\\s*(?:0x[0-9a-fA-F]+|\\d+))";
    private static final String ADDRESS = "\\(?r(\\d+)\\s*" + NUMBER + "\\)?";
    private static final String REGISTER = "([rw])(\\d+)";
    private static final String OPERAND = "([rw]\\d+|[+-]?\\s*(?:0x[0-9a-fA-F]+|\\d+))";
    private static final String TARGET =
            "(?:pc(?=[+-]))?([+-]\\s*(?:0x)?[0-9a-fA-F]+|[A-Za-z_.][\\w.]*)";
    private static final String WHERE = "<.*>";

    private static final List<Form> FORMS =
            List.of(
                    form("exit", (_, _) -> of(new Exit(), 0, 0, 0, 0)),
                    form("callx r(\\d+)", Statement::callRegister),
                    form("call kfunc#(\\d+)@(-?\\d+)", Statement::callKfunc),
                    form("call \\w+#(-?\\d+)", (m, _) -> callHelper(m)),
                    form("call " + NUMBER, (m, _) -> callHelper(m)),
                    form("call " + NUMBER + "\\s*" + WHERE, Statement::callLocal),
                    form("call (?:pc)?" + NUMBER, Statement::callLocal),
                    form("call (?!r\\d)([A-Za-z_.][\\w.]*)", Statement::callLabel),
                    form("gotol " + TARGET, Statement::farGoto),
                    form("goto " + TARGET, (m, _) -> branch(new Goto(false), 0, 0, 0, m.group(1))),
                    form(
                            "may_goto " + TARGET,
                            (m, _) -> branch(new MayGoto(), 0, 0, 0, m.group(1))),
                    form(
                            "if " + REGISTER + " (\\S+) " + OPERAND + " goto " + TARGET,
                            Statement::jump),
                    form(REGISTER + " = -\\s*[rw]\\2", Statement::negate),
                    form(REGISTER + " = \\(s(8|16|32)\\)\\s*[rw](\\d+)", Statement::signExtend),
                    form("[rw](\\d+) = (be|le|bswap)(16|32|64) [rw]\\1", Statement::swap),
                    form("[rw]0 = \\*\\(u(\\d+) \\*\\)skb\\[" + NUMBER + "\\]", Statement::legacy),
                    form(
                            "[rw]0 = \\*\\(u(\\d+) \\*\\)skb\\[r(\\d+)(?:\\s*\\+?\\s*"
                                    + NUMBER
                                    + ")?\\]",
                            Statement::legacyIndirect),
                    form("[rw](\\d+) = \\*\\(([us])(\\d+) \\*\\)" + ADDRESS, Statement::load),
                    form("\\*\\(u(\\d+) \\*\\)" + ADDRESS + " = " + OPERAND, Statement::store),
                    form(
                            "lock \\*\\(u(\\d+) \\*\\)" + ADDRESS + " ([+|&^]=) [rw](\\d+)",
                            Statement::lock),
                    form(
                            "[rw]\\d+ = atomic(?:64)?_(fetch_\\w+|xchg|cmpxchg)\\(\\(u(\\d+) \\*\\)"
                                    + ADDRESS
                                    + ",(?: [rw]0,)? [rw](\\d+)\\)",
                            Statement::atomic),
                    form(
                            "[rw]\\d+ = (xchg|cmpxchg)(?:32)?_(\\d+)\\("
                                    + ADDRESS
                                    + ",(?: [rw]0,)? [rw](\\d+)\\)",
                            Statement::atomic),
                    form(
                            "[rw](\\d+) = load_acquire\\(\\(u(\\d+) \\*\\)" + ADDRESS + "\\)",
                            Statement::loadAcquire),
                    form(
                            "store_release\\(\\(u(\\d+) \\*\\)" + ADDRESS + ", [rw](\\d+)\\)",
                            Statement::storeRelease),
                    form("r(\\d+) = " + NUMBER + " ll", (m, _) -> wideNumber(m, 1, 2)),
                    form("r(\\d+) = map\\[(fd|idx):(\\d+)\\]", Statement::map),
                    form("r(\\d+) = map\\[(fd|idx):(\\d+)\\]\\[0\\]\\+(\\d+)", Statement::mapValue),
                    form("r(\\d+) = btf\\[(\\d+)\\]", (m, _) -> other(m, ImmediateKind.VARIABLE)),
                    form(
                            "r(\\d+) = subprog\\[" + NUMBER + "\\]",
                            (m, _) -> other(m, ImmediateKind.FUNCTION)),
                    form(REGISTER + " (\\S*=) " + OPERAND, Statement::arithmetic));

    private Statement() {}

    /** An instruction, and the label that its offset or immediate must still be computed from. */
    record Parsed(Instruction instruction, String label) {}

    private record Form(Pattern pattern, Builder builder) {}

    private interface Builder {
        /** The instruction, or null if the values have none; code is the opcode byte or -1. */
        Parsed build(MatchResult match, int code);
    }

    private static Form form(String pattern, Builder builder) {
        var spaced = pattern.replace(" ", "\\s*").replace("call\\s*", "call\\s+");
        // llvm-objdump tells a local call from a helper's only by the <symbol> behind it.
        boolean call = pattern.startsWith("call ");
        return new Form(Pattern.compile(spaced + (call ? "" : "(?:\\s*" + WHERE + ")?")), builder);
    }

    /** The meaning of a line without labels and comments, or null if it has none. */
    static Parsed parse(String text, int code) {
        for (var form : FORMS) {
            var match = form.pattern.matcher(text);
            if (!match.matches()) continue;
            var parsed = build(form, match, code);
            if (parsed != null && fits(parsed.instruction)) return parsed;
        }
        return null;
    }

    private static Parsed build(Form form, MatchResult match, int code) {
        try {
            return form.builder.build(match, code);
        } catch (IllegalArgumentException _) {
            return null;
        }
    }

    private static boolean fits(Instruction i) {
        return i.dst() <= Code.FRAME_POINTER
                && i.src() <= Code.FRAME_POINTER
                && i.offset() == (short) i.offset()
                && (i.operation() instanceof LoadImmediate || i.immediate() == (int) i.immediate());
    }

    private static Parsed callRegister(MatchResult m, int code) {
        return of(new Call(Callee.REGISTER), number(m, 1), 0, 0, 0);
    }

    private static Parsed callKfunc(MatchResult m, int code) {
        return of(new Call(Callee.KFUNC), 0, 0, number(m, 2), number(m, 1));
    }

    private static Parsed callHelper(MatchResult m) {
        boolean relative = m.group(1).startsWith("+");
        return relative ? null : of(new Call(Callee.HELPER), 0, 0, 0, number(m, 1));
    }

    private static Parsed callLocal(MatchResult m, int code) {
        return of(new Call(Callee.LOCAL), 0, 0, 0, number(m, 1));
    }

    private static Parsed callLabel(MatchResult m, int code) {
        return new Parsed(of(new Call(Callee.LOCAL), 0, 0, 0, 0).instruction, m.group(1));
    }

    private static Parsed farGoto(MatchResult m, int code) {
        return isNumber(m.group(1))
                ? of(new Goto(true), 0, 0, 0, number(m, 1))
                : new Parsed(of(new Goto(true), 0, 0, 0, 0).instruction, m.group(1));
    }

    private static Parsed jump(MatchResult m, int code) {
        var source = source(m.group(4));
        int src = source == Source.REGISTER ? register(m.group(4)) : 0;
        long immediate = source == Source.IMMEDIATE ? number(m, 4) : 0;
        for (var op : JumpOp.values()) {
            if (!op.symbol.equals(m.group(3))) continue;
            var jump = new Jump(op, bits(m.group(1)), source);
            return branch(jump, number(m, 2), src, immediate, m.group(5));
        }
        return null;
    }

    private static Parsed branch(
            Operation operation, int dst, int src, long immediate, String target) {
        return isNumber(target)
                ? of(operation, dst, src, narrow(target), immediate)
                : new Parsed(of(operation, dst, src, 0, immediate).instruction, target);
    }

    private static Parsed negate(MatchResult m, int code) {
        var negation = new Alu(AluOp.NEG, bits(m.group(1)), Source.IMMEDIATE);
        return of(negation, number(m, 2), 0, 0, 0);
    }

    private static Parsed signExtend(MatchResult m, int code) {
        return of(new SignExtend(number(m, 3), bits(m.group(1))), number(m, 2), number(m, 4), 0, 0);
    }

    private static Parsed swap(MatchResult m, int code) {
        for (var order : Operation.Order.values()) {
            if (!order.symbol.equals(m.group(2))) continue;
            return of(new Swap(order, number(m, 3)), number(m, 1), 0, 0, 0);
        }
        return null;
    }

    private static Parsed legacy(MatchResult m, int code) {
        return of(new LegacyLoad(number(m, 1) / 8, false), 0, 0, 0, number(m, 2));
    }

    private static Parsed legacyIndirect(MatchResult m, int code) {
        int immediate = m.group(3) == null ? 0 : number(m, 3);
        return of(new LegacyLoad(number(m, 1) / 8, true), 0, number(m, 2), 0, immediate);
    }

    private static Parsed load(MatchResult m, int code) {
        var load = new Load(number(m, 3) / 8, m.group(2).equals("s"));
        return of(load, number(m, 1), number(m, 4), number(m, 5), 0);
    }

    private static Parsed store(MatchResult m, int code) {
        var source = source(m.group(4));
        return of(
                new Store(number(m, 1) / 8, source),
                number(m, 2),
                source == Source.REGISTER ? register(m.group(4)) : 0,
                number(m, 3),
                source == Source.IMMEDIATE ? number(m, 4) : 0);
    }

    private static Parsed lock(MatchResult m, int code) {
        for (var op : AtomicOp.values()) {
            if (!op.symbol.equals(m.group(4))) continue;
            var atomic = new Atomic(op, number(m, 1) / 8);
            return of(atomic, number(m, 2), number(m, 5), number(m, 3), 0);
        }
        return null;
    }

    private static Parsed atomic(MatchResult m, int code) {
        var name = m.group(1).replace("fetch_", "");
        for (var op : AtomicOp.values()) {
            if (!op.symbol.equals(name)) continue;
            var atomic = new Atomic(op, number(m, 2) / 8);
            return of(atomic, number(m, 3), number(m, 5), number(m, 4), 0);
        }
        return null;
    }

    private static Parsed loadAcquire(MatchResult m, int code) {
        var atomic = new Atomic(AtomicOp.LOAD_ACQUIRE, number(m, 2) / 8);
        return of(atomic, number(m, 1), number(m, 3), number(m, 4), 0);
    }

    private static Parsed storeRelease(MatchResult m, int code) {
        var atomic = new Atomic(AtomicOp.STORE_RELEASE, number(m, 1) / 8);
        return of(atomic, number(m, 2), number(m, 4), number(m, 3), 0);
    }

    private static Parsed map(MatchResult m, int code) {
        var reference = m.group(2).equals("fd") ? ImmediateKind.MAP : ImmediateKind.MAP_INDEX;
        long place = Integer.toUnsignedLong(number(m, 3));
        return of(new LoadImmediate(reference), number(m, 1), 0, 0, place);
    }

    private static Parsed mapValue(MatchResult m, int code) {
        var reference =
                m.group(2).equals("fd") ? ImmediateKind.MAP_VALUE : ImmediateKind.MAP_INDEX_VALUE;
        long both = Integer.toUnsignedLong(number(m, 3)) | (long) number(m, 4) << 32;
        return of(new LoadImmediate(reference), number(m, 1), 0, 0, both);
    }

    private static Parsed other(MatchResult m, ImmediateKind reference) {
        long low = Integer.toUnsignedLong(number(m, 2));
        return of(new LoadImmediate(reference), number(m, 1), 0, 0, low);
    }

    private static Parsed wideNumber(MatchResult m, int register, int value) {
        var load = new LoadImmediate(ImmediateKind.NUMBER);
        return of(load, number(m, register), 0, 0, number(m.group(value)));
    }

    private static Parsed arithmetic(MatchResult m, int code) {
        var source = source(m.group(4));
        boolean wide =
                code == Opcodes.of(new LoadImmediate(ImmediateKind.NUMBER)).orElseThrow().code();
        if (wide && source == Source.IMMEDIATE) return wideNumber(m, 2, 4);
        for (var op : AluOp.values()) {
            if (!op.symbol.equals(m.group(3))) continue;
            return of(
                    new Alu(op, bits(m.group(1)), source),
                    number(m, 2),
                    source == Source.REGISTER ? register(m.group(4)) : 0,
                    0,
                    source == Source.IMMEDIATE ? number(m, 4) : 0);
        }
        return null;
    }

    private static Parsed of(Operation operation, int dst, int src, int offset, long immediate) {
        return Opcodes.of(operation)
                .map(row -> new Parsed(new Instruction(row, dst, src, offset, immediate), NO_LABEL))
                .orElse(null);
    }

    private static int bits(String registerLetter) {
        return registerLetter.equals("r") ? 64 : 32;
    }

    private static Source source(String operand) {
        char first = operand.charAt(0);
        return first == 'r' || first == 'w' ? Source.REGISTER : Source.IMMEDIATE;
    }

    private static int register(String operand) {
        return Integer.parseInt(operand.substring(1));
    }

    private static boolean isNumber(String target) {
        return target.startsWith("+") || target.startsWith("-");
    }

    /** A number of 32 bits; 0xffffffff is -1, as the kernel prints it. */
    private static int number(MatchResult m, int group) {
        return narrow(m.group(group));
    }

    private static int narrow(String text) {
        long value = number(text);
        if (value < Integer.MIN_VALUE || value > 0xffff_ffffL) {
            throw new NumberFormatException(text + " has more than 32 bits");
        }
        return (int) value;
    }

    private static long number(String text) {
        var digits = text.replaceAll("\\s", "");
        boolean negative = digits.startsWith("-");
        if (negative || digits.startsWith("+")) digits = digits.substring(1);
        long value =
                digits.startsWith("0x")
                        ? Long.parseUnsignedLong(digits.substring(2), 16)
                        : Long.parseUnsignedLong(digits);
        return negative ? -value : value;
    }
}
