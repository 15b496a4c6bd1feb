package io.jsockmap.bpf.conformance;

import io.jsockmap.bpf.insn.Assembler;
import io.jsockmap.bpf.insn.Code;

import java.util.Map;
import java.util.regex.Pattern;

/**
 * Translates the suite's own assembly, {@code add %r0, 1}, to ours line by line. Ours then goes
 * through {@link Assembler}, so the suite tests that too.
 */
final class SuiteDialect {
    private static final Map<String, String> ARITHMETIC =
            Map.ofEntries(
                    Map.entry("add", "+="),
                    Map.entry("sub", "-="),
                    Map.entry("mul", "*="),
                    Map.entry("div", "/="),
                    Map.entry("sdiv", "s/="),
                    Map.entry("mod", "%="),
                    Map.entry("smod", "s%="),
                    Map.entry("or", "|="),
                    Map.entry("and", "&="),
                    Map.entry("xor", "^="),
                    Map.entry("lsh", "<<="),
                    Map.entry("rsh", ">>="),
                    Map.entry("arsh", "s>>="),
                    Map.entry("mov", "="));
    private static final Map<String, String> CONDITIONS =
            Map.ofEntries(
                    Map.entry("jeq", "=="),
                    Map.entry("jne", "!="),
                    Map.entry("jgt", ">"),
                    Map.entry("jge", ">="),
                    Map.entry("jlt", "<"),
                    Map.entry("jle", "<="),
                    Map.entry("jsgt", "s>"),
                    Map.entry("jsge", "s>="),
                    Map.entry("jslt", "s<"),
                    Map.entry("jsle", "s<="),
                    Map.entry("jset", "&"));
    private static final Map<String, Integer> SIZES = Map.of("b", 8, "h", 16, "w", 32, "dw", 64);
    private static final Map<String, String> LOCKED =
            Map.of("add", "+=", "or", "|=", "and", "&=", "xor", "^=");

    private SuiteDialect() {}

    static Code assemble(String text) {
        var ours = new StringBuilder();
        // A jump to "exit" that nobody defines goes to the last exit.
        if (!text.contains("exit:"))
            text = text.replaceFirst("(?s)^(.*\n)?(exit\\s*)$", "$1exit:\n$2");
        for (var line : text.split("\n", -1)) {
            ours.append(translate(line.replaceAll("#.*", "").strip())).append('\n');
        }
        return Assembler.assemble(ours.toString());
    }

    private static String translate(String line) {
        if (line.isEmpty() || line.endsWith(":")) return line;
        var words = line.replace("%r", "r").split("[\\s,]+");
        var op = words[0];
        if (op.equals("exit")) return line;
        if (op.equals("call")) return call(words);
        if (op.equals("ja")) return "goto " + target(words[1]);
        if (op.equals("ja32")) return "gotol " + target(words[1]);
        if (op.equals("lddw")) return "%s = %s ll".formatted(words[1], words[2]);
        if (op.equals("lock")) return lock(words);
        if (op.matches("(le|be|b?swap)(16|32|64)")) {
            return "%s = %s %1$s".formatted(words[1], op.replaceFirst("^swap", "bswap"));
        }
        var movsx = Pattern.compile("movsx(8|16|32)(32|64)").matcher(op);
        if (movsx.matches()) {
            char letter = movsx.group(2).equals("64") ? 'r' : 'w';
            return "%c%s = (s%s)%1$c%s"
                    .formatted(
                            letter, words[1].substring(1), movsx.group(1), words[2].substring(1));
        }
        if (op.startsWith("ldx")) return load(op.substring(3), words);
        if (op.startsWith("st")) return store(op.replaceFirst("^stx?", ""), words);
        if (op.startsWith("j")) return jump(op, words);
        return arithmetic(op, words);
    }

    private static String call(String[] words) {
        if (words[1].equals("local")) return "call " + words[2];
        return words[1].startsWith("r") ? "callx " + words[1] : "call " + words[1];
    }

    private static String load(String suffix, String[] words) {
        boolean signed = suffix.startsWith("s");
        int bits = SIZES.get(signed ? suffix.substring(1) : suffix);
        return "%s = *(%s%d *)%s".formatted(words[1], signed ? "s" : "u", bits, address(words[2]));
    }

    private static String store(String suffix, String[] words) {
        return "*(u%d *)%s = %s".formatted(SIZES.get(suffix), address(words[1]), words[2]);
    }

    private static String jump(String op, String[] words) {
        boolean narrow = op.endsWith("32");
        var condition = CONDITIONS.get(op.replace("32", ""));
        return "if %s %s %s goto %s"
                .formatted(
                        width(words[1], narrow),
                        condition,
                        width(words[2], narrow),
                        target(words[3]));
    }

    private static String arithmetic(String op, String[] words) {
        boolean narrow = op.endsWith("32");
        var name = op.replaceAll("32|64", "");
        var left = width(words[1], narrow);
        if (name.equals("neg")) return "%s = -%1$s".formatted(left);
        return "%s %s %s".formatted(left, ARITHMETIC.get(name), width(words[2], narrow));
    }

    private static String lock(String[] words) {
        boolean fetch = words[1].equals("fetch");
        var op = (fetch ? words[2] : words[1]);
        int at = fetch ? 3 : 2;
        int bits = op.endsWith("32") ? 32 : 64;
        var name = op.replace("32", "");
        var where = "(u%d *)%s".formatted(bits, address(words[at]));
        var register = words[at + 1];
        if (fetch) return "%s = atomic_fetch_%s(%s, %1$s)".formatted(register, name, where);
        return switch (name) {
            case "xchg" -> "%s = atomic_xchg(%s, %1$s)".formatted(register, where);
            case "cmpxchg" -> "r0 = atomic_cmpxchg(%s, r0, %s)".formatted(where, register);
            default -> "lock *%s %s %s".formatted(where, LOCKED.get(name), register);
        };
    }

    private static String width(String operand, boolean narrow) {
        return narrow && operand.startsWith("r") ? "w" + operand.substring(1) : operand;
    }

    private static String address(String bracketed) {
        var inner = bracketed.substring(1, bracketed.length() - 1);
        return inner.matches("r\\d+") ? "(%s + 0)".formatted(inner) : "(%s)".formatted(inner);
    }

    private static String target(String target) {
        return target;
    }
}
