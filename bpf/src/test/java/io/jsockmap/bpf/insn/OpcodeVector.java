package io.jsockmap.bpf.insn;

import io.jsockmap.bpf.ProgramCase;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A case of our own for the instruction table.
 *
 * @param title what it shows
 * @param text the program
 * @param facts by name: memory, after, r0, fault (see programs.txt)
 */
record OpcodeVector(String title, String text, Map<String, String> facts) {
    static List<OpcodeVector> all() {
        List<OpcodeVector> all = new ArrayList<>(programs());
        for (var row : rows("arithmetic.txt")) {
            all.addAll(withBothSources(row, OpcodeVector::arithmetic));
        }
        for (var row : rows("jumps.txt")) all.addAll(withBothSources(row, OpcodeVector::jump));
        return all;
    }

    Code code() {
        return Assembler.assemble(text);
    }

    byte[] memory() {
        return HexFormat.of().parseHex(facts.getOrDefault("memory", ""));
    }

    /** What the memory must hold at the end, where it matters. */
    Optional<byte[]> after() {
        return Optional.ofNullable(facts.get("after")).map(HexFormat.of()::parseHex);
    }

    /** What the program must return, unless it must fault. */
    Optional<Long> result() {
        return Optional.ofNullable(facts.get("r0")).map(OpcodeVector::number);
    }

    String fault() {
        return facts.get("fault");
    }

    private static OpcodeVector arithmetic(String[] row, boolean immediate) {
        var op = row[0];
        char letter = row[1].equals("64") ? 'r' : 'w';
        var operand = immediate ? Long.toString(number(row[3])) : letter + "3";
        var instruction =
                switch (op) {
                    case "neg" -> "%c0 = -%1$c0".formatted(letter);
                    case "s8", "s16", "s32" -> "%c0 = (%s)%1$c3".formatted(letter, op);
                    default ->
                            op.endsWith("=")
                                    ? "%c0 %s %s".formatted(letter, op, operand)
                                    : "r0 = %s r0".formatted(op);
                };
        var text = "r0 = %s ll%nr3 = %s ll%n%s%nexit%n".formatted(row[2], row[3], instruction);
        var title = "%s of %s and %s".formatted(instruction, row[2], row[3]);
        return new OpcodeVector(title, text, Map.of("r0", row[4]));
    }

    private static OpcodeVector jump(String[] row, boolean immediate) {
        char letter = row[1].equals("64") ? 'r' : 'w';
        var operand = immediate ? Long.toString(number(row[3])) : letter + "3";
        var condition = "if %c4 %s %s goto taken".formatted(letter, row[0], operand);
        var text =
                """
                r4 = %s ll
                r3 = %s ll
                r0 = 0
                %s
                exit
                taken:
                r0 = 1
                exit
                """
                        .formatted(row[2], row[3], condition);
        var title = "%s of %s and %s".formatted(condition, row[2], row[3]);
        return new OpcodeVector(title, text, Map.of("r0", row[4].equals("yes") ? "1" : "0"));
    }

    private static List<OpcodeVector> withBothSources(String[] row, Form form) {
        long operand = number(row[3]);
        var byRegister = form.vector(row, false);
        return operand == (int) operand
                ? List.of(byRegister, form.vector(row, true))
                : List.of(byRegister);
    }

    private static List<OpcodeVector> programs() {
        return ProgramCase.of("opcodes/programs.txt").stream()
                .map(c -> new OpcodeVector(c.title(), c.text(), c.facts()))
                .toList();
    }

    private static List<String[]> rows(String file) {
        return ProgramCase.read("opcodes/" + file)
                .lines()
                .filter(line -> !line.startsWith("#"))
                .map(line -> line.split(" +"))
                .toList();
    }

    private static long number(String text) {
        return text.startsWith("0x")
                ? Long.parseUnsignedLong(text.substring(2), 16)
                : Long.parseLong(text);
    }

    @Override
    public String toString() {
        return title;
    }

    private interface Form {
        OpcodeVector vector(String[] row, boolean immediate);
    }
}
